import type { TraceSpan, TraceView } from '@meshdeck/plugin-mesh-common';

/** Whether a span of the trace is of a namespace; traces of others stay theirs. */
export function concernsNamespace(
  { spans }: TraceView,
  namespace: string,
): boolean {
  return spans.some(span => {
    const own = namespaceOf(span);
    return own === undefined || own === namespace;
  });
}

/** Undefined where the service is named without it. */
function namespaceOf({ service, tags }: TraceSpan): string | undefined {
  const dot = service.lastIndexOf('.');
  return (
    tags['istio.namespace'] ??
    tags['k8s.namespace.name'] ??
    (dot < 0 ? undefined : service.slice(dot + 1))
  );
}

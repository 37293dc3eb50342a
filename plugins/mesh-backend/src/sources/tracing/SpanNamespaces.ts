import type { TraceSpan, TraceView } from '@meshdeck/plugin-mesh-common';

/** Longer names are nobody's, and would be dear to look at. */
const LONGEST_NAME = 500;
/** Envoy's own id as Istio gives it: kind, address, pod and the domain of its namespace. */
const NODE_ID = /^[a-z]+~[^~]*~[^~]*~([a-z0-9-]+)\.svc\./;

/**
 * Says which namespace a span is of. A trace is shown to those in whose namespace one of its spans lies; what a span does
 * not say opens nothing.
 */
export class SpanNamespaces {
  /** @param scheme how services are named in the traces, as `{app}.{namespace}` */
  static create(scheme: string) {
    return new SpanNamespaces(patternOf(scheme));
  }

  private constructor(private readonly pattern: RegExp | undefined) {}

  /** By what Istio or OpenTelemetry says of the place, else by the service's name; undefined where neither tells. */
  of({
    service,
    tags,
  }: Pick<TraceSpan, 'service' | 'tags'>): string | undefined {
    return (
      tags['istio.namespace'] ??
      tags['k8s.namespace.name'] ??
      NODE_ID.exec(tags.node_id ?? '')?.[1] ??
      this.named(service)
    );
  }

  /** The namespace in the name of a service. */
  named(service: string): string | undefined {
    return service.length <= LONGEST_NAME
      ? this.pattern?.exec(service)?.[1]
      : undefined;
  }

  /** Whether a span of the trace is of a namespace. */
  concerns({ spans }: TraceView, namespace: string): boolean {
    return spans.some(span => this.of(span) === namespace);
  }
}

/** Undefined for a scheme from whose names nobody can tell the namespace for certain. */
function patternOf(scheme: string): RegExp | undefined {
  const [before, after, more] = scheme.split('{namespace}');
  if (after === undefined || more !== undefined) {
    return undefined;
  }
  const lastPlace = before.lastIndexOf('}');
  const isTold =
    (lastPlace < 0 || divides(before.slice(lastPlace + 1))) &&
    (!after.includes('{') || divides(after.split('{')[0]));
  return isTold
    ? new RegExp(`^${literally(before)}([a-z0-9-]{1,63})${literally(after)}$`)
    : undefined;
}

/** Of `a-b-c` nobody knows whether it is a in b-c or a-b in c: what stands between the two has to be no letter of a namespace. */
function divides(text: string): boolean {
  return /[^a-z0-9-]/.test(text);
}

function literally(part: string): string {
  return part
    .split(/\{(?:app|service)\}/)
    .map(text => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.+');
}

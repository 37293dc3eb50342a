import type { TraceSpan, TraceView } from '@meshdeck/plugin-mesh-common';
import { criticalSpans } from './criticalPath';

/** A span as a tracing system measured it. */
export interface MeasuredSpan {
  spanId: string;
  parentSpanId?: string;
  operation: string;
  service: string;
  /** Microseconds since 1970. */
  startUs: number;
  durationUs: number;
  tags: Record<string, string>;
}

/** A trace with its spans depth first; undefined for one without spans. */
export function traceView(
  traceId: string,
  measured: readonly MeasuredSpan[],
): TraceView | undefined {
  if (measured.length === 0) {
    return undefined;
  }
  let startUs = Infinity;
  let endUs = -Infinity;
  for (const span of measured) {
    startUs = Math.min(startUs, span.startUs);
    endUs = Math.max(endUs, span.startUs + span.durationUs);
  }
  const known = new Set(measured.map(({ spanId }) => spanId));
  const spans = measured.map((span): TraceSpan => {
    const { spanId, parentSpanId, operation, service, tags } = span;
    return {
      spanId,
      parentSpanId:
        parentSpanId && known.has(parentSpanId) && parentSpanId !== spanId
          ? parentSpanId
          : undefined,
      operation,
      service,
      startMs: (span.startUs - startUs) / 1000,
      durationMs: span.durationUs / 1000,
      error: isError(tags),
      critical: false,
      tags,
    };
  });
  const ordered = depthFirst(spans);
  const critical = criticalSpans(ordered);
  return {
    traceId,
    start: new Date(startUs / 1000).toISOString(),
    durationMs: (endUs - startUs) / 1000,
    spans: ordered.map(span => ({
      ...span,
      critical: critical.has(span.spanId),
    })),
  };
}

function isError(tags: Record<string, string>): boolean {
  return tags.error === 'true' || Number(tags['http.status_code']) >= 500;
}

/** Parents before children, siblings by start; spans in a ring come at the end. */
function depthFirst(spans: TraceSpan[]): TraceSpan[] {
  const children = new Map<string | undefined, TraceSpan[]>();
  for (const span of [...spans].sort((a, b) => a.startMs - b.startMs)) {
    const siblings = children.get(span.parentSpanId) ?? [];
    children.set(span.parentSpanId, siblings);
    siblings.push(span);
  }
  const ordered: TraceSpan[] = [];
  const open = [...(children.get(undefined) ?? [])].reverse();
  while (open.length) {
    const span = open.pop()!;
    ordered.push(span);
    open.push(...[...(children.get(span.spanId) ?? [])].reverse());
  }
  const reached = new Set(ordered);
  return [...ordered, ...spans.filter(span => !reached.has(span))];
}

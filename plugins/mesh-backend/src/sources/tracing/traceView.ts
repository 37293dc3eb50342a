import {
  spanRequest,
  type TraceSpan,
  type TraceView,
} from '@meshdeck/plugin-mesh-common';
import { criticalSpans } from './criticalPath';
import { failuresOf } from './failures';
import { plausibleSpans, Timed } from './plausibleSpans';

/** A span as a tracing system measured it. */
export interface MeasuredSpan extends Timed {
  spanId: string;
  parentSpanId?: string;
  operation: string;
  service: string;
  tags: Record<string, string>;
}

/** What of a trace can be drawn. */
export interface ReadTrace {
  /** Undefined where no span is left. */
  view?: TraceView;
  /** How many spans have impossible times, or are none at all. */
  omittedSpans: number;
}

/** A trace with its spans depth first. What could not be read as a span is undefined. */
export function traceView(
  traceId: string,
  spans: readonly (MeasuredSpan | undefined)[],
): ReadTrace {
  const measured = plausibleSpans(spans.filter(span => span !== undefined));
  const omittedSpans = spans.length - measured.length;
  if (measured.length === 0) {
    return { omittedSpans };
  }
  const view = drawn(traceId, measured);
  return {
    view: omittedSpans > 0 ? { ...view, omittedSpans } : view,
    omittedSpans,
  };
}

function drawn(traceId: string, measured: readonly MeasuredSpan[]): TraceView {
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
  const { failed, failure } = failuresOf(ordered);
  return {
    traceId,
    start: new Date(startUs / 1000).toISOString(),
    durationMs: (endUs - startUs) / 1000,
    spans: ordered.map(span => ({
      ...span,
      critical: critical.has(span.spanId),
      ...(span.error && { failed: failed.get(span.spanId) }),
    })),
    ...(failure && { failure }),
  };
}

function isError(tags: Record<string, string>): boolean {
  return tags.error === 'true' || (spanRequest(tags).status ?? 0) >= 500;
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
    // One by one: a call takes only so many arguments.
    for (const child of [...(children.get(span.spanId) ?? [])].reverse()) {
      open.push(child);
    }
  }
  const reached = new Set(ordered);
  return [...ordered, ...spans.filter(span => !reached.has(span))];
}

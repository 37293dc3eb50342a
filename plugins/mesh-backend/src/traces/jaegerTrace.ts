import type {
  TraceSpan,
  TraceSummary,
  TraceView,
} from '@meshdeck/plugin-mesh-common';
import { criticalSpans } from './criticalPath';

/** A span as Jaeger's query service gives it; times in microseconds. */
export interface JaegerSpan {
  traceID: string;
  spanID: string;
  operationName: string;
  references?: { refType: string; spanID: string }[];
  startTime: number;
  duration: number;
  tags?: { key: string; value: unknown }[];
  processID: string;
}

export interface JaegerTrace {
  traceID: string;
  spans: JaegerSpan[];
  processes: Record<string, { serviceName: string }>;
}

/**
 * One line of a list, as the service sees it: operation and status are those of its own first span; undefined for a
 * trace without spans.
 */
export function summaryOf(
  trace: JaegerTrace,
  serviceName: string,
): TraceSummary | undefined {
  const view = traceViewOf(trace);
  const own =
    view?.spans.find(({ service }) => service === serviceName) ??
    view?.spans[0];
  if (!view || !own) {
    return undefined;
  }
  const status = Number(own.tags['http.status_code']);
  return {
    traceId: view.traceId,
    start: view.start,
    operation: own.operation,
    durationMs: view.durationMs,
    spans: view.spans.length,
    services: [...new Set(view.spans.map(span => span.service))],
    outcome: view.spans.some(span => span.error) ? 'error' : 'ok',
    status: Number.isFinite(status) && status > 0 ? status : undefined,
  };
}

/** A trace with its spans depth first; undefined for one without spans. */
export function traceViewOf(trace: JaegerTrace): TraceView | undefined {
  const spans = Array.isArray(trace?.spans) ? trace.spans : [];
  if (spans.length === 0) {
    return undefined;
  }
  const start = Math.min(...spans.map(span => span.startTime));
  const end = Math.max(...spans.map(span => span.startTime + span.duration));
  const known = new Set(spans.map(span => span.spanID));
  const parentOf = (span: JaegerSpan) => {
    const parent = span.references?.find(
      reference => reference.refType === 'CHILD_OF',
    )?.spanID;
    return parent && known.has(parent) && parent !== span.spanID
      ? parent
      : undefined;
  };
  const converted = spans.map((span): TraceSpan => {
    const tags = tagsOf(span);
    return {
      spanId: span.spanID,
      parentSpanId: parentOf(span),
      operation: span.operationName,
      service: trace.processes?.[span.processID]?.serviceName ?? 'unknown',
      startMs: (span.startTime - start) / 1000,
      durationMs: span.duration / 1000,
      error: isError(tags),
      critical: false,
      tags,
    };
  });
  const ordered = depthFirst(converted);
  const critical = criticalSpans(ordered);
  return {
    traceId: trace.traceID,
    start: new Date(start / 1000).toISOString(),
    durationMs: (end - start) / 1000,
    spans: ordered.map(span => ({
      ...span,
      critical: critical.has(span.spanId),
    })),
  };
}

function tagsOf(span: JaegerSpan): Record<string, string> {
  return Object.fromEntries(
    (span.tags ?? []).map(({ key, value }) => [key, String(value)]),
  );
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

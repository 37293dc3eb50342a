import { ownField } from '@meshdeck/istio-config';
import { MeasuredSpan, ReadTrace, traceView } from './traceView';

/** A span as Jaeger's query service gives it; times in microseconds. */
export interface JaegerSpan {
  traceID: string;
  spanID: string;
  operationName: string;
  references?: { refType: string; spanID: string }[];
  startTime: number;
  duration: number;
  tags?: JaegerTag[];
  processID: string;
}

interface JaegerTag {
  key: string;
  value: unknown;
}

export interface JaegerTrace {
  traceID: string;
  spans: JaegerSpan[];
  /** What OpenTelemetry calls a resource: its namespace, too, is a tag of it. */
  processes: Record<string, { serviceName: string; tags?: JaegerTag[] }>;
}

export function jaegerTrace(trace: JaegerTrace): ReadTrace {
  const spans = Array.isArray(trace?.spans) ? trace.spans : [];
  return traceView(
    String(trace?.traceID),
    spans.map(span => measuredSpan(span, trace.processes)),
  );
}

function measuredSpan(
  span: JaegerSpan | undefined,
  processes: JaegerTrace['processes'] | undefined,
): MeasuredSpan | undefined {
  if (typeof span?.spanID !== 'string') {
    return undefined;
  }
  const process: JaegerTrace['processes'][string] | undefined = ownField(
    processes,
    span.processID,
  );
  const references = Array.isArray(span.references) ? span.references : [];
  return {
    spanId: span.spanID,
    parentSpanId: references.find(
      reference => reference?.refType === 'CHILD_OF',
    )?.spanID,
    operation: String(span.operationName ?? ''),
    service: String(process?.serviceName ?? 'unknown'),
    startUs: span.startTime,
    durationUs: span.duration,
    tags: { ...tagsOf(process?.tags), ...tagsOf(span.tags) },
  };
}

function tagsOf(tags: JaegerTag[] | undefined): Record<string, string> {
  return Object.fromEntries(
    (Array.isArray(tags) ? tags : [])
      .filter(tag => typeof tag?.key === 'string')
      .map(({ key, value }) => [key, String(value)]),
  );
}

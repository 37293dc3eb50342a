import { ownField } from '@meshdeck/istio-config';
import type { TraceView } from '@meshdeck/plugin-mesh-common';
import { traceView } from './traceView';

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

function serviceOf(
  { processes }: JaegerTrace,
  processID: string,
): string | undefined {
  return ownField(processes, processID)?.serviceName;
}

/** Undefined for a trace without spans. */
export function jaegerTrace(trace: JaegerTrace): TraceView | undefined {
  const spans = Array.isArray(trace?.spans) ? trace.spans : [];
  return traceView(
    trace?.traceID,
    spans.map(span => ({
      spanId: span.spanID,
      parentSpanId: span.references?.find(
        ({ refType }) => refType === 'CHILD_OF',
      )?.spanID,
      operation: span.operationName,
      service: serviceOf(trace, span.processID) ?? 'unknown',
      startUs: span.startTime,
      durationUs: span.duration,
      tags: Object.fromEntries(
        (span.tags ?? []).map(({ key, value }) => [key, String(value)]),
      ),
    })),
  );
}

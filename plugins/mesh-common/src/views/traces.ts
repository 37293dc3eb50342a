import { Placement, SourceStatus, TimeWindow, ViewBase } from './common';

/** One line of the trace list. @public */
export interface TraceSummary {
  traceId: string;
  start: string;
  operation: string;
  durationMs: number;
  spans: number;
  services: string[];
  outcome: 'ok' | 'error';
  /** The HTTP status of the outermost span, where it has one. */
  status?: number;
}

/** Filters of the trace search. @public */
export interface TraceQuery {
  operation?: string;
  /** `key=value` pairs, all must hold. */
  tags?: Record<string, string>;
  minDurationMs?: number;
  errorsOnly?: boolean;
  limit?: number;
}

/** The Traces tab. @public */
export interface TracesView extends ViewBase {
  /** The name the tracing system knows the service by. */
  serviceName: string;
  operations: string[];
  traces: TraceSummary[];
  /** True where the source had more than the limit. */
  more: boolean;
  /** How many spans were left out because no clock that goes can have measured them; absent for none. */
  omittedSpans?: number;
}

/** @public */
export interface TraceSpan {
  spanId: string;
  parentSpanId?: string;
  operation: string;
  service: string;
  startMs: number;
  durationMs: number;
  error: boolean;
  /** True where nothing else could have made the trace shorter. */
  critical: boolean;
  tags: Record<string, string>;
}

/** One trace; `startMs` of its spans counts from `start`. Spans are in depth-first order. @public */
export interface TraceView {
  traceId: string;
  start: string;
  durationMs: number;
  spans: TraceSpan[];
  /** How many spans were left out because no clock that goes can have measured them; absent for none. */
  omittedSpans?: number;
  /** Where the tracing system, or Grafana, shows the same trace; absent where no such address is configured. */
  externalUrl?: string;
  /** What `externalUrl` leads to: `Jaeger`, `Tempo` or `Grafana`. */
  externalName?: string;
}

/** A service on the other side of calls in traces. @public */
export interface TraceNeighbour {
  /** As the tracing system names it. */
  service: string;
  calls: number;
  errors: number;
}

/** Who calls a service and whom it calls, as far as a sample of traces shows; the busiest first. @public */
export interface TraceDependencies {
  /** How many traces were looked at. */
  traces: number;
  callers: TraceNeighbour[];
  callees: TraceNeighbour[];
}

/** The dependencies of one placement's service. @public */
export interface TraceDependenciesView {
  placement: Placement;
  window: TimeWindow;
  serviceName: string;
  sources: SourceStatus[];
  /** Absent where the tracing system did not answer. */
  dependencies?: TraceDependencies;
}

import { Placement, SourceStatus, TimeWindow, ViewBase } from './common';

/** Where a trace failed first, and with what. @public */
export interface TraceFailure {
  /** The first span that failed so; absent where only a search told of it. */
  spanId?: string;
  /** The service that failed or was not reached, as the tracing system or a proxy names it. */
  service: string;
  /** The subset or the version of it. */
  version?: string;
  /** Who called it, where its caller's proxy tells of the failure. */
  caller?: string;
  status?: number;
  /** Envoy's response flags, as `UH`. */
  flags: string[];
  /** How many spans failed so. */
  times: number;
}

/** A service in a trace. @public */
export interface TracedParty {
  service: string;
  version?: string;
}

/** One line of the trace list. @public */
export interface TraceSummary {
  traceId: string;
  start: string;
  operation: string;
  durationMs: number;
  spans: number;
  services: string[];
  /** `error` where any span of it failed. */
  outcome: 'ok' | 'error';
  /** What the service itself answered, where it was HTTP. */
  status?: number;
  /** Of the request that the trace began with. */
  method?: string;
  path?: string;
  /** Absent where nothing failed, or it is not known what. */
  failure?: TraceFailure;
  /** Of the other services the one that took the most time; absent where there is none, or the source tells of no other. */
  slowest?: TracedParty;
}

/** Filters of the trace search. @public */
export interface TraceQuery {
  operation?: string;
  /** `key=value` pairs, all must hold. */
  tags?: Record<string, string>;
  minDurationMs?: number;
  errorsOnly?: boolean;
  /** Only traces with a request to, or from, pods of this version of the service. */
  version?: string;
  limit?: number;
}

/** The Traces tab. @public */
export interface TracesView extends ViewBase {
  /** The name the tracing system knows the service by. */
  serviceName: string;
  operations: string[];
  /** The versions that its pods have, sorted. */
  versions: string[];
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
  /** Where it failed: by itself, or only because of a span below or a caller that gave up. */
  failed?: 'first' | 'because';
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
  /** Absent where nothing failed. */
  failure?: TraceFailure;
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

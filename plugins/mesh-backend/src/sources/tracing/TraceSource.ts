import type {
  TraceDependencies,
  TraceQuery,
  TraceSummary,
  TraceView,
} from '@meshdeck/plugin-mesh-common';

/** Between two moments in epoch milliseconds. */
export interface TracePeriod {
  from: number;
  to: number;
}

/** A service as the tracing system knows it. Another namespace may have one of the same name. */
export interface TracedService {
  serviceName: string;
  namespace: string;
}

/** Where and how far back a search looks. */
export interface TraceSearch extends TraceQuery, TracePeriod, TracedService {
  limit: number;
}

export interface FoundTraces {
  /** Newest first. */
  traces: TraceSummary[];
  more: boolean;
  /** How many spans, at least, were left out because of impossible times. */
  omittedSpans: number;
}

/** So many of the newest traces are read for the dependencies of a service. */
export const SAMPLED_TRACES = 10;

/** Where the operations of a service are looked for in its traces, those of the last hour count. */
export const OPERATIONS_OF_MS = 3_600_000;

/**
 * A tracing system. Whatever a person typed reaches it escaped. Traces of which no span says that it is of the namespace stay
 * those of others: they are neither listed nor counted nor shown.
 */
export interface TraceSource {
  /** The operations of a service, sorted. */
  operations(service: TracedService): Promise<string[]>;
  search(search: TraceSearch): Promise<FoundTraces>;
  /** @throws NotFoundError where there is none, or none of it in `namespace`. */
  trace(traceId: string, namespace: string): Promise<TraceView>;
  /** Who calls the service and whom it calls, as a sample of its newest traces shows. */
  dependencies(
    service: TracedService,
    period: TracePeriod,
  ): Promise<TraceDependencies>;
}

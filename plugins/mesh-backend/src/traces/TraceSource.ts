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

/** Where and how far back a search looks. */
export interface TraceSearch extends TraceQuery, TracePeriod {
  serviceName: string;
  limit: number;
}

/** So many of the newest traces are read for the dependencies of a service. */
export const SAMPLED_TRACES = 10;

/** A tracing system. Whatever a person typed reaches it escaped. */
export interface TraceSource {
  /** The operations of a service, sorted. */
  operations(serviceName: string): Promise<string[]>;
  /** Newest first. */
  search(
    search: TraceSearch,
  ): Promise<{ traces: TraceSummary[]; more: boolean }>;
  /** @throws NotFoundError where there is none, or none of it in `namespace`: traces of others stay theirs. */
  trace(traceId: string, namespace: string): Promise<TraceView>;
  /** Who calls the service and whom it calls, as a sample of its newest traces shows. */
  dependencies(
    serviceName: string,
    period: TracePeriod,
  ): Promise<TraceDependencies>;
}

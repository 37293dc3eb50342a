import type {
  TraceQuery,
  TraceSummary,
  TraceView,
} from '@meshdeck/plugin-mesh-common';

/** Where and how far back a search looks. */
export interface TraceSearch extends TraceQuery {
  serviceName: string;
  /** Epoch milliseconds. */
  from: number;
  to: number;
  limit: number;
}

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
}

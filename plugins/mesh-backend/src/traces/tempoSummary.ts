import type { TraceSummary } from '@meshdeck/plugin-mesh-common';
import { OtlpAttribute, tagsOf } from './otlpTrace';
import type { TraceSearch } from './TraceSource';
import { httpStatusOf } from './traceSummary';

interface SpanSet {
  spans?: {
    name?: string;
    startTimeUnixNano?: string;
    attributes?: OtlpAttribute[];
  }[];
  matched?: number;
}

/** A trace as Tempo's search finds it: of its spans only those that the query is about. */
export interface TempoFound {
  traceID: string;
  rootServiceName?: string;
  rootTraceName?: string;
  startTimeUnixNano?: string;
  durationMs?: number;
  spanSet?: SpanSet;
  spanSets?: SpanSet[];
  /** Since Tempo 2.4. */
  serviceStats?: Record<string, { spanCount?: number; errorCount?: number }>;
}

/** One line of the list; see `traceSummary`, which says the same of a whole trace. */
export function tempoSummary(
  found: TempoFound,
  query: Pick<TraceSearch, 'serviceName' | 'errorsOnly'>,
): TraceSummary {
  const set = found.spanSets?.[0] ?? found.spanSet;
  const own = [...(set?.spans ?? [])].sort((a, b) =>
    (a.startTimeUnixNano ?? '').localeCompare(b.startTimeUnixNano ?? ''),
  );
  const [first] = own;
  const tags = tagsOf(first?.attributes);
  const stats = Object.entries(found.serviceStats ?? {});
  const isError =
    query.errorsOnly ||
    stats.some(([, { errorCount = 0 }]) => errorCount > 0) ||
    own.some(span => tagsOf(span.attributes).status === 'error');
  return {
    // The search leaves leading zeros out.
    traceId: found.traceID.padStart(32, '0'),
    start: new Date(
      Math.floor(Number(found.startTimeUnixNano ?? 0) / 1e6),
    ).toISOString(),
    operation: first?.name ?? found.rootTraceName ?? '',
    durationMs: found.durationMs ?? 0,
    spans:
      stats.reduce((sum, [, { spanCount = 0 }]) => sum + spanCount, 0) ||
      (set?.matched ?? own.length),
    services: stats.length
      ? stats.map(([name]) => name)
      : [
          ...new Set(
            [found.rootServiceName, query.serviceName].flatMap(
              name => name ?? [],
            ),
          ),
        ],
    outcome: isError ? 'error' : 'ok',
    status: httpStatusOf(tags),
  };
}

import {
  spanRequest,
  type TraceFailure,
  type TraceSummary,
} from '@meshdeck/plugin-mesh-common';
import { failureOf, kindOf } from './failures';
import { listOf, microsecondsOf, OtlpAttribute, tagsOf } from './otlpTrace';
import { isPlausible, Timed } from './plausibleSpans';
import type { TraceSearch } from './TraceSource';

interface FoundSpan {
  name?: string;
  startTimeUnixNano?: string;
  durationNanos?: string;
  attributes?: OtlpAttribute[];
}

interface SpanSet {
  spans?: FoundSpan[];
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

/** A line of the list; not whole where it had to do without an impossible time. */
export interface ReadSummary {
  /** Undefined where nothing says when it was. */
  summary?: TraceSummary;
  isWhole: boolean;
}

/** One line of the list; see `traceSummary`, which says the same of a whole trace. */
export function tempoSummary(
  found: TempoFound,
  query: Pick<TraceSearch, 'serviceName' | 'errorsOnly'>,
): ReadSummary {
  const set = listOf(found?.spanSets)[0] ?? found?.spanSet;
  const own = listOf(set?.spans)
    .map(span => ({ span, at: timesOf(span), order: orderOf(span) }))
    .sort((a, b) => a.order.localeCompare(b.order));
  const whole = {
    startUs: microsecondsOf(found?.startTimeUnixNano),
    durationUs: (found?.durationMs ?? 0) * 1000,
  };
  const isWhole = isPlausible(whole);
  // One span out of all time makes the whole trace seem so, too: the service's own span may know better.
  const at = isWhole ? whole : own.map(span => span.at).find(isPlausible);
  if (!at || typeof found?.traceID !== 'string') {
    return { isWhole: false };
  }
  return {
    isWhole,
    summary: {
      // The search leaves leading zeros out.
      traceId: found.traceID.padStart(32, '0'),
      start: new Date(Math.floor(at.startUs / 1000)).toISOString(),
      durationMs: at.durationUs / 1000,
      ...describe(
        found,
        own.map(({ span }) => span),
        query,
      ),
    },
  };
}

function describe(
  found: TempoFound,
  own: readonly FoundSpan[],
  query: Pick<TraceSearch, 'serviceName' | 'errorsOnly'>,
): Omit<TraceSummary, 'traceId' | 'start' | 'durationMs'> {
  const set = listOf(found.spanSets)[0] ?? found.spanSet;
  const stats = Object.entries(found.serviceStats ?? {}).map(
    ([name, counts]) => ({
      name,
      spans: Number(counts?.spanCount ?? 0),
      errors: Number(counts?.errorCount ?? 0),
    }),
  );
  const isError =
    query.errorsOnly ||
    stats.some(({ errors }) => errors > 0) ||
    own.some(span => tagsOf(span?.attributes).status === 'error');
  return {
    operation: String(own[0]?.name ?? found.rootTraceName ?? ''),
    spans:
      stats.reduce((sum, { spans }) => sum + spans, 0) ||
      (set?.matched ?? own.length),
    services: stats.length
      ? stats.map(({ name }) => name)
      : [
          ...new Set(
            [found.rootServiceName, query.serviceName].flatMap(
              name => name ?? [],
            ),
          ),
        ],
    outcome: isError ? 'error' : 'ok',
    ...spanRequest(tagsOf(own[0]?.attributes)),
    failure: failureAmong(own, query.serviceName),
  };
}

/**
 * What failed among the spans that the search gave, which do not say which is below which: a call that failed comes before
 * an answer that did.
 */
function failureAmong(
  own: readonly FoundSpan[],
  service: string,
): TraceFailure | undefined {
  const failures = own
    .map(span => tagsOf(span?.attributes))
    .filter(({ status }) => status === 'error')
    .map(tags =>
      failureOf({
        spanId: '',
        operation: '',
        service,
        startMs: 0,
        durationMs: 0,
        error: true,
        critical: false,
        tags,
      }),
    );
  const first = failures.find(({ caller }) => caller) ?? failures[0];
  return (
    first && {
      ...first,
      times: failures.filter(other => kindOf(other) === kindOf(first)).length,
    }
  );
}

/** By the digits: as numbers, moments that lie close together are the same. */
function orderOf(span: FoundSpan): string {
  return String(span?.startTimeUnixNano).padStart(20, '0');
}

function timesOf(span: FoundSpan): Timed {
  return {
    startUs: microsecondsOf(span?.startTimeUnixNano),
    durationUs: microsecondsOf(span?.durationNanos),
  };
}

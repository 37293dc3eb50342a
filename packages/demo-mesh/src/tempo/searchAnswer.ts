import type { TempoMatch } from './TempoSearch';
import type { TempoSpan } from './TempoSpan';
import type { TempoTrace } from './TempoTrace';
import { Condition, Field, fieldsOf } from './traceql/expressions';
import type { Value } from './traceql/matchSpan';
import { keyValues } from './writeOtlp';

/** What belongs to a trace and not to a span. */
const OF_TRACE = ['traceDuration', 'rootName', 'rootServiceName', 'trace:id'];

/** One of the `traces` of Tempo's answer to a search. */
export function searchAnswer(
  { trace, spans }: TempoMatch,
  condition: Condition,
  spansPerSpanSet: number,
): object {
  const { root } = trace;
  const fields = fieldsOf(condition);
  const spanSet = {
    spans: spans
      .slice(0, spansPerSpanSet)
      .map(span => writeSpan(trace, span, fields)),
    matched: spans.length,
  };
  return {
    // Tempo leaves leading zeros out, here and only here.
    traceID: trace.id.replace(/^0+/, ''),
    rootServiceName: root.service,
    rootTraceName: root.draft.operation,
    startTimeUnixNano: String(root.startNanos),
    durationMs: Math.floor(trace.durationNanos / 1e6),
    spanSet,
    spanSets: [spanSet],
    serviceStats: serviceStats(trace),
  };
}

function writeSpan(
  trace: TempoTrace,
  span: TempoSpan,
  fields: readonly Field[],
): object {
  const asked: Record<string, Value> = {};
  for (const field of fields) {
    const [value] = trace.valuesOf(span)(field);
    const isShownElsewhere =
      field.type === 'intrinsic' &&
      ['name', 'duration', ...OF_TRACE].includes(field.name);
    if (value !== undefined && !isShownElsewhere) {
      asked[field.name] = value;
    }
  }
  const asksForName = fields.some(
    field => field.type === 'intrinsic' && field.name === 'name',
  );
  return {
    spanID: span.draft.id,
    ...(asksForName ? { name: span.draft.operation } : {}),
    startTimeUnixNano: String(span.startNanos),
    durationNanos: String(span.durationNanos),
    ...(Object.keys(asked).length > 0 ? { attributes: keyValues(asked) } : {}),
  };
}

function serviceStats({ spans }: TempoTrace): object {
  const stats: Record<string, { spanCount: number; errorCount?: number }> = {};
  for (const { service, status } of spans) {
    const own = (stats[service] ??= { spanCount: 0 });
    own.spanCount++;
    if (status === 'error') {
      own.errorCount = (own.errorCount ?? 0) + 1;
    }
  }
  return stats;
}

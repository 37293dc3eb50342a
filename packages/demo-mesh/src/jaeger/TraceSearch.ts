import { setImmediate as nextTurn } from 'node:timers/promises';
import { involves } from './involves';
import type { JaegerTag } from './model';
import { inNamespaceOf, SpanDraft, serviceNameOf } from './SpanDraft';
import { Requester, requesterOf, spanTags } from './spanTags';
import { DrawnTrace, Traces } from './Traces';

/** What a trace must have: one span of the service that fits all the rest. */
export interface TraceQuery {
  service: string;
  operation?: string;
  tags: Record<string, string>;
  minDurationUs?: number;
  maxDurationUs?: number;
  fromMs: number;
  toMs: number;
  limit: number;
}

/** So many traces are looked at for one search; a rarer kind is found in a shorter window only. */
const MOST_LOOKED_AT = 50_000;

/** Between so many the other servers of the process get a turn. */
const AT_ONCE = 500;

export async function searchTraces(
  traces: Traces,
  query: TraceQuery,
): Promise<DrawnTrace[]> {
  const found: DrawnTrace[] = [];
  let lookedAt = 0;
  const candidates = traces.newestFirst(
    query,
    inNamespaceOf(query.service),
    flow => involves(flow, query.service),
    requesterFilter(query.tags),
  );
  for (const trace of candidates) {
    if (trace?.spans.some(span => fits(span, trace, query))) {
      found.push(trace);
    }
    lookedAt++;
    if (lookedAt % AT_ONCE === 0) {
      await nextTurn();
    }
    if (found.length >= query.limit || lookedAt >= MOST_LOOKED_AT) {
      break;
    }
  }
  return found;
}

/** Tags that depend on the requester alone decide before a trace is drawn. */
function requesterFilter(
  tags: Record<string, string>,
): ((requester: Requester) => boolean) | undefined {
  return ['x-tenant-id', 'x-user-id'].some(name => name in tags)
    ? ({ headers }) =>
        Object.entries(headers).every(
          ([name, value]) => (tags[name] ?? value) === value,
        )
    : undefined;
}

function fits(span: SpanDraft, trace: DrawnTrace, query: TraceQuery): boolean {
  const { operation, minDurationUs = 0, maxDurationUs = Infinity } = query;
  if (
    serviceNameOf(span.workload) !== query.service ||
    (operation !== undefined && span.operation !== operation) ||
    span.durationUs < minDurationUs ||
    span.durationUs > maxDurationUs
  ) {
    return false;
  }
  const wanted = Object.entries(query.tags);
  if (wanted.length === 0) {
    return true;
  }
  const cheap: Record<string, string> = {
    'http.status_code': String(span.code),
    'http.method': span.shape.request.method,
    'span.kind': span.kind,
  };
  if (wanted.some(([key, value]) => (cheap[key] ?? value) !== value)) {
    return false;
  }
  const tags = new Map(
    spanTags(span, requesterOf(trace.id, trace.profile), trace.set).map(
      ({ key, value }: JaegerTag) => [key, String(value)],
    ),
  );
  return wanted.every(([key, value]) => tags.get(key) === value);
}

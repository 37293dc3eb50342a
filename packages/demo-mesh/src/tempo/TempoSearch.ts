import { setImmediate as nextTurn } from 'node:timers/promises';
import { inNamespaceOf } from '../jaeger/SpanDraft';
import { Requester } from '../jaeger/spanTags';
import type { Traces } from '../jaeger/Traces';
import { involves } from '../jaeger/involves';
import type { TempoSpan } from './TempoSpan';
import { TempoTrace } from './TempoTrace';
import { Condition, requiredEqualities } from './traceql/expressions';
import { spanMatcher } from './traceql/matchSpan';

/** So many traces are looked at for one search; a rarer kind is found in a shorter window only. */
const MOST_LOOKED_AT = 20_000;
/** Between so many the other servers of the process get a turn. */
const AT_ONCE = 200;

export interface TempoWindow {
  fromMs: number;
  toMs: number;
}

/** A trace with those of its spans that a query asks for. */
export interface TempoMatch {
  trace: TempoTrace;
  spans: readonly TempoSpan[];
}

/** Searches the stand-in's traces as Tempo does, the newest first. */
export class TempoSearch {
  static create(traces: Traces): TempoSearch {
    return new TempoSearch(traces);
  }

  private constructor(private readonly traces: Traces) {}

  async find(
    condition: Condition,
    window: TempoWindow,
    limit: number,
  ): Promise<TempoMatch[]> {
    const matches = spanMatcher(condition);
    const service = requiredText(condition, 'service.name');
    const found: TempoMatch[] = [];
    let lookedAt = 0;
    for (const drawn of this.traces.newestFirst(
      window,
      service === undefined ? () => true : inNamespaceOf(service),
      flow => service === undefined || involves(flow, service),
      requesterFilter(condition),
    )) {
      if (drawn) {
        const trace = TempoTrace.create(drawn);
        const spans = trace.spans.filter(span => matches(trace.valuesOf(span)));
        if (spans.length > 0) {
          found.push({ trace, spans });
        }
      }
      lookedAt++;
      if (lookedAt % AT_ONCE === 0) {
        await nextTurn();
      }
      if (found.length >= limit || lookedAt >= MOST_LOOKED_AT) {
        break;
      }
    }
    return found;
  }

  get(id: string): TempoTrace | undefined {
    const drawn = this.traces.find(id);
    return drawn && TempoTrace.create(drawn);
  }
}

function requiredText(condition: Condition, name: string): string | undefined {
  const equality = requiredEqualities(condition).find(
    ({ field, literal }) => field.name === name && literal.type === 'string',
  );
  return equality && String(equality.literal.value);
}

/** Who sent a request is known before its trace is drawn. */
function requesterFilter(
  condition: Condition,
): ((requester: Requester) => boolean) | undefined {
  const wanted = ['x-tenant-id', 'x-user-id'].flatMap(name => {
    const value = requiredText(condition, name);
    return value === undefined ? [] : [{ name, value }];
  });
  return wanted.length > 0
    ? ({ headers }) =>
        wanted.every(({ name, value }) => (headers[name] ?? value) === value)
    : undefined;
}

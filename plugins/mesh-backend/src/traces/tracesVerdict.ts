import {
  failureCode,
  isMadeGood,
  partyWords,
  serviceNameIn,
  type SourceStatus,
  type TimeWindow,
  type TraceQuery,
  type TraceSummary,
  type Verdict,
} from '@meshdeck/plugin-mesh-common';
import { verdict } from '../facts/verdicts';
import { windowSeconds } from '../sources/timeWindow';

/** More would be a list. */
const MOST_KINDS = 3;

/** What was asked for, and what came. */
export interface TracesFacts {
  source: SourceStatus;
  /** Undefined where the source did not answer. */
  traces: readonly TraceSummary[] | undefined;
  /** Whether there are older ones in the window. */
  more: boolean;
  window: TimeWindow;
  query: TraceQuery;
  serviceName: string;
  namespace: string;
  /** When it was asked, in epoch milliseconds. */
  now: number;
}

/** The sentence over the traces: what they are a sample of, and what failed in it. It does not judge the service. */
export function tracesVerdict(facts: TracesFacts): Verdict {
  const { source, traces } = facts;
  if (!traces) {
    return verdict(
      'unknown',
      source.message ?? 'The tracing system cannot be read.',
    );
  }
  return traces.length === 0 ? noTraces(facts) : sample(facts, traces);
}

function noTraces({ query, window, serviceName, namespace }: TracesFacts) {
  const { limit: _, ...filters } = query;
  const isFiltered = Object.values(filters).some(Boolean);
  const time = durationWords(windowSeconds(window));
  return verdict(
    'unknown',
    isFiltered
      ? `No trace of the last ${time} fits these filters.`
      : `There is no trace of ${serviceNameIn(
          serviceName,
          namespace,
        )} of the last ${time}: nobody called it, or the mesh samples none of its requests.`,
  );
}

function sample(facts: TracesFacts, traces: readonly TraceSummary[]): Verdict {
  const withFailure = traces.filter(({ outcome }) => outcome === 'error');
  const failed = withFailure.filter(trace => !isMadeGood(trace)).length;
  const madeGood = withFailure.length - failed;
  const kinds = kindsOf(withFailure, facts.namespace);
  const what = kinds && `: ${kinds}`;
  const count = `${traces.length} ${traces.length === 1 ? 'trace' : 'traces'}${
    facts.query.errorsOnly ? ' with errors' : ''
  } of the last ${timeOf(facts, traces)}`;
  if (facts.query.errorsOnly) {
    return verdict('warning', `${count}${what}.`);
  }
  const inside = madeGood
    ? `, ${madeGood} more had a failed call but a good answer`
    : '';
  return verdict(
    failed ? 'warning' : 'ok',
    `${count}; ${failed} failed${inside}${what}.`,
  );
}

/** The whole window, or since the oldest of the newest. */
function timeOf(
  { more, window, now }: TracesFacts,
  traces: readonly TraceSummary[],
): string {
  const oldest = Math.min(...traces.map(({ start }) => Date.parse(start)));
  const sampled = Math.max(1, Math.round((now - oldest) / 1000));
  const whole = windowSeconds(window);
  return durationWords(more ? Math.min(sampled, whole) : whole);
}

/** `12 × inventory-service [canary] 503 UH, 2 × auth-service 500`, the commonest first. */
function kindsOf(failed: readonly TraceSummary[], namespace: string): string {
  const counts = new Map<string, number>();
  for (const { failure } of failed) {
    if (failure) {
      const words = [partyWords(failure, namespace), failureCode(failure)]
        .filter(Boolean)
        .join(' ');
      counts.set(words, (counts.get(words) ?? 0) + 1);
    }
  }
  const kinds = [...counts].sort(([, a], [, b]) => b - a);
  const others = kinds
    .slice(MOST_KINDS)
    .reduce((sum, [, count]) => sum + count, 0);
  return [
    ...kinds
      .slice(0, MOST_KINDS)
      .map(([words, count]) => `${count} × ${words}`),
    ...(others ? [`${others} otherwise`] : []),
  ].join(', ');
}

function durationWords(seconds: number): string {
  if (seconds < 60) {
    return `${seconds} s`;
  }
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

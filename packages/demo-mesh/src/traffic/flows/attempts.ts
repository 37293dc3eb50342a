import type { RouteRule } from '@meshdeck/istio-config';
import { Latency } from '../Latency';
import type { Arrival, Outcome } from './Flow';

/** How one attempt at a workload ends: shares that add up to 1. */
export interface AttemptClass {
  share: number;
  code: number;
  flags: string;
  latency: Latency;
}

/** Rarer outcomes are left out: the normal distribution above them is not exact enough to tell. */
const NEGLIGIBLE = 1e-6;
/** What the caller's proxy adds to each request on the way. */
const HOP_MS = 0.8;
const BACKOFF_MS = 25;
/** Istio's default. Source: istio pilot/pkg/networking/core/route/retry. */
const DEFAULT_RETRIES = {
  attempts: 2,
  retryOn: 'connect-failure,refused-stream,unavailable,cancelled,503',
};
const GATEWAY_ERRORS = [502, 503, 504];

/** What repeated attempts make of one: the caller's outcomes, and what the destination's proxy sees. */
export interface Attempts {
  outcomes: Outcome[];
  arrivals: Arrival[];
  retry: { probability: number; more: number };
}

/**
 * Timeouts and retries around the attempts at one workload. Istio applies neither where the rule injects faults
 * (VirtualService reference, HTTPRoute.fault).
 */
export function withRetriesAndTimeout(
  attempt: readonly AttemptClass[],
  rule: RouteRule | undefined,
): Attempts {
  const patient = rule?.fault !== undefined;
  const retries = patient
    ? { attempts: 0, retryOn: '' }
    : rule?.retries ?? DEFAULT_RETRIES;
  const timeoutMs = patient ? undefined : rule?.timeoutMs;
  const perTryMs = patient ? undefined : rule?.retries?.perTryTimeoutMs;
  const limitMs = Math.min(timeoutMs ?? Infinity, perTryMs ?? Infinity);
  const retryOn = (retries.retryOn || DEFAULT_RETRIES.retryOn).split(',');

  const cut = attempt.flatMap(item => cutAt(item, limitMs));
  const again = (item: CutClass) =>
    retries.attempts > 0 &&
    (item.late
      ? limitMs === perTryMs && retriesLate(retryOn)
      : isRetried(item.code, retryOn));
  const probability = sum(cut.filter(again));
  const tries = geometricSum(probability, retries.attempts);
  const last = probability ** retries.attempts;

  const answers = cut.map((item): Outcome => {
    const retried = again(item);
    const seen = item.late
      ? { code: 504, flags: 'UT' }
      : { code: item.code, flags: retried ? 'URX' : item.flags };
    return {
      ...seen,
      share: item.share * (retried ? last : tries),
      latency: waited(item.latency, {
        probability,
        more: retries.attempts,
        retried,
      }),
    };
  });
  return {
    outcomes: merged(answers.flatMap(item => timedOut(item, timeoutMs))),
    arrivals: cut.map(item => ({
      perRequest: item.share * tries,
      code: item.late ? 0 : item.code,
      flags: item.late ? 'DC' : item.flags,
      latency: item.latency,
    })),
    retry: { probability, more: retries.attempts },
  };
}

interface CutClass extends AttemptClass {
  /** The caller's proxy hung up before the answer. */
  late: boolean;
}

function cutAt(item: AttemptClass, limitMs: number): CutClass[] {
  const inTime = limitMs === Infinity ? 1 : withinMs(item.latency, limitMs);
  const kept = inTime < 1 ? item.latency.below(limitMs) : item.latency;
  const result: CutClass[] = [];
  if (kept) {
    result.push({
      ...item,
      share: item.share * inTime,
      latency: kept,
      late: false,
    });
  }
  const lateShare = kept ? item.share * (1 - inTime) : item.share;
  if (lateShare > 0) {
    result.push({
      ...item,
      share: lateShare,
      latency: Latency.fixed(limitMs),
      late: true,
    });
  }
  return result;
}

/** The time that earlier attempts cost is added to the last one's. */
function waited(
  latency: Latency,
  tries: { probability: number; more: number; retried: boolean },
): Latency {
  const { probability, more, retried } = tries;
  const own = latency.plus(HOP_MS);
  if (more === 0 || probability < 1e-6) {
    return own;
  }
  const pauseMs = BACKOFF_MS + latency.meanMs;
  if (retried) {
    return own.plus(more * pauseMs);
  }
  return Latency.mixture(
    Array.from({ length: more + 1 }, (_, count) => ({
      share: probability ** count,
      latency: own.plus(count * pauseMs),
    })),
  );
}

function timedOut(item: Outcome, timeoutMs: number | undefined): Outcome[] {
  if (timeoutMs === undefined || item.flags === 'UT') {
    return [item];
  }
  const limitMs = timeoutMs + HOP_MS;
  const inTime = withinMs(item.latency, limitMs);
  if (inTime === 1) {
    return [item];
  }
  const kept = item.latency.below(limitMs);
  const late: Outcome = {
    share: item.share * (kept ? 1 - inTime : 1),
    code: 504,
    flags: 'UT',
    latency: Latency.fixed(timeoutMs),
  };
  return kept
    ? [{ ...item, share: item.share * inTime, latency: kept }, late]
    : [late];
}

function withinMs(latency: Latency, limitMs: number): number {
  const share = latency.cdf(limitMs);
  return share > 1 - NEGLIGIBLE ? 1 : share;
}

function merged(outcomes: readonly Outcome[]): Outcome[] {
  const groups = new Map<string, Outcome[]>();
  const kept = outcomes.filter(({ share }) => share > NEGLIGIBLE);
  const scale = sum(outcomes) / sum(kept);
  for (const outcome of kept.map(item => ({
    ...item,
    share: item.share * scale,
  }))) {
    const key = `${outcome.code} ${outcome.flags}`;
    groups.set(key, [...(groups.get(key) ?? []), outcome]);
  }
  return [...groups.values()].map(group =>
    group.length === 1
      ? group[0]
      : { ...group[0], share: sum(group), latency: Latency.mixture(group) },
  );
}

function isRetried(code: number, retryOn: readonly string[]): boolean {
  return retryOn.some(
    item =>
      item.trim() === String(code) ||
      (item.trim() === '5xx' && code >= 500) ||
      (item.trim() === 'gateway-error' && GATEWAY_ERRORS.includes(code)),
  );
}

function retriesLate(retryOn: readonly string[]): boolean {
  return retryOn.some(item => ['5xx', 'gateway-error'].includes(item.trim()));
}

function geometricSum(probability: number, more: number): number {
  let total = 0;
  for (let count = 0; count <= more; count++) {
    total += probability ** count;
  }
  return total;
}

function sum(items: readonly { share: number }[]): number {
  return items.reduce((total, { share }) => total + share, 0);
}

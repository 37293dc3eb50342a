import type { TrafficEdge } from '../../metrics/Traffic';
import { isFailure, Traffic } from '../../metrics/Traffic';
import type { Check, HealthFacts } from '../Health';
import { about, flagMeaning } from '../words';

/** Kiali's defaults: degraded above 0, failure from 10 %; below 1 % of few requests it is one that failed. */
const MANY_FAILURES = 0.1;
export const SOME_FAILURES = 0.01;
/** So much of what fails has one thing in common that it is named for all. */
const MOST = 0.75;

/** Requests are answered 5xx, or not at all. */
export const failingRequests: Check = ({ traffic, config }) => {
  const share = traffic?.errorShare ?? 0;
  if (!traffic || share < SOME_FAILURES) {
    return [];
  }
  const failing = traffic.where(isFailure);
  const version = failingVersion(traffic);
  const who =
    version === undefined
      ? `${about(share)} of requests fail`
      : `${about(
          traffic.where(edge => edge.version === version).errorShare ?? 0,
        )} of requests to ${nameOf(version, config)} fail`;
  return [
    {
      harm: 'fails',
      level: share >= MANY_FAILURES ? 'error' : 'warning',
      sentence: `${who}${answerOf(failing)}${callerOf(failing)}.`,
      tab: 'traces',
      share,
    },
  ];
};

/** That of several versions of which nearly all is that fails. */
export function failingVersion(traffic: Traffic): string | undefined {
  const failing = traffic.where(isFailure);
  const version =
    failing.edges.length > 0
      ? commonOf(failing, edge => edge.version)
      : undefined;
  return version !== 'unknown' &&
    traffic.edges.some(edge => edge.version !== version)
    ? version
    : undefined;
}

/** " with 503 UH (no pod is healthy)". */
function answerOf(failing: Traffic): string {
  const key = commonOf(failing, ({ code, flags }) => `${code} ${flags}`);
  if (!key) {
    return '';
  }
  const [code, flags] = key.split(' ');
  const words = [code, flags].filter(word => word !== '-' && word !== '0');
  const why = flagMeaning(flags);
  if (words.length === 0) {
    return ' without an answer';
  }
  return ` with ${words.join(' ')}${why ? ` (${why})` : ''}`;
}

/** Named where one caller has most of it. */
function callerOf(failing: Traffic): string {
  const [worst, part] = heaviest(failing, ({ caller }) => caller);
  if (worst === 'unknown' || part < 0.5) {
    return '';
  }
  return part > 0.99 ? `, all from ${worst}` : `, most of them from ${worst}`;
}

/** What most of the requests have in common. */
function commonOf(
  traffic: Traffic,
  keyOf: (edge: TrafficEdge) => string,
): string | undefined {
  const [key, part] = heaviest(traffic, keyOf);
  return part >= MOST ? key : undefined;
}

function heaviest(
  traffic: Traffic,
  keyOf: (edge: TrafficEdge) => string,
): [key: string, part: number] {
  const [[key, part]] = [...traffic.partsBy(keyOf)].sort(
    ([, a], [, b]) => b.requestsPerSecond - a.requestsPerSecond,
  );
  return [key, part.requestsPerSecond / traffic.requestsPerSecond];
}

/** The subset that a version of pods is, else the version itself. */
export function nameOf(
  version: string,
  { routes }: HealthFacts['config'],
): string {
  for (const { destinations } of routes.rules) {
    for (const { subset, workloads } of destinations) {
      if (
        subset &&
        workloads.length > 0 &&
        workloads.every(
          ({ canonicalRevision }) => canonicalRevision === version,
        )
      ) {
        return subset;
      }
    }
  }
  return version;
}

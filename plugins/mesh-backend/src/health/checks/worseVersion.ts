import { percent } from '../../facts/verdicts';
import { isFailure, type Traffic } from '../../metrics/Traffic';
import type { Check } from '../Health';
import { failingVersion, nameOf, SOME_FAILURES } from './failingRequests';

/** One version fails by more than a point, and twice as often, … */
const MORE_BY = 0.01;
const TIMES = 2;
/** … of requests that are enough to say so: in five minutes about a hundred. */
const LEAST_PER_SECOND = 0.3;

/** One version fails more often than the others, which the figure of all may hide. */
export const worseVersion: Check = ({ traffic, config }) => {
  const versions = [...(traffic?.partsBy(({ version }) => version) ?? [])]
    .filter(
      ([version, own]) =>
        version !== 'unknown' && own.requestsPerSecond >= LEAST_PER_SECOND,
    )
    .map(([version, own]) => ({
      version,
      name: nameOf(version, config),
      share: own.errorShare ?? 0,
      failing: own.where(isFailure).requestsPerSecond,
    }))
    .sort((a, b) => a.share - b.share);
  const best = versions.at(0);
  const worst = versions.at(-1);
  if (
    !traffic ||
    !best ||
    !worst ||
    worst.share < best.share + MORE_BY ||
    worst.share < best.share * TIMES ||
    isNamed(traffic, worst.version)
  ) {
    return [];
  }
  return [
    {
      harm: 'fails',
      level: 'warning',
      sentence: `${worst.name} fails more often: ${percent(
        worst.share,
      )} of its requests, against ${percent(best.share)} of ${best.name}.`,
      tab: 'canary',
      share: worst.failing / traffic.requestsPerSecond,
    },
  ];
};

/** Whether what fails is told of it already. */
function isNamed(traffic: Traffic, version: string): boolean {
  return (
    (traffic.errorShare ?? 0) >= SOME_FAILURES &&
    failingVersion(traffic) === version
  );
}

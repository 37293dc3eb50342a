import { CanaryVersion } from '@meshdeck/plugin-mesh-common';
import { FoundRollout, VersionPlace } from '../rollouts/findRollout';
import type { VersionNumbers, VersionPair } from '../rollouts/gates';

export function numbersOf(
  { stable, canary }: FoundRollout,
  versions: readonly CanaryVersion[],
): VersionPair {
  const numbers = (
    place: VersionPlace | undefined,
  ): VersionNumbers | undefined => {
    const version = versions.find(({ subset }) => subset === nameOf(place));
    return (
      version && {
        requestsPerSecond: version.requestsPerSecond.value,
        errorShare: version.errorShare.value,
        p99Ms: version.p99Ms.value,
      }
    );
  };
  return { stable: numbers(stable), canary: numbers(canary) };
}

function nameOf(place: VersionPlace | undefined): string | undefined {
  if (place === undefined) {
    return undefined;
  }
  return 'subset' in place ? place.subset : place.service;
}

/** Where no route of the mesh has weights, what the tool says of them. */
export function withWeights(
  versions: CanaryVersion[],
  { stable, canary }: FoundRollout,
  weight: number | undefined,
): CanaryVersion[] {
  if (weight === undefined || versions.some(version => version.weight > 0)) {
    return versions;
  }
  const weights = new Map([
    [nameOf(stable), 100 - weight],
    [nameOf(canary), weight],
  ]);
  return versions.map(version => ({
    ...version,
    weight: weights.get(version.subset) ?? 0,
  }));
}

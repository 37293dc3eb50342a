import type { VersionSplits } from '@meshdeck/istio-config';
import type { FoundRollout } from './findRollout';

/** The two Services of a rollout that has no subsets. */
export function servicePair(
  { stable, canary }: FoundRollout,
  { subsets }: VersionSplits,
): [string, string] | undefined {
  return subsets.length < 2 &&
    stable &&
    canary &&
    'service' in stable &&
    'service' in canary
    ? [stable.service, canary.service]
    : undefined;
}

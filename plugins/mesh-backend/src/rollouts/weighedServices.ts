import type { VersionSplits } from '@meshdeck/istio-config';
import type { Placement } from '@meshdeck/plugin-mesh-common';

/** The Services that rules of the Gateway API weigh, as the rules call them; undefined where versions are subsets. */
export function weighedServices({
  splits,
}: VersionSplits): string[] | undefined {
  const isBySubsets = splits.some(({ between }) => between === 'subsets');
  return splits.length === 0 || isBySubsets
    ? undefined
    : [...new Set(splits.flatMap(({ weights }) => Object.keys(weights)))];
}

/** Where the Service of such a name is. */
export function serviceAt(placement: Placement, name: string): Placement {
  const [service, namespace = placement.namespace] = name.split('/').reverse();
  return { ...placement, namespace, service };
}

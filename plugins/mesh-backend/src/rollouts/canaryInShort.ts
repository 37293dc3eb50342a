import type { MeshObjects } from '@meshdeck/istio-config';
import type {
  OverviewView,
  Placement,
  RouteRuleView,
} from '@meshdeck/plugin-mesh-common';
import { rolloutInShort } from './rollouts';

type Canary = OverviewView['canary'];

/** With how far the tool is that drives it; where no rule splits, by the tool's own weight while it moves. */
export function canaryInShort(
  set: MeshObjects,
  placement: Pick<Placement, 'namespace' | 'service'>,
  rules: readonly RouteRuleView[],
): Canary {
  const split = splitOf(rules);
  const rollout = rolloutInShort(set, placement);
  if (!rollout) {
    return split;
  }
  if (split) {
    return { ...split, rollout: rollout.words };
  }
  return rollout.weight
    ? {
        subset: 'canary',
        share: rollout.weight / 100,
        rollout: rollout.words,
      }
    : undefined;
}

/** The smaller side of the first rule that splits traffic between versions. */
function splitOf(rules: readonly RouteRuleView[]): Canary {
  const rule = rules.find(
    ({ destinations }) =>
      destinations.filter(
        ({ subset, configuredShare }) =>
          subset !== undefined && configuredShare > 0,
      ).length > 1,
  );
  const [smallest] = [...(rule?.destinations ?? [])]
    .filter(({ configuredShare }) => configuredShare > 0)
    .sort((a, b) => a.configuredShare - b.configuredShare);
  return smallest?.subset
    ? { subset: smallest.subset, share: smallest.configuredShare }
    : undefined;
}

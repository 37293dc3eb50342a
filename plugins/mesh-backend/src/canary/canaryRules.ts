import {
  describeRequests,
  type MeshObjects,
  type VersionSplits,
} from '@meshdeck/istio-config';
import type { CanaryRule } from '@meshdeck/plugin-mesh-common';
import { nameRule } from '../facts/ruleNames';

/** The rules whose weights can be moved, each under its name and with the requests that it takes wherever it is used. */
export function canaryRules(
  set: MeshObjects,
  { routes, splits }: VersionSplits,
): CanaryRule[] {
  const alone = routes.rules.length === 1;
  return splits.map(({ source, rules, weights }) => ({
    rule: nameRule(set, source),
    number: rules[0].index + 1,
    requests: [
      ...new Set(rules.flatMap(rule => describeRequests(rule, { alone }))),
    ],
    weights,
  }));
}

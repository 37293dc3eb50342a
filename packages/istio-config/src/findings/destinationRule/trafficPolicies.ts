import type { KubeObject } from '../../kube/KubeObject';
import { isMap, itemsOf } from '../../kube/reading';

interface PlacedPolicy {
  path: string;
  policy: Record<string, any>;
}

/** Every traffic policy of a DestinationRule with its place: its own, its ports', its subsets'. */
export function* trafficPolicies(rule: KubeObject): Iterable<PlacedPolicy> {
  yield* withPorts('spec.trafficPolicy', rule.spec?.trafficPolicy);
  for (const [index, subset] of itemsOf(rule.spec?.subsets).entries()) {
    yield* withPorts(
      `spec.subsets[${index}].trafficPolicy`,
      subset?.trafficPolicy,
    );
  }
}

function* withPorts(path: string, policy: unknown): Iterable<PlacedPolicy> {
  if (!isMap(policy)) {
    return;
  }
  yield { path, policy };
  for (const [index, settings] of itemsOf(policy.portLevelSettings).entries()) {
    if (isMap(settings)) {
      yield { path: `${path}.portLevelSettings[${index}]`, policy: settings };
    }
  }
}

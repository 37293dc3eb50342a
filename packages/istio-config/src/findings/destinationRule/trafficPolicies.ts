import type { KubeObject } from '../../kube/KubeObject';

/** Every traffic policy of a DestinationRule with its place: its own, its ports', its subsets'. */
export function* trafficPolicies(
  rule: KubeObject,
): Iterable<{ path: string; policy: any }> {
  yield* withPorts('spec.trafficPolicy', rule.spec?.trafficPolicy);
  const subsets: any[] = Array.isArray(rule.spec?.subsets)
    ? rule.spec.subsets
    : [];
  for (const [index, subset] of subsets.entries()) {
    yield* withPorts(
      `spec.subsets[${index}].trafficPolicy`,
      subset?.trafficPolicy,
    );
  }
}

function* withPorts(
  path: string,
  policy: any,
): Iterable<{ path: string; policy: any }> {
  if (!policy || typeof policy !== 'object') {
    return;
  }
  yield { path, policy };
  const ports: any[] = Array.isArray(policy.portLevelSettings)
    ? policy.portLevelSettings
    : [];
  for (const [index, settings] of ports.entries()) {
    if (settings) {
      yield { path: `${path}.portLevelSettings[${index}]`, policy: settings };
    }
  }
}

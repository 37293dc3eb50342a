import { oldestFirst } from '../kube/age';
import { KubeObject } from '../kube/KubeObject';
import { selects } from '../kube/selectors';
import type { MeshConfigSet } from '../MeshConfigSet';
import type { Workload } from '../workloads/Workload';

/** @public */
export type PolicyAction = 'ALLOW' | 'DENY' | 'CUSTOM' | 'AUDIT';

/** @public */
export function actionOf(policy: KubeObject): PolicyAction {
  const action: unknown = policy.spec?.action;
  return action === 'DENY' || action === 'CUSTOM' || action === 'AUDIT'
    ? action
    : 'ALLOW';
}

/**
 * The AuthorizationPolicies in force for a workload: those of the root namespace and of its own whose selector fits;
 * dry-run policies and those for waypoints (`targetRefs`) are left out. Source: istio
 * pilot/pkg/model/authorization.go, policyattachment.go.
 * @public
 */
export function policiesFor(
  set: MeshConfigSet,
  workload: Pick<Workload, 'namespace' | 'labels'>,
): KubeObject[] {
  return selecting(set, workload).filter(policy => !isDryRun(policy));
}

/** Policies on trial: the proxy logs what they would decide, and does not act on it. @public */
export function dryRunPolicies(
  set: MeshConfigSet,
  workload: Pick<Workload, 'namespace' | 'labels'>,
): KubeObject[] {
  return selecting(set, workload).filter(isDryRun);
}

function isDryRun(policy: KubeObject): boolean {
  return policy.metadata.annotations?.['istio.io/dry-run'] === 'true';
}

function selecting(
  set: MeshConfigSet,
  workload: Pick<Workload, 'namespace' | 'labels'>,
): KubeObject[] {
  const namespaces = new Set([
    set.meshConfig.rootNamespace,
    workload.namespace,
  ]);
  return oldestFirst(
    [...namespaces]
      .flatMap(namespace => set.inNamespace('AuthorizationPolicy', namespace))
      .filter(
        policy =>
          !policy.spec?.targetRef &&
          !policy.spec?.targetRefs?.length &&
          selects(policy.spec?.selector?.matchLabels, workload.labels),
      ),
  );
}

/** The rules of a policy; an ALLOW policy without any matches nothing. @public */
export function rulesOf(policy: KubeObject): any[] {
  return Array.isArray(policy.spec?.rules) ? policy.spec.rules : [];
}

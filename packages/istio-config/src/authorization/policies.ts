import { oldestFirst } from '../kube/age';
import {
  KubeObject,
  KubeObjectRef,
  namespaceOf,
  refOf,
} from '../kube/KubeObject';
import { fieldsOf, ownField } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';
import { attachesToWaypoint, attachesToWorkload } from './attachment';
import type { PolicyTarget } from './types';

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
 * The AuthorizationPolicies in force for a workload: those of the root namespace and of its own whose selector fits,
 * or that name its Gateway; dry-run policies and those for waypoints are left out. Source: istio
 * pilot/pkg/model/authorization.go, policyattachment.go.
 * @public
 */
export function policiesFor(
  set: MeshObjects,
  workload: PolicyTarget,
): KubeObject[] {
  return selecting(set, workload).filter(policy => !isDryRun(policy));
}

/** Policies on trial: the proxy logs what they would decide, and does not act on it. @public */
export function dryRunPolicies(
  set: MeshObjects,
  workload: PolicyTarget,
): KubeObject[] {
  return selecting(set, workload).filter(isDryRun);
}

/** The policies in force at a waypoint, for what goes to a Service. @public */
export function waypointPolicies(
  set: MeshObjects,
  waypoint: KubeObjectRef,
  service: { namespace: string; name: string } | undefined,
): KubeObject[] {
  const places = new Set([
    set.meshConfig.rootNamespace,
    waypoint.namespace ?? '',
    service?.namespace ?? '',
  ]);
  return oldestFirst(
    [...places]
      .flatMap(namespace => set.inNamespace('AuthorizationPolicy', namespace))
      .filter(
        policy =>
          !isDryRun(policy) &&
          attachesToWaypoint(set, policy, waypoint, service),
      ),
  );
}

/** A policy of a workload, and how it comes to apply to it. @public */
export interface AppliedPolicy {
  policy: KubeObjectRef;
  action: PolicyAction;
  /** `mesh`: of the root namespace for all; `namespace`: for all of it; `workload`: by its selector. */
  scope: 'mesh' | 'namespace' | 'workload';
  isDryRun: boolean;
}

/** All policies that apply to a workload, with those on trial, in the order in which they are asked. @public */
export function appliedPolicies(
  set: MeshObjects,
  workload: PolicyTarget,
): AppliedPolicy[] {
  const order: PolicyAction[] = ['CUSTOM', 'DENY', 'ALLOW', 'AUDIT'];
  return selecting(set, workload)
    .map(policy => ({
      policy: refOf(policy),
      action: actionOf(policy),
      scope: scopeOf(set, policy),
      isDryRun: isDryRun(policy),
    }))
    .sort((a, b) => order.indexOf(a.action) - order.indexOf(b.action));
}

function scopeOf(set: MeshObjects, policy: KubeObject): AppliedPolicy['scope'] {
  if (fieldsOf(policy.spec?.selector?.matchLabels).length > 0) {
    return 'workload';
  }
  return namespaceOf(policy) === set.meshConfig.rootNamespace
    ? 'mesh'
    : 'namespace';
}

/** Source: istio pilot/pkg/security/authz/builder: the annotation is read as Go reads a boolean. */
function isDryRun(policy: KubeObject): boolean {
  return ['1', 't', 'T', 'TRUE', 'true', 'True'].includes(
    String(ownField(policy.metadata.annotations, 'istio.io/dry-run')),
  );
}

function selecting(set: MeshObjects, workload: PolicyTarget): KubeObject[] {
  const namespaces = new Set([
    set.meshConfig.rootNamespace,
    workload.namespace,
  ]);
  return oldestFirst(
    [...namespaces]
      .flatMap(namespace => set.inNamespace('AuthorizationPolicy', namespace))
      .filter(policy => attachesToWorkload(set, policy, workload)),
  );
}

/** The rules of a policy; an ALLOW policy without any matches nothing. @public */
export function rulesOf(policy: KubeObject): any[] {
  return Array.isArray(policy.spec?.rules) ? policy.spec.rules : [];
}

import { describeRef, KubeObject, refOf } from '../kube/KubeObject';
import type { MeshObjects } from '../MeshObjects';
import { decideByPolicies } from './decideByPolicies';
import { decideWithToken } from './decideWithToken';
import { tokenReadersBefore, waypointBefore } from './enforcement';
import { actionOf, policiesFor, rulesOf, waypointPolicies } from './policies';
import type { SeenRequest } from './seenRequest';
import type { AccessDecision, PolicyTarget } from './types';
import { ruleOnZtunnel } from './ztunnelRules';

/**
 * Whether a request reaches a workload in ambient mode: through its waypoint, where one handles it, which enforces the policies
 * with `targetRefs`; then through the node's ztunnel, which enforces those with selectors and sees the waypoint as the caller.
 * Sources: istio pilot/pkg/model/policyattachment.go, pilot/pkg/serviceregistry/ambient/authorization.go.
 */
export function evaluateAmbientAccess(
  set: MeshObjects,
  workload: PolicyTarget,
  request: SeenRequest,
): AccessDecision {
  const { waypoint, principal } = waypointBefore(
    set,
    workload,
    request.service,
  );
  if (!waypoint) {
    return atZtunnel(set, workload, request);
  }
  const before: AccessDecision = {
    ...decideWithToken(
      waypointPolicies(set, waypoint, request.service),
      tokenReadersBefore(set, workload, request.service),
      request,
    ),
    enforcedBy: 'waypoint',
  };
  if (!before.allowed) {
    return before;
  }
  const after = atZtunnel(set, workload, {
    ...request,
    principal,
    // The connection comes from the waypoint, whose address is not the client’s.
    remoteIp: undefined,
    peerIp: undefined,
  });
  if (!after.allowed) {
    return {
      ...after,
      reason: `${after.reason}: behind the waypoint ${describeRef(
        waypoint,
      )} the caller is the waypoint`,
    };
  }
  return {
    ...before,
    policies: [...before.policies, ...after.policies],
    ...(after.notEnforced ? { notEnforced: after.notEnforced } : {}),
  };
}

/** It is sent what policies say as they are written: neither aliases of the trust domain nor `cluster.local` stand for it. */
function atZtunnel(
  set: MeshObjects,
  workload: PolicyTarget,
  seen: SeenRequest,
): AccessDecision {
  const request = { ...seen, trustDomains: undefined };
  const policies = policiesFor(set, workload);
  const enforced = policies.filter(policy =>
    ['ALLOW', 'DENY'].includes(actionOf(policy)),
  );
  const notEnforced = policies.flatMap(policy => {
    const why = limitOf(policy);
    return why ? [{ policy: refOf(policy), why }] : [];
  });
  return {
    ...decideByPolicies(enforced, request, ruleOnZtunnel),
    enforcedBy: 'ztunnel',
    ...(notEnforced.length > 0 ? { notEnforced } : {}),
  };
}

/** What ztunnel cannot do of a policy. */
function limitOf(policy: KubeObject): string | undefined {
  const action = actionOf(policy);
  if (action === 'CUSTOM' || action === 'AUDIT') {
    return `ztunnel does not know the action ${action}`;
  }
  const rules = rulesOf(policy);
  const readings = rules.map(rule => ruleOnZtunnel(rule, action));
  const lost = readings.filter(reading => reading === undefined).length;
  if (lost > 0) {
    return `ztunnel sees no requests: ${lost} of its ${rules.length} rules never match there`;
  }
  return readings.some((reading, index) => reading !== rules[index])
    ? `ztunnel sees no requests and asks for no trust domain: its ${action} is wider there than written`
    : undefined;
}

import { describeRef, KubeObject, refOf } from '../kube/KubeObject';
import type { MeshObjects } from '../MeshObjects';
import { waypointFor } from '../workloads/waypoints';
import { attachesToWaypoint } from './attachment';
import { decideByPolicies } from './decideByPolicies';
import { decideWithToken } from './decideWithToken';
import { actionOf, policiesFor, rulesOf, waypointPolicies } from './policies';
import type { AccessDecision, AccessRequest, PolicyTarget } from './types';
import { ruleOnZtunnel } from './ztunnelRules';

/**
 * Whether a request reaches a workload in ambient mode: through its waypoint, where one handles it, which enforces the policies
 * with `targetRefs`; then through the node's ztunnel, which enforces those with selectors and sees the waypoint as the caller.
 * Sources: istio pilot/pkg/model/policyattachment.go, pilot/pkg/serviceregistry/ambient/authorization.go.
 */
export function evaluateAmbientAccess(
  set: MeshObjects,
  workload: PolicyTarget,
  request: AccessRequest,
): AccessDecision {
  const service =
    request.service &&
    set.get('Service', request.service.namespace, request.service.name);
  const { waypoint, principal } = waypointFor(
    set,
    request.service
      ? {
          type: 'service',
          namespace: request.service.namespace,
          labels: service?.metadata.labels,
        }
      : {
          type: 'workload',
          namespace: workload.namespace,
          labels: workload.labels,
        },
  );
  if (!waypoint) {
    return atZtunnel(set, workload, request);
  }
  const before: AccessDecision = {
    ...decideWithToken(
      waypointPolicies(set, waypoint, request.service),
      set
        .all('RequestAuthentication')
        .filter(reader =>
          attachesToWaypoint(set, reader, waypoint, request.service),
        ),
      request,
    ),
    enforcedBy: 'waypoint',
  };
  if (!before.allowed) {
    return before;
  }
  const after = atZtunnel(set, workload, { ...request, principal });
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

function atZtunnel(
  set: MeshObjects,
  workload: PolicyTarget,
  request: AccessRequest,
): AccessDecision {
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
    ? 'ztunnel sees no requests: its DENY is wider there than written'
    : undefined;
}

import type { MeshObjects } from '../MeshObjects';
import { unproxiedBecause } from '../workloads/inboundCapture';
import { decideWithToken } from './decideWithToken';
import { policiesFor } from './policies';
import { seenIn } from './seenRequest';
import { tokenReaders } from './token';
import type { AccessDecision, AccessRequest, PolicyTarget } from './types';
import { evaluateAmbientAccess } from './evaluateAmbientAccess';

/**
 * Whether a workload's proxy lets a request in. First CUSTOM policies ask somebody else, by what there is to see without a token:
 * `dependsOn` names those that fit. Then its token, if it has one: an invalid one is refused. Then a DENY that fits refuses; else,
 * where any ALLOW policy applies, one of them must fit; without policies everything passes. In ambient mode ztunnel decides, and a waypoint before it.
 * Source: istio pilot/pkg/security/authz, the order CUSTOM → DENY → ALLOW.
 * @public
 */
export function evaluateAccess(
  set: MeshObjects,
  workload: PolicyTarget,
  request: AccessRequest,
): AccessDecision {
  const bare = unproxiedBecause(workload, request.port);
  if (bare) {
    return {
      allowed: true,
      reason: `${bare}, so no policy is enforced`,
      policies: [],
      enforcedBy: 'nobody',
    };
  }
  const seen = seenIn(set.meshConfig, request);
  if (workload.dataPlane === 'ambient') {
    return evaluateAmbientAccess(set, workload, seen);
  }
  const policies = policiesFor(set, workload);
  return decideWithToken(
    policies,
    request.protocol === 'tcp' ? [] : tokenReaders(set, workload),
    seen,
  );
}

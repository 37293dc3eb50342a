import type { KubeObject } from '../kube/KubeObject';
import { decideByPolicies, refusedUnasked } from './decideByPolicies';
import { readToken } from './token';
import type { SeenRequest } from './seenRequest';
import type { AccessDecision } from './types';

/** The decision of a proxy that sees requests, a sidecar or a waypoint. */
export function decideWithToken(
  policies: readonly KubeObject[],
  readers: readonly KubeObject[],
  request: SeenRequest,
): AccessDecision {
  if (!request.jwt) {
    return decideByPolicies(policies, request);
  }
  const unanswered = refusedUnasked(policies, request);
  if (unanswered) {
    return unanswered;
  }
  const token = readToken(readers, request.jwt);
  if (token.outcome === 'refused') {
    return {
      allowed: false,
      decidedBy: { policy: token.policy },
      reason: token.why,
      policies: [],
      status: token.status,
      ...(token.otherStatus ? { otherStatus: token.otherStatus } : {}),
    };
  }
  return decideByPolicies(policies, {
    ...request,
    requestPrincipal: undefined,
    claims: token.outcome === 'accepted' ? token.claims : {},
  });
}

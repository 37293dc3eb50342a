import { describeRef, KubeObject, refOf } from '../kube/KubeObject';
import type { MeshConfigSet } from '../MeshConfigSet';
import type { Workload } from '../workloads/Workload';
import { actionOf, policiesFor, rulesOf } from './policies';
import { fromMatches, toMatches, whenMatches } from './ruleMatching';
import { ruleOnTcp } from './tcpRules';
import type { AccessDecision, AccessRequest } from './types';

/**
 * Whether a workload's proxy lets a request in: a DENY that fits refuses; else, where any ALLOW policy applies, one of
 * them must fit; without policies everything passes. CUSTOM policies ask somebody else: `dependsOn` names those that fit.
 * Source: istio pilot/pkg/security/authz, the order CUSTOM → DENY → ALLOW.
 * @public
 */
export function evaluateAccess(
  set: MeshConfigSet,
  workload: Pick<Workload, 'namespace' | 'labels'>,
  request: AccessRequest,
): AccessDecision {
  const decision = decide(set, workload, request);
  const dependsOn = policiesFor(set, workload)
    .filter(
      policy =>
        actionOf(policy) === 'CUSTOM' && firstFitting([policy], request),
    )
    .map(policy => ({
      policy: refOf(policy),
      provider: String(policy.spec?.provider?.name ?? 'unknown'),
    }));
  return dependsOn.length > 0 ? { ...decision, dependsOn } : decision;
}

function decide(
  set: MeshConfigSet,
  workload: Pick<Workload, 'namespace' | 'labels'>,
  request: AccessRequest,
): AccessDecision {
  const inForce = policiesFor(set, workload).filter(
    policy => actionOf(policy) !== 'AUDIT',
  );
  const policies = inForce.map(refOf);
  const denies = inForce.filter(policy => actionOf(policy) === 'DENY');
  const allows = inForce.filter(policy => actionOf(policy) === 'ALLOW');
  const denied = firstFitting(denies, request);
  if (denied) {
    return {
      allowed: false,
      decidedBy: denied,
      reason: `${describeRef(denied.policy)} denies it by rule ${
        denied.rule + 1
      }`,
      policies,
    };
  }
  if (allows.length === 0) {
    return {
      allowed: true,
      reason: 'no ALLOW policy applies to the workload, so everybody may call',
      policies,
    };
  }
  const allowed = firstFitting(allows, request);
  if (allowed) {
    return {
      allowed: true,
      decidedBy: allowed,
      reason: `${describeRef(allowed.policy)} allows it by rule ${
        allowed.rule + 1
      }`,
      policies,
    };
  }
  return {
    allowed: false,
    decidedBy: { policy: refOf(allows[0]) },
    reason: `no rule of ${allows
      .map(policy => describeRef(refOf(policy)))
      .join(' or ')} fits ${nearestMiss(allows, request)}`,
    policies,
  };
}

function firstFitting(policies: readonly KubeObject[], request: AccessRequest) {
  for (const policy of policies) {
    const action = actionOf(policy);
    const rule = rulesOf(policy).findIndex(written => {
      const candidate =
        request.protocol === 'tcp' ? ruleOnTcp(written, action) : written;
      return (
        candidate !== undefined &&
        fromMatches(candidate, request) &&
        toMatches(candidate, request) &&
        whenMatches(candidate, request)
      );
    });
    if (rule >= 0) {
      return { policy: refOf(policy), rule };
    }
  }
  return undefined;
}

/** What to look at first: the operation, where the caller itself is welcome, else the caller. */
function nearestMiss(
  policies: readonly KubeObject[],
  request: AccessRequest,
): string {
  const welcome = policies
    .flatMap(rulesOf)
    .filter(rule => fromMatches(rule, request));
  if (welcome.length === 0) {
    return request.principal
      ? `the caller ${request.principal}`
      : 'a caller without a certificate';
  }
  return welcome.some(rule => toMatches(rule, request))
    ? 'the conditions of the request'
    : `${[request.method, request.path]
        .filter(Boolean)
        .join(' ')} from this caller`;
}

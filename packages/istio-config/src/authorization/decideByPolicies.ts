import { describeRef, KubeObject, refOf } from '../kube/KubeObject';
import { actionOf, PolicyAction, rulesOf } from './policies';
import { fromMatches, toMatches, whenMatches } from './ruleMatching';
import { ruleOnTcp } from './tcpRules';
import type { SeenRequest } from './seenRequest';
import type { AccessDecision } from './types';

/** What an enforcer makes of a rule as written; undefined where the rule never matches for it. */
type RuleReading = (rule: any, action: PolicyAction) => any;

const onHttp: RuleReading = rule => rule;

function readingOf({ protocol }: SeenRequest): RuleReading {
  return protocol === 'tcp' ? ruleOnTcp : onHttp;
}

/**
 * CUSTOM policies are asked before anybody reads tokens: to them no request has one.
 * Source: istio pilot/pkg/networking/core/listener_builder.go, buildHTTPConnectionManager.
 */
function beforeTokens(request: SeenRequest): SeenRequest {
  return { ...request, requestPrincipal: undefined, claims: undefined };
}

/** What the policies of one enforcer decide: CUSTOM, then DENY, then ALLOW. */
export function decideByPolicies(
  policies: readonly KubeObject[],
  request: SeenRequest,
  reading: RuleReading = readingOf(request),
): AccessDecision {
  const unanswered = refusedUnasked(policies, request, reading);
  if (unanswered) {
    return unanswered;
  }
  const early = beforeTokens(request);
  const decision = decide(policies, request, reading);
  const dependsOn = policies
    .filter(
      policy =>
        actionOf(policy) === 'CUSTOM' && firstFitting([policy], early, reading),
    )
    .map(policy => ({
      policy: refOf(policy),
      provider: providerOf(policy),
    }));
  return dependsOn.length > 0 ? { ...decision, dependsOn } : decision;
}

function providerOf(policy: KubeObject): string {
  return String(policy.spec?.provider?.name ?? 'unknown');
}

/**
 * What a CUSTOM policy refuses because nobody can be asked: its provider is none that the mesh knows, or the policies of the
 * workload name several. Source: istio pilot/pkg/security/authz/builder/builder.go, getBadCustomDenyRules.
 */
export function refusedUnasked(
  policies: readonly KubeObject[],
  request: SeenRequest,
  reading: RuleReading = readingOf(request),
): AccessDecision | undefined {
  const custom = policies.filter(policy => actionOf(policy) === 'CUSTOM');
  const several = new Set(custom.map(providerOf)).size > 1;
  const refusing = custom.filter(
    policy =>
      several || request.authorizers?.includes(providerOf(policy)) === false,
  );
  const decidedBy = firstFitting(refusing, beforeTokens(request), reading);
  if (!decidedBy) {
    return undefined;
  }
  const policy = describeRef(decidedBy.policy);
  const why = several
    ? 'the CUSTOM policies here name several providers, and Istio asks one only'
    : 'its provider is no external authorizer of the mesh';
  return {
    allowed: false,
    decidedBy,
    reason: `${policy} denies it by rule ${decidedBy.rule + 1}: ${why}`,
    policies: policies.filter(each => actionOf(each) !== 'AUDIT').map(refOf),
  };
}

function decide(
  all: readonly KubeObject[],
  request: SeenRequest,
  reading: RuleReading,
): AccessDecision {
  const inForce = all.filter(policy => actionOf(policy) !== 'AUDIT');
  const policies = inForce.map(refOf);
  const denies = inForce.filter(policy => actionOf(policy) === 'DENY');
  const allows = inForce.filter(policy => actionOf(policy) === 'ALLOW');
  const denied = firstFitting(denies, request, reading);
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
  const allowed = firstFitting(allows, request, reading);
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

function firstFitting(
  policies: readonly KubeObject[],
  request: SeenRequest,
  reading: RuleReading,
) {
  for (const policy of policies) {
    const action = actionOf(policy);
    // A service account without a namespace is one of the policy's own.
    const asked = { ...request, policyNamespace: policy.metadata.namespace };
    const rule = rulesOf(policy).findIndex(written => {
      const candidate = reading(written, action);
      return (
        candidate !== undefined &&
        fromMatches(candidate, asked) &&
        toMatches(candidate, asked) &&
        whenMatches(candidate, asked)
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
  request: SeenRequest,
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

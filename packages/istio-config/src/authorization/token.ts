import {
  describeRef,
  KubeObject,
  KubeObjectRef,
  refOf,
} from '../kube/KubeObject';
import { isMap, itemsOf, ownField, textsOf } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';
import { attachesToWorkload } from './attachment';
import type { PolicyTarget, RequestJwt } from './types';

/** What becomes of a request's token. @public */
export type TokenAnswer =
  /** Without a token, or with nobody to read it: the request goes on without an identity of its own. */
  | { outcome: 'none'; why: string }
  | {
      outcome: 'accepted';
      why: string;
      policy: KubeObjectRef;
      claims: Record<string, unknown>;
      /** Whether those behind the proxy get it, too: else it is taken off. */
      isHandedOn: boolean;
    }
  | {
      outcome: 'refused';
      status: 401 | 403;
      /** What it may be as well: Envoy says it of any of the issuer's rules. */
      otherStatus?: 401 | 403;
      why: string;
      policy: KubeObjectRef;
    };

/** The RequestAuthentications of a workload: those of the root namespace and of its own whose selector fits, or that name its Gateway. @public */
export function tokenReaders(
  set: MeshObjects,
  workload: PolicyTarget,
): KubeObject[] {
  return [...new Set([set.meshConfig.rootNamespace, workload.namespace])]
    .flatMap(namespace => set.inNamespace('RequestAuthentication', namespace))
    .filter(reader => attachesToWorkload(set, reader, workload));
}

/**
 * Whether a token is accepted: a request without one passes; one that is invalid, or of an issuer that no rule names, is 401; one
 * for another audience 403. Source: istio pilot/pkg/security/authn/policy_applier.go, convertToEnvoyJwtConfig (any of the
 * rules, or no token), and Envoy's jwt_authn filter.
 * @public
 */
export function readToken(
  readers: readonly KubeObject[],
  jwt: RequestJwt | undefined,
): TokenAnswer {
  if (!jwt) {
    return { outcome: 'none', why: 'the request has no token' };
  }
  const rules = readers.flatMap(reader =>
    itemsOf(reader.spec?.jwtRules)
      .filter(isMap)
      .map(rule => ({ reader, rule })),
  );
  if (rules.length === 0) {
    return {
      outcome: 'none',
      why: 'no RequestAuthentication reads tokens for the workload',
    };
  }
  const issuer: unknown = ownField(jwt.claims, 'iss');
  // A rule without an issuer takes any.
  const own = rules.filter(
    ({ rule }) =>
      !rule.issuer || (typeof issuer === 'string' && rule.issuer === issuer),
  );
  if (own.length === 0) {
    return refusal(
      401,
      rules,
      `no rule of ${names(rules)} names the token’s issuer ${issuer ?? 'none'}`,
    );
  }
  if (jwt.isExpired) {
    return refusal(
      401,
      own,
      `the token of ${issuer ?? 'no issuer'} is past its time, or before it`,
    );
  }
  const audiences = listed(ownField(jwt.claims, 'aud'));
  const isFor = ({ rule }: { rule: Record<string, unknown> }) => {
    const wanted = textsOf(rule.audiences);
    return wanted.length === 0 || wanted.some(one => audiences.includes(one));
  };
  const fitting = own.find(isFor);
  if (!fitting) {
    return refusal(
      403,
      own,
      `the token is for ${audiences.join(', ') || 'no audience'}, and ${names(
        own,
      )} wants another`,
    );
  }
  if (jwt.isValid === false) {
    const why = `the token of ${issuer ?? 'no issuer'} is not valid`;
    return {
      ...refusal(401, own, why),
      ...(own.every(isFor) ? {} : { otherStatus: 403 }),
    };
  }
  const policy = refOf(fitting.reader);
  return {
    outcome: 'accepted',
    policy,
    claims: withListedClaims(jwt.claims, fitting.rule),
    isHandedOn: fitting.rule.forwardOriginalToken === true,
    why: `${describeRef(policy)} accepts the token of ${issuer ?? 'no issuer'}`,
  };
}

function refusal(
  status: 401 | 403,
  [{ reader }]: readonly { reader: KubeObject }[],
  why: string,
): Extract<TokenAnswer, { outcome: 'refused' }> {
  return { outcome: 'refused', status, policy: refOf(reader), why };
}

/** Istio splits `scope` and `permission`, and what a rule lists, at spaces. */
function withListedClaims(
  claims: Record<string, unknown>,
  rule: Record<string, unknown>,
): Record<string, unknown> {
  const spaced = ['scope', 'permission', ...textsOf(rule.spaceDelimitedClaims)];
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [
      name,
      spaced.includes(name) && typeof value === 'string'
        ? value.split(' ').filter(Boolean)
        : value,
    ]),
  );
}

/** A claim as texts; what is neither a text nor a list of texts matches nothing. */
export function listed(value: unknown): string[] {
  return typeof value === 'string' ? [value] : textsOf(value);
}

function names(rules: readonly { reader: KubeObject }[]): string {
  return [
    ...new Set(rules.map(({ reader }) => describeRef(refOf(reader)))),
  ].join(' or ');
}

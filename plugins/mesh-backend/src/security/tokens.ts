import {
  actionOf,
  isMap,
  itemsOf,
  KubeObject,
  MeshObjects,
  refOf,
  requestPolicies,
  rulesOf,
  textsOf,
  tokenReadersBefore,
  Workload,
} from '@meshdeck/istio-config';
import type { TokenIssuerView, TokenView } from '@meshdeck/plugin-mesh-common';

/** Where Istio looks where a rule names no place. Source: istio RequestAuthentication reference, fromHeaders. */
const USUAL_PLACES = [
  'header Authorization after Bearer',
  'query parameter access_token',
];

/** A rule that names none takes tokens of every issuer whose signature its keys verify. */
const ANY_ISSUER = 'any';

/** Whose tokens a workload's proxies read, and whether a request needs one. */
export function tokensOf(
  set: MeshObjects,
  workload: Workload | undefined,
  service: { namespace: string; name: string },
): TokenView {
  const issuers = workload
    ? tokenReadersBefore(set, workload, service).flatMap(issuersOf)
    : [];
  const required = workload
    ? requirement(requestPolicies(set, workload, service))
    : 'no';
  return { issuers, required, sentence: sentenceOf(issuers.length, required) };
}

function issuersOf(reader: KubeObject): TokenIssuerView[] {
  return itemsOf(reader.spec?.jwtRules)
    .filter(isMap)
    .map(rule => {
      const places = [
        ...itemsOf(rule.fromHeaders)
          .filter(isMap)
          .map(({ name, prefix }) =>
            prefix
              ? `header ${name} after ${String(prefix).trim()}`
              : `header ${name}`,
          ),
        ...textsOf(rule.fromParams).map(name => `query parameter ${name}`),
        ...textsOf(rule.fromCookies).map(name => `cookie ${name}`),
      ];
      return {
        object: refOf(reader),
        issuer: rule.issuer ? String(rule.issuer) : ANY_ISSUER,
        audiences: textsOf(rule.audiences),
        readFrom: places.length > 0 ? places : USUAL_PLACES,
      };
    });
}

/** RequestAuthentication refuses wrong tokens only; that there must be one is a matter of policies. */
function requirement(policies: readonly KubeObject[]): TokenView['required'] {
  const rulesBy = (action: 'ALLOW' | 'DENY') =>
    policies.filter(policy => actionOf(policy) === action).flatMap(rulesOf);
  const refusing = rulesBy('DENY').filter(rule =>
    sourcesOf(rule).some(source =>
      textsOf(source?.notRequestPrincipals).includes('*'),
    ),
  );
  if (refusing.some(rule => itemsOf(rule?.to).length === 0)) {
    return 'yes';
  }
  const allowing = rulesBy('ALLOW');
  const asking = allowing.filter(asksForToken);
  if (asking.length > 0 && asking.length === allowing.length) {
    return 'yes';
  }
  return asking.length > 0 || refusing.length > 0 ? 'partly' : 'no';
}

/** Each of the rule's sources names a token, or a condition does. */
function asksForToken(rule: any): boolean {
  const sources = sourcesOf(rule);
  return (
    (sources.length > 0 &&
      sources.every(source => textsOf(source?.requestPrincipals).length > 0)) ||
    itemsOf(rule?.when).some(
      condition =>
        String(condition?.key).startsWith('request.auth.') &&
        textsOf(condition?.values).length > 0,
    )
  );
}

function sourcesOf(rule: any): any[] {
  return itemsOf(rule?.from).map(item => item?.source);
}

function sentenceOf(issuers: number, required: TokenView['required']): string {
  if (issuers === 0) {
    return required === 'no'
      ? 'No RequestAuthentication reads tokens here: the mesh neither checks nor asks for any.'
      : 'Policies ask for a token, but no RequestAuthentication reads any: those requests are always denied.';
  }
  return {
    yes: 'Every request needs a valid token of one of these issuers.',
    partly:
      'A wrong token is refused; some requests need one, others get in without.',
    no: 'A wrong token is refused, but a request without any gets in: no policy asks for one.',
  }[required];
}

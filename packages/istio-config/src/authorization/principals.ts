import { wildcardMatches } from './wildcardMatches';

/**
 * The principals that a policy’s one stands for: where it names the mesh’s trust domain, an alias or `cluster.local`, which means
 * the mesh’s own, all of these. Without trust domains it is taken as it is written.
 * Source: istio pilot/pkg/security/trustdomain/bundle.go, ReplaceTrustDomainAliases.
 */
function withAliases(
  principal: string,
  trustDomains: readonly string[],
): string[] {
  const [domain, ...rest] = principal.split('/');
  const isOwn =
    domain === 'cluster.local' ||
    trustDomains.some(own => wildcardMatches(domain, own));
  if (
    trustDomains.length === 0 ||
    rest.length !== 4 ||
    domain === '*' ||
    !isOwn
  ) {
    return [principal];
  }
  return trustDomains.map(own =>
    wildcardMatches(domain, own) ? principal : [own, ...rest].join('/'),
  );
}

/**
 * Whether a policy’s principal fits a caller’s identity. One that begins with spiffe:// never does: Istio puts that before what is
 * written. Source: istio pilot/pkg/security/authz/model/generator.go, srcPrincipalGenerator.
 */
export function principalMatches(
  pattern: string,
  principal: string | undefined,
  trustDomains: readonly string[] = [],
): boolean {
  const identity = principal?.replace(/^spiffe:\/\//, '');
  return withAliases(pattern, trustDomains).some(each =>
    wildcardMatches(each, identity),
  );
}

/** Whether a policy’s trust domain fits a caller’s; one of the mesh’s own stands for all of these. Source: the same, ExpandTrustDomainAliases. */
export function trustDomainMatches(
  pattern: string,
  trustDomain: string | undefined,
  trustDomains: readonly string[] = [],
): boolean {
  const meant = trustDomains.includes(pattern) ? trustDomains : [pattern];
  return meant.some(each => wildcardMatches(each, trustDomain));
}

import { itemsOf, ownField } from '../kube/reading';
import { inBlock } from './addressBlocks';
import { requestPrincipalMatches } from './requestPrincipal';
import { listed } from './token';
import { principalMatches, trustDomainMatches } from './principals';
import type { SeenRequest } from './seenRequest';
import { wildcardMatches } from './wildcardMatches';

export { wildcardMatches } from './wildcardMatches';

/**
 * The identity inside a principal.
 * Source: istio security.proto: `namespaces` come from the caller's certificate, never from its address.
 */
function identityOf(principal: string | undefined) {
  const match = /^(?:spiffe:\/\/)?([^/]+)\/ns\/([^/]+)\/sa\/(.+)$/.exec(
    principal ?? '',
  );
  return match
    ? { trustDomain: match[1], namespace: match[2], account: match[3] }
    : undefined;
}

/**
 * A path pattern; `{*}` is one segment, and `{**}` any number, but for the slashes around it: `/a/{**}` takes `/a/` and not `/a`.
 * Source: istio security.proto, Operation.paths; Envoy's uri_template.
 * @public
 */
export function pathMatches(
  pattern: string,
  value: string | undefined,
): boolean {
  if (!pattern.includes('{')) {
    return wildcardMatches(pattern, value);
  }
  return segmentsMatch(pattern.split('/'), (value ?? '').split('/'));
}

function segmentsMatch(pattern: string[], value: string[]): boolean {
  // One row of a table: which prefixes of `value` the pattern so far can have eaten.
  let reached = new Set([0]);
  for (const segment of pattern) {
    const next = new Set<number>();
    for (const at of reached) {
      if (segment === '{**}') {
        for (let end = at + 1; end <= value.length; end += 1) {
          next.add(end);
        }
      } else if (
        at < value.length &&
        (segment === '{*}' ? value[at] !== '' : segment === value[at])
      ) {
        next.add(at + 1);
      }
    }
    reached = next;
  }
  return reached.has(value.length);
}

type Values = string[] | undefined;

function list(values: unknown): Values {
  return Array.isArray(values) && values.length > 0
    ? values.map(String)
    : undefined;
}

/** Whether a positive list and its `not` twin both hold. */
function both(
  source: any,
  name: string,
  matches: (value: string) => boolean,
): boolean {
  const negated = `not${name[0].toUpperCase()}${name.slice(1)}`;
  const wanted = list(source?.[name]);
  const unwanted = list(source?.[negated]);
  return (
    (!wanted || wanted.some(matches)) && !(unwanted && unwanted.some(matches))
  );
}

/** Whether any `from` item of a rule fits the caller; without `from` everybody does. @public */
export function fromMatches(rule: any, request: SeenRequest): boolean {
  const items = itemsOf(rule?.from);
  return (
    items.length === 0 ||
    items.some(item => sourceMatches(item?.source ?? {}, request))
  );
}

function sourceMatches(source: any, request: SeenRequest): boolean {
  const identity = identityOf(request.principal);
  return (
    both(source, 'principals', value =>
      principalMatches(value, request.principal, request.trustDomains),
    ) &&
    both(source, 'requestPrincipals', value =>
      requestPrincipalMatches(value, request),
    ) &&
    both(source, 'namespaces', value =>
      wildcardMatches(value, identity?.namespace),
    ) &&
    both(source, 'serviceAccounts', value =>
      serviceAccountMatches(value, request),
    ) &&
    both(source, 'trustDomains', value =>
      trustDomainMatches(value, identity?.trustDomain, request.trustDomains),
    ) &&
    both(source, 'ipBlocks', value => inBlock(value, peerOf(request))) &&
    both(source, 'remoteIpBlocks', value => inBlock(value, request.remoteIp))
  );
}

/** A name without a namespace is one of the policy’s own. */
function serviceAccountMatches(value: string, request: SeenRequest): boolean {
  const identity = identityOf(request.principal);
  if (!identity) {
    return false;
  }
  const wanted = value.includes('/')
    ? value
    : `${request.policyNamespace ?? identity.namespace}/${value}`;
  return wanted === `${identity.namespace}/${identity.account}`;
}

/** Who is at the other end of the connection; the caller itself where nothing stands between. */
function peerOf({ peerIp, remoteIp }: SeenRequest): string | undefined {
  return peerIp ?? remoteIp;
}

/** Whether any `to` item of a rule fits the operation; without `to` every operation does. @public */
export function toMatches(rule: any, request: SeenRequest): boolean {
  const items = itemsOf(rule?.to);
  return (
    items.length === 0 ||
    items.some(item => operationMatches(item?.operation ?? {}, request))
  );
}

function operationMatches(operation: any, request: SeenRequest): boolean {
  const path = request.path?.split('?')[0];
  return (
    both(operation, 'hosts', value =>
      wildcardMatches(value.toLowerCase(), request.host?.toLowerCase()),
    ) &&
    both(operation, 'ports', value => value === String(request.port)) &&
    both(operation, 'methods', value =>
      wildcardMatches(value, request.method),
    ) &&
    both(operation, 'paths', value => pathMatches(value, path))
  );
}

/** Whether every `when` condition of a rule holds. @public */
export function whenMatches(rule: any, request: SeenRequest): boolean {
  const conditions = itemsOf(rule?.when);
  return conditions.every(condition => {
    const fits = conditionOn(String(condition?.key ?? ''), request);
    const wanted = list(condition?.values);
    const unwanted = list(condition?.notValues);
    return (!wanted || wanted.some(fits)) && !(unwanted && unwanted.some(fits));
  });
}

function conditionOn(
  key: string,
  request: SeenRequest,
): (value: string) => boolean {
  const { principal, trustDomains } = request;
  switch (key) {
    case 'request.auth.principal':
      return value => requestPrincipalMatches(value, request);
    case 'source.ip':
      return value => inBlock(value, peerOf(request));
    case 'remote.ip':
      return value => inBlock(value, request.remoteIp);
    case 'source.principal':
      return value => principalMatches(value, principal, trustDomains);
    case 'source.trustDomain':
      return value =>
        trustDomainMatches(
          value,
          identityOf(principal)?.trustDomain,
          trustDomains,
        );
    case 'source.serviceAccount':
      return value => serviceAccountMatches(value, request);
    default:
  }
  const actual = attribute(key, request);
  return value => actual.some(candidate => wildcardMatches(value, candidate));
}

function attribute(key: string, request: SeenRequest): string[] {
  const identity = identityOf(request.principal);
  const header = /^request\.headers\[(.+)\]$/.exec(key)?.[1];
  if (header) {
    return listed(
      Object.entries(request.headers ?? {}).find(
        ([name]) => name.toLowerCase() === header.toLowerCase(),
      )?.[1],
    );
  }
  const nested = /^request\.auth\.claims((?:\[[^[\]]+\])+)$/.exec(key)?.[1];
  if (nested) {
    const steps = nested.slice(1, -1).split('][');
    return listed(
      steps.reduce(
        (value: unknown, step) => ownField(value, step),
        request.claims,
      ),
    );
  }
  switch (key) {
    case 'source.namespace':
      return listed(identity?.namespace);
    case 'request.auth.audiences':
      return listed(ownField(request.claims, 'aud'));
    case 'request.auth.presenter':
      return listed(ownField(request.claims, 'azp'));
    case 'connection.sni':
      return listed(request.sni);
    case 'destination.port':
      return [String(request.port)];
    default:
      return [];
  }
}

import { createHash, timingSafeEqual } from 'node:crypto';
import { forbidden, StatusError, unauthorized } from './StatusError';

/** What a token may do. */
export interface AccessRule {
  verbs: string[];
  /** Plural names, with a subresource as in `deployments/scale`; `*` is everything. */
  resources: string[];
  /** Where; everywhere, the cluster's own objects included, if not said. */
  namespaces?: string[];
}

export type AccessRules = 'all' | AccessRule[];

export interface AccessToken {
  token: string;
  user: string;
  groups?: string[];
  rules: AccessRules;
}

export interface User {
  name: string;
  groups: string[];
  rules: AccessRules;
}

/** What is asked for, in the words of an access review. */
export interface ResourceAttributes {
  verb: string;
  group: string;
  resource: string;
  subresource?: string;
  namespace?: string;
  name?: string;
}

function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** Who sends a request; an unknown token is refused, no token is the anonymous user. */
export function authenticate(
  authorization: string | undefined,
  tokens: readonly AccessToken[],
  anonymous: AccessRules | undefined,
): User {
  if (!authorization) {
    return {
      name: 'system:anonymous',
      groups: ['system:unauthenticated'],
      rules: anonymous ?? [],
    };
  }
  const sent = /^Bearer\s+(\S+)\s*$/i.exec(authorization)?.[1];
  const known =
    sent === undefined
      ? undefined
      : tokens.find(({ token }) => sameText(token, sent));
  if (!known) throw unauthorized();
  return {
    name: known.user,
    groups: [...(known.groups ?? []), 'system:authenticated'],
    rules: known.rules,
  };
}

export function isAllowed(user: User, asked: ResourceAttributes): boolean {
  if (user.rules === 'all') return true;
  const resource = asked.subresource
    ? `${asked.resource}/${asked.subresource}`
    : asked.resource;
  return user.rules.some(
    rule =>
      matches(rule.verbs, asked.verb) &&
      matches(rule.resources, resource) &&
      (!rule.namespaces ||
        (asked.namespace !== undefined &&
          matches(rule.namespaces, asked.namespace))),
  );
}

function matches(patterns: string[], value: string): boolean {
  return patterns.includes('*') || patterns.includes(value);
}

/** Refuses in the words of a real server. */
export function authorize(user: User, asked: ResourceAttributes): void {
  if (isAllowed(user, asked)) return;
  const resource = asked.subresource
    ? `${asked.resource}/${asked.subresource}`
    : asked.resource;
  const scope = asked.namespace
    ? `in the namespace "${asked.namespace}"`
    : 'at the cluster scope';
  throw forbidden(
    { group: asked.group, plural: asked.resource },
    asked.name,
    `User "${user.name}" cannot ${asked.verb} resource "${resource}" in API group "${asked.group}" ${scope}`,
  );
}

const PUBLIC_PATHS = ['/healthz', '/livez', '/readyz', '/version'];

/** Paths that aren't objects: everybody may see the version and the health, those who may anything the rest. */
export function authorizePath(user: User, verb: string, path: string): void {
  const isPublic = PUBLIC_PATHS.some(
    open => path === open || path.startsWith(`${open}/`),
  );
  const isKnown = user.groups.includes('system:authenticated');
  if (isPublic || isKnown || user.rules === 'all' || user.rules.length > 0)
    return;
  throw new StatusError(
    403,
    'Forbidden',
    `forbidden: User "${user.name}" cannot ${verb} path "${path}"`,
    {},
  );
}

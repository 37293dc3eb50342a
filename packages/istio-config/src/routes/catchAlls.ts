import type { RequestMatch, RouteRule } from './types';

/**
 * The rules of several objects for one host as a gateway has them: those of one object after those of another, and matches
 * that take everything behind all others. What stands behind such a match in its own object is never asked and left out.
 * Source: istio pilot/pkg/networking/core/route/route.go, SortVHostRoutes.
 */
export function catchAllsLast(
  lists: readonly (readonly RouteRule[])[],
  context: { port?: number } = {},
): RouteRule[] {
  if (lists.length < 2) {
    return [...(lists[0] ?? [])];
  }
  const asked = lists.flatMap(rules => untilEverything(rules, context));
  return [
    ...asked.filter(rule => !takesEverything(rule, context)),
    ...asked.filter(rule => takesEverything(rule, context)),
  ];
}

/** A rule with one match of several that takes everything is taken apart: that match alone goes to the end. */
function untilEverything(
  rules: readonly RouteRule[],
  context: { port?: number },
): RouteRule[] {
  const end = rules.findIndex(rule => takesEverything(rule, context));
  if (end < 0) {
    return [...rules];
  }
  const { matches } = rules[end];
  const at = matches.findIndex(match => isEverything(match, context));
  return [
    ...rules.slice(0, end),
    ...(at > 0 ? [{ ...rules[end], matches: matches.slice(0, at) }] : []),
    { ...rules[end], matches: at < 0 ? [] : [matches[at]] },
  ];
}

/** Whether a rule takes every request, so that none behind it is asked. */
export function takesEverything(
  { matches }: Pick<RouteRule, 'matches'>,
  context: { port?: number } = {},
): boolean {
  return (
    matches.length === 0 || matches.some(match => isEverything(match, context))
  );
}

/** What is not looked at for each request: it holds for all that come this way, or only names the rule. */
function isEverything(
  match: RequestMatch,
  { port }: { port?: number },
): boolean {
  const {
    uri,
    gateways: _gateways,
    ignoreUriCase: _case,
    name: _name,
    statPrefix: _prefix,
    port: ofPort,
    ...rest
  } = match as RequestMatch & { name?: string; statPrefix?: string };
  const isAnyPath =
    isEmptyCondition(uri) ||
    (uri?.prefix === '/' && uri.exact === undefined) ||
    uri?.regex === '.*';
  return (
    isAnyPath &&
    (ofPort === undefined || ofPort === port) &&
    Object.values(rest).every(value => isEmptyCondition(value))
  );
}

function isEmptyCondition(value: unknown): boolean {
  return (
    value === undefined ||
    (typeof value === 'object' &&
      value !== null &&
      Object.keys(value).length === 0)
  );
}

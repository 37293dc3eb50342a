import type { RequestMatch, RouteRule } from './types';

/**
 * The rules of several objects for one host as a gateway has them: those of one object after those of another, and rules
 * that take everything behind all others. What stands behind such a rule in its own object is never asked and left out.
 * Source: istio pilot/pkg/networking/core/route/route.go, SortVHostRoutes.
 */
export function catchAllsLast(
  lists: readonly (readonly RouteRule[])[],
): RouteRule[] {
  if (lists.length < 2) {
    return [...(lists[0] ?? [])];
  }
  const asked = lists.flatMap(rules => {
    const end = rules.findIndex(takesEverything);
    return end < 0 ? rules : rules.slice(0, end + 1);
  });
  return [
    ...asked.filter(rule => !takesEverything(rule)),
    ...asked.filter(takesEverything),
  ];
}

/** Whether a rule takes every request, so that none behind it is asked. */
export function takesEverything({ matches }: RouteRule): boolean {
  return matches.length === 0 || matches.some(isEverything);
}

function isEverything(match: RequestMatch): boolean {
  const { uri, gateways: _gateways, ignoreUriCase: _case, ...rest } = match;
  const isAnyPath =
    uri === undefined ||
    (uri.prefix === '/' && uri.exact === undefined) ||
    uri.regex === '.*' ||
    uri.regex === '*';
  return (
    isAnyPath && Object.values(rest).every(value => isEmptyCondition(value))
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

import { fieldsOf, itemsOf, textsOf } from '../kube/reading';
import { headerChangesOf } from './headerChanges';
import type { RouteRule } from './types';

/** What a rule changes of requests and responses; only what it does change. */
export function operationsOf(
  http: any,
): Pick<RouteRule, 'rewrite' | 'headerOperations' | 'headerChanges' | 'cors'> {
  const headers = [
    ...headerWords(http?.headers?.request, 'requests'),
    ...headerWords(http?.headers?.response, 'responses'),
    ...itemsOf(http?.route).flatMap(destinationWords),
  ];
  const changes = headerChangesOf(http?.headers);
  return {
    ...rewriteOf(http),
    ...(headers.length > 0 ? { headerOperations: headers } : {}),
    ...(changes ? { headerChanges: changes } : {}),
    ...(http?.corsPolicy
      ? { cors: { origins: originsOf(http.corsPolicy) } }
      : {}),
  };
}

/**
 * A host that is set as a header is a rewrite, too, and so is that of the only destination.
 * Source: istio pilot/pkg/networking/core/route/route.go, applyHTTPRouteDestination.
 */
function rewriteOf(http: any): Pick<RouteRule, 'rewrite'> {
  const { uri, authority, uriRegexRewrite: regex } = http?.rewrite ?? {};
  const [only, ...others] = itemsOf(http?.route);
  const host: unknown =
    authority ||
    authorityIn(http?.headers?.request) ||
    (others.length === 0 ? authorityIn(only?.headers?.request) : undefined);
  if (!http?.rewrite && host === undefined) {
    return {};
  }
  const isRegex = typeof regex?.match === 'string';
  return {
    rewrite: {
      uri: isRegex ? String(regex.rewrite ?? '') : uri,
      authority: typeof host === 'string' ? host : undefined,
      ...(isRegex ? { replaces: { regex: regex.match } } : {}),
    },
  };
}

function authorityIn(operations: any): unknown {
  return [operations?.set, operations?.add]
    .flatMap(given => fieldsOf(given))
    .find(([name]) => /^(:authority|host)$/i.test(name))?.[1];
}

/** Header changes for one destination only. */
function destinationWords(route: any): string[] {
  const name = String(
    route?.destination?.subset ?? route?.destination?.host ?? '',
  );
  return [
    ...headerWords(route?.headers?.request, `requests to ${name}`),
    ...headerWords(route?.headers?.response, `responses of ${name}`),
  ];
}

/** "sets x-a on requests": what header operations do there. */
export function headerWords(operations: any, where: string): string[] {
  const names = (value: unknown) => fieldsOf(value).map(([name]) => name);
  const word = (verb: string, given: string[]) =>
    given.length > 0 ? [`${verb} ${given.join(', ')} on ${where}`] : [];
  return [
    ...word('sets', names(operations?.set)),
    ...word('adds', names(operations?.add)),
    ...word('removes', textsOf(operations?.remove)),
  ];
}

function originsOf(policy: any): string[] {
  const matches = itemsOf(policy.allowOrigins).map(origin => {
    if (origin?.prefix !== undefined) {
      return `${origin.prefix}*`;
    }
    return String(origin?.exact ?? `~${origin?.regex ?? ''}`);
  });
  return [...matches, ...textsOf(policy.allowOrigin)];
}

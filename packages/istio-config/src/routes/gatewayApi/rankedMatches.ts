import { isMap, itemsOf } from '../../kube/reading';
import type { RequestMatch, StringMatch } from '../types';

/** A match with its place in the order in which a proxy tries them. */
export interface RankedMatch {
  /** Undefined: it takes everything. */
  match?: RequestMatch;
  /** Greater goes first, item by item. */
  rank: readonly number[];
}

/** Why a route object as a whole has no effect. */
export interface InvalidRoute {
  invalid: string;
}

const LAST = [Number.NEGATIVE_INFINITY];
const URI_RANK = { exact: 3, prefix: 2, regex: 1 };

/**
 * The matches of a rule of an HTTPRoute or GRPCRoute, each for itself as Istio orders them: an exact path before a prefix
 * before a regex, a longer one first, then with a method, with more headers, with more query parameters.
 * Source: istio pilot/pkg/config/kube/gateway/conversion.go, createURIMatch, createGRPCURIMatch, sortHTTPRoutes.
 */
export function rankedMatches(
  kind: string,
  rule: Record<string, any>,
): RankedMatch[] | InvalidRoute {
  // What the API server fills in where a manifest has none.
  const written: unknown =
    kind === 'HTTPRoute' ? rule.matches ?? [{ path: {} }] : rule.matches;
  const listed = itemsOf(written).filter(isMap);
  if (listed.length === 0) {
    return [{ rank: LAST }];
  }
  const ranked: RankedMatch[] = [];
  for (const match of listed) {
    const uri =
      kind === 'GRPCRoute' ? grpcPath(match.method) : httpPath(match.path);
    const headers = namedMatches(match.headers);
    const queryParams =
      kind === 'GRPCRoute' ? {} : namedMatches(match.queryParams);
    for (const part of [uri, headers, queryParams]) {
      if (isInvalid(part)) {
        return part;
      }
    }
    ranked.push(
      rankedMatch({
        uri: uri as StringMatch | undefined,
        method:
          kind === 'HTTPRoute' && typeof match.method === 'string'
            ? { exact: match.method }
            : undefined,
        headers: headers as Record<string, StringMatch>,
        queryParams: queryParams as Record<string, StringMatch>,
      }),
    );
  }
  return ranked;
}

export function isInvalid(value: unknown): value is InvalidRoute {
  return isMap(value) && typeof value.invalid === 'string';
}

function rankedMatch(parts: {
  uri?: StringMatch;
  method?: StringMatch;
  headers: Record<string, StringMatch>;
  queryParams: Record<string, StringMatch>;
}): RankedMatch {
  const { uri, method, headers, queryParams } = parts;
  const counts = [headers, queryParams].map(named => Object.keys(named).length);
  const [type, text] = Object.entries(uri ?? {})[0] ?? [];
  const match: RequestMatch = {
    // Every path starts with a slash: the prefix says nothing, and neither should a sentence about it.
    ...(uri && uri.prefix !== '/' ? { uri } : {}),
    ...(method ? { method } : {}),
    ...(counts[0] > 0 ? { headers } : {}),
    ...(counts[1] > 0 ? { queryParams } : {}),
  };
  return {
    match: Object.keys(match).length > 0 ? match : undefined,
    rank: [
      type ? URI_RANK[type as keyof typeof URI_RANK] : -1,
      typeof text === 'string' ? text.length : 0,
      method ? 1 : 0,
      ...counts,
    ],
  };
}

function httpPath(path: unknown): StringMatch | InvalidRoute {
  const given = isMap(path) ? path : {};
  const value = typeof given.value === 'string' ? given.value : '/';
  switch (given.type ?? 'PathPrefix') {
    case 'PathPrefix':
      return {
        prefix: value === '/' ? '/' : value.replace(/\/$/, ''),
        bySegments: true,
      };
    case 'Exact':
      return { exact: value };
    case 'RegularExpression':
      return { regex: value };
    default:
      return { invalid: `the path type ${String(given.type)} is not known` };
  }
}

/** gRPC's path is `/service/method`. */
function grpcPath(method: unknown): StringMatch | InvalidRoute | undefined {
  if (!isMap(method)) {
    return undefined;
  }
  const text = (value: unknown) =>
    typeof value === 'string' ? value : undefined;
  const [service, name] = [text(method.service), text(method.method)];
  if (service === undefined && name === undefined) {
    return { invalid: 'a gRPC match names neither service nor method' };
  }
  switch (method.type ?? 'Exact') {
    case 'Exact':
      if (name === undefined) {
        return { prefix: `/${service}/` };
      }
      return service === undefined
        ? { regex: `/[^/]+/${name}` }
        : { exact: `/${service}/${name}` };
    case 'RegularExpression':
      return { regex: `/${service ?? '[^/]+'}/${name ?? '.+'}` };
    default:
      return { invalid: `the method type ${String(method.type)} is not known` };
  }
}

/** Header or query parameter matches by their names. */
function namedMatches(
  listed: unknown,
): Record<string, StringMatch> | InvalidRoute {
  const named = new Map<string, StringMatch>();
  for (const entry of itemsOf(listed).filter(isMap)) {
    const type: unknown = entry.type ?? 'Exact';
    if (type !== 'Exact' && type !== 'RegularExpression') {
      return { invalid: `the match type ${String(type)} is not known` };
    }
    if (typeof entry.name === 'string') {
      const value = String(entry.value ?? '');
      named.set(
        entry.name,
        type === 'Exact' ? { exact: value } : { regex: value },
      );
    }
  }
  return Object.fromEntries(named);
}

import { KubeObject } from '../../kube/KubeObject';
import { isMap, itemsOf } from '../../kube/reading';
import type { MeshObjects } from '../../MeshObjects';
import type { RequestMatch, RequestOrigin, RouteRule } from '../types';
import {
  InvalidRoute,
  isInvalid,
  RankedMatch,
  rankedMatches,
} from './rankedMatches';
import { inMergeOrder } from './references';
import { toRule } from './toRule';

interface RankedRule extends RankedMatch {
  rule: RouteRule;
}

/** The rules of routes that Istio merges, in the order in which they are tried, and what takes a route out of force. */
export interface OrderedRules {
  rules: RouteRule[];
  invalid: { route: KubeObject; why: string }[];
}

/**
 * The rules of one or more routes for the same host as one list: by their matches, then the oldest route's first, ties by
 * namespace and name. Matches of one rule that stand together again make one rule.
 * Source: istio pilot/pkg/config/kube/gateway/route_collections.go, mergeHTTPRoutes.
 */
export function orderedRules(
  set: MeshObjects,
  routes: readonly KubeObject[],
  options: { from: RequestOrigin; port?: number },
): OrderedRules {
  const invalid: OrderedRules['invalid'] = [];
  const ranked = inMergeOrder(routes).flatMap(route => {
    const own = rankedRules(set, route, options.from);
    if (isInvalid(own)) {
      invalid.push({ route, why: own.invalid });
      return [];
    }
    return own;
  });
  ranked.sort((a, b) => compareRanks(b.rank, a.rank));
  const rules: RouteRule[] = [];
  let last: RouteRule | undefined;
  for (const { rule, match } of ranked) {
    if (rule === last) {
      const merged = rules[rules.length - 1];
      rules[rules.length - 1] = {
        ...merged,
        matches: joined(merged.matches, matchAt(match, options.port)),
      };
    } else {
      const own = matchAt(match, options.port);
      rules.push({ ...rule, matches: own ? [own] : [] });
    }
    last = rule;
  }
  return { rules, invalid };
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (const [position, value] of a.entries()) {
    const other = b[position] ?? 0;
    if (value !== other) {
      return value < other ? -1 : 1;
    }
  }
  return 0;
}

function matchAt(
  match: RequestMatch | undefined,
  port: number | undefined,
): RequestMatch | undefined {
  return port === undefined ? match : { ...match, port };
}

/** An empty list takes everything, and so does a list with a match that does. */
function joined(
  matches: readonly RequestMatch[],
  match: RequestMatch | undefined,
): RequestMatch[] {
  return matches.length === 0 || !match ? [] : [...matches, match];
}

function rankedRules(
  set: MeshObjects,
  route: KubeObject,
  from: RequestOrigin,
): RankedRule[] | InvalidRoute {
  const ranked: RankedRule[] = [];
  for (const [position, body] of itemsOf(route.spec?.rules).entries()) {
    if (!isMap(body)) {
      continue;
    }
    const matches = rankedMatches(route.kind, body);
    if (isInvalid(matches)) {
      return matches;
    }
    const rule = toRule(set, route, { body, position, from });
    if (isInvalid(rule)) {
      return rule;
    }
    ranked.push(...matches.map(match => ({ ...match, rule })));
  }
  return ranked;
}

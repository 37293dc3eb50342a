import { hostSpecificity } from '../hosts/hosts';
import { textsOf } from '../kube/reading';
import type { RequestMatch, RouteRule } from './types';

/** Envoy looks for the most exact name first, wherever it is written; matches of one rule that stand together stay one. */
export function inOrderOfNames(rules: readonly RouteRule[]): RouteRule[] {
  const exactness = ({ sniHosts }: RequestMatch) =>
    Math.max(0, ...textsOf(sniHosts).map(hostSpecificity));
  const single = rules
    .flatMap(rule => rule.matches.map(match => ({ rule, match })))
    .sort((a, b) => exactness(b.match) - exactness(a.match));
  const ordered: RouteRule[] = [];
  single.forEach(({ rule, match }, index) => {
    const last = ordered.at(-1);
    if (last && single[index - 1].rule === rule) {
      ordered[ordered.length - 1] = {
        ...last,
        matches: [...last.matches, match],
      };
    } else {
      ordered.push({ ...rule, matches: [match] });
    }
  });
  return ordered;
}

/** A match with a name that one before it has is left out as a whole. */
export function withoutRepeated(rules: readonly RouteRule[]): RouteRule[] {
  const taken = new Set<string>();
  return rules
    .map(rule => ({
      ...rule,
      matches: rule.matches.filter(({ sniHosts }) => {
        const names = textsOf(sniHosts);
        const isNew = !names.some(name => taken.has(name));
        names.forEach(name => isNew && taken.add(name));
        return isNew;
      }),
    }))
    .filter(({ matches }) => matches.length > 0);
}

import { describeRef } from '../kube/KubeObject';
import { pathOf, valueAt } from '../kube/place';
import { itemsOf } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';
import { destinationRulesFor, Subset } from './destinationRules';
import { effectiveRoutes } from './effectiveRoutes';
import type { EffectiveRoutes, RouteRule, RuleSource } from './types';

/** A rule that sends all it takes to versions of one Service, so that it can split requests between them. @public */
export interface VersionSplit {
  source: RuleSource;
  /** What proxies make of it: one rule, or, in a delegate, one for each rule that delegates to it. */
  rules: readonly RouteRule[];
  /** Version to per cent, in the order of the versions; they add up to 100. */
  weights: Record<string, number>;
}

/** The versions of a Service, and the rules that can split requests between them. @public */
export interface VersionSplits {
  routes: EffectiveRoutes;
  subsets: readonly Subset[];
  splits: readonly VersionSplit[];
}

/** Who gets which share of a Service's requests, as callers in its own namespace see it. @public */
export function versionSplits(
  set: MeshObjects,
  { namespace, service }: { namespace: string; service: string },
): VersionSplits {
  return set.derive(splitsOf, `${namespace}/${service}`);
}

function splitsOf(set: MeshObjects, key: string): VersionSplits {
  const [namespace, service] = key.split('/');
  const routes = effectiveRoutes(set, {
    namespace,
    service,
    from: { type: 'mesh', namespace },
  });
  const { subsets } = destinationRulesFor(set, routes.host, {
    clientNamespace: namespace,
    serviceNamespace: namespace,
  });
  const bySource = new Map<string, VersionSplit & { rules: RouteRule[] }>();
  for (const rule of routes.rules) {
    const { source } = rule;
    if (!source || !splitsVersions(set, rule, routes.host, subsets)) {
      continue;
    }
    const place = `${describeRef(source.object)} ${pathOf(source.at)}`;
    const known = bySource.get(place);
    if (known) {
      known.rules.push(rule);
    } else {
      const weights = percentages(rule, subsets);
      bySource.set(place, { source, rules: [rule], weights });
    }
  }
  return { routes, subsets, splits: [...bySource.values()] };
}

/** Only an HTTP rule of a VirtualService that sends everything to versions of this very Service, each named once. */
function splitsVersions(
  set: MeshObjects,
  { source, protocol, destinations }: RouteRule,
  host: string,
  subsets: readonly Subset[],
): boolean {
  if (source?.object.kind !== 'VirtualService' || protocol) {
    return false;
  }
  const { kind, namespace, name } = source.object;
  const listed = itemsOf(
    valueAt(set.get(kind, namespace, name), [...source.at, 'route']),
  );
  const named = destinations.map(({ subset }) => subset);
  const known = new Set(subsets.map(subset => subset.name));
  return (
    known.size > 1 &&
    destinations.length > 0 &&
    // What cannot be read of the list is not among the destinations.
    listed.length === destinations.length &&
    new Set(named).size === named.length &&
    destinations.every(
      destination =>
        destination.host === host &&
        destination.subset !== undefined &&
        known.has(destination.subset),
    )
  );
}

/** Whole per cents that add up to 100: what rounding leaves goes to who lost most by it. */
function percentages(
  { destinations }: RouteRule,
  subsets: readonly Subset[],
): Record<string, number> {
  const exact = subsets.map(({ name }) => ({
    name,
    percent:
      (destinations.find(({ subset }) => subset === name)?.share ?? 0) * 100,
  }));
  const down = exact.map(({ percent }) => Math.floor(percent + 1e-9));
  const left = 100 - down.reduce((sum, percent) => sum + percent, 0);
  const luckiest = exact
    .map(({ percent }, index) => ({ index, lost: percent - down[index] }))
    .sort((a, b) => b.lost - a.lost)
    .slice(0, left);
  luckiest.forEach(({ index }) => down[index]++);
  return Object.fromEntries(
    exact.map(({ name }, index) => [name, down[index]]),
  );
}

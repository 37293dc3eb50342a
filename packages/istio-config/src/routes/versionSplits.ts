import { describeRef } from '../kube/KubeObject';
import { pathOf, valueAt } from '../kube/place';
import { itemsOf } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';
import { destinationRulesFor, Subset } from './destinationRules';
import { effectiveRoutes } from './effectiveRoutes';
import { weighedBackends } from './gatewayApi/weighedBackends';
import type { EffectiveRoutes, RouteRule, RuleSource } from './types';
import { sharesOf } from './weights';

const ROUTES = ['HTTPRoute', 'GRPCRoute'];

/** A rule that sends all it takes to versions of one Service, or to Services, so that it can split requests between them. @public */
export interface VersionSplit {
  source: RuleSource;
  /** What it weighs: subsets of the Service, or backends, each a Service of its own. */
  between: 'subsets' | 'backends';
  /** What proxies make of it: one rule, or, in a delegate, one for each rule that delegates to it. */
  rules: readonly RouteRule[];
  /**
   * Version to per cent, in the order of the versions; they add up to 100. A backend is called by the name of its Service, `namespace/name`
   * where that is in another namespace than the route.
   */
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
    if (!source) {
      continue;
    }
    const place = `${describeRef(source.object)} ${pathOf(source.at)}`;
    const known = bySource.get(place);
    if (known) {
      known.rules.push(rule);
      continue;
    }
    const split = splitsVersions(set, rule, routes.host, subsets)
      ? {
          between: 'subsets' as const,
          weights: percentages(sharesOfSubsets(rule, subsets)),
        }
      : backendSplit(set, rule);
    if (split) {
      bySource.set(place, { source, rules: [rule], ...split });
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

/** An HTTPRoute’s or GRPCRoute’s rule whose backends are Services. */
function backendSplit(
  set: MeshObjects,
  { source }: RouteRule,
): Pick<VersionSplit, 'between' | 'weights'> | undefined {
  const { kind, namespace, name } = source!.object;
  const route = set.get(kind, namespace, name);
  if (!route || !ROUTES.includes(kind)) {
    return undefined;
  }
  const found = weighedBackends(route, valueAt(route, source!.at));
  if ('untold' in found) {
    return undefined;
  }
  const shares = sharesOf(found.weights);
  return {
    between: 'backends',
    weights: percentages(
      found.names.map((version, index) => [version, shares[index]]),
    ),
  };
}

function sharesOfSubsets(
  { destinations }: RouteRule,
  subsets: readonly Subset[],
): [name: string, share: number][] {
  return subsets.map(({ name }) => [
    name,
    destinations.find(({ subset }) => subset === name)?.share ?? 0,
  ]);
}

/** Whole per cents that add up to 100: what rounding leaves goes to who lost most by it. */
function percentages(
  shares: readonly (readonly [name: string, share: number])[],
): Record<string, number> {
  const exact = shares.map(([name, share]) => ({ name, percent: share * 100 }));
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

import { serviceHost } from '../../hosts/hosts';
import { KubeObject, namespaceOf, refOf } from '../../kube/KubeObject';
import { textsOf } from '../../kube/reading';
import type { MeshObjects } from '../../MeshObjects';
import { distanceOf } from '../distance';
import type { RouteCandidate } from '../RouteCandidate';
import type { RequestOrigin, RouteLoser } from '../types';
import { orderedRules } from './orderedRules';
import {
  httpRoutes,
  inMergeOrder,
  ParentReference,
  parentsOf,
} from './references';

/** A route with a Service or ServiceEntry for parent. */
interface MeshRoute {
  route: KubeObject;
  /** The namespace of the parent. */
  namespace: string;
  port?: number;
}

/** The routes for a host of the mesh, and those that do not count for this caller. */
export interface MeshRoutes {
  candidates: RouteCandidate[];
  losers: RouteLoser[];
  /** Those that name the host in the caller's sight, and are for callers of another namespace. */
  forOthers: KubeObject[];
}

/**
 * The HTTPRoutes and GRPCRoutes for a host, those of one namespace and port merged as Istio does. Only routes of the
 * host's own namespace (for every caller) and of the caller's (for that caller) count. Sources: istio
 * pilot/pkg/config/kube/gateway/route_collections.go, pilot/pkg/networking/core/route/route.go,
 * buildSidecarVirtualHostsForVirtualService.
 */
export function meshRoutesFor(
  set: MeshObjects,
  host: string,
  from: Extract<RequestOrigin, { type: 'mesh' }>,
): MeshRoutes {
  const groups = new Map<string, MeshRoute[]>();
  const losers: RouteLoser[] = [];
  const forOthers: KubeObject[] = [];
  for (const found of set.derive(routesByHost).get(host.toLowerCase()) ?? []) {
    const namespace = namespaceOf(found.route);
    const isSeen = distanceOf(set, found.route, from.namespace) !== undefined;
    const isForOthers =
      namespace !== found.namespace && namespace !== from.namespace;
    if (isForOthers || !isSeen) {
      const why = isForOthers
        ? `it is for callers in ${namespace} only`
        : `it is not exported to ${from.namespace}`;
      losers.push({ object: refOf(found.route), why });
      forOthers.push(...(isSeen ? [found.route] : []));
      continue;
    }
    const key = `${namespace} ${found.port ?? ''}`;
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(found);
  }
  return {
    candidates: [...groups.values()].map(group =>
      toCandidate(set, host, group, from),
    ),
    losers,
    forOthers,
  };
}

function toCandidate(
  set: MeshObjects,
  host: string,
  group: readonly MeshRoute[],
  from: Extract<RequestOrigin, { type: 'mesh' }>,
): RouteCandidate {
  const objects = inMergeOrder(new Set(group.map(({ route }) => route)));
  const [{ port }] = group;
  const namespace = namespaceOf(objects[0]);
  let ordered: ReturnType<typeof orderedRules> | undefined;
  const compute = () => {
    ordered ??= orderedRules(set, objects, { from, port });
    return ordered;
  };
  return {
    object: objects[0],
    objects,
    hosts: [host],
    specificity: Number.MAX_SAFE_INTEGER,
    distance: distanceOf(set, objects[0], from.namespace) ?? 0,
    // The name of the VirtualService that istiod makes of them.
    name: [namespace, ...(port === undefined ? [] : [port]), host].join('~'),
    port,
    isGatewayApi: true,
    rules: () => compute().rules,
    invalid: () =>
      compute().invalid.map(({ route, why }) => ({
        object: refOf(route),
        why,
      })),
  };
}

function routesByHost(
  set: MeshObjects,
): ReadonlyMap<string, readonly MeshRoute[]> {
  const byHost = new Map<string, MeshRoute[]>();
  for (const route of httpRoutes(set)) {
    for (const parent of parentsOf(route)) {
      for (const host of hostsOfParent(set, parent)) {
        const known = byHost.get(host) ?? [];
        byHost.set(host, known);
        known.push({ route, namespace: parent.namespace, port: parent.port });
      }
    }
  }
  return byHost;
}

/** The mesh hosts of a parent; none of one that is no Service or ServiceEntry, or is not there. */
export function hostsOfParent(
  set: MeshObjects,
  { group, kind, namespace, name }: ParentReference,
): string[] {
  if (group === '' && kind === 'Service') {
    return set.get('Service', namespace, name)
      ? [serviceHost(namespace, name, set.meshConfig.domain).toLowerCase()]
      : [];
  }
  return group === 'networking.istio.io' && kind === 'ServiceEntry'
    ? textsOf(set.get(kind, namespace, name)?.spec?.hosts).map(host =>
        host.toLowerCase(),
      )
    : [];
}

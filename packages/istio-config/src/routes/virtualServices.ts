import { defineHostIndex } from '../hosts/hostIndex';
import { hostCovers, hostSpecificity, resolveHost } from '../hosts/hosts';
import { oldestFirst } from '../kube/age';
import { KubeObject, namespaceOf } from '../kube/KubeObject';
import { itemsOf, textsOf } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';
import { distanceOf } from './distance';
import type { Viewer } from './viewerOf';

/** The VirtualServices one of whose hosts covers a host. */
export const virtualServicesNaming = defineHostIndex('VirtualService', hostsOf);

/** The VirtualServices that send requests to a host. */
export const virtualServicesTo = defineHostIndex('VirtualService', targetsOf);

/** A VirtualService with what decides between it and others for the same host. */
export interface RankedVirtualService {
  object: KubeObject;
  specificity: number;
  /** See `distanceOf`. */
  distance: number;
}

/** The VirtualServices for a host that a proxy sees, the most specific first, then the nearest, then the oldest. */
export function virtualServicesFor(
  set: MeshObjects,
  host: string,
  viewer: Viewer,
): RankedVirtualService[] {
  return oldestFirst(virtualServicesNaming(set, host))
    .flatMap(object => {
      const distance = distanceOf(set, object, viewer.namespace);
      return distance === undefined ||
        !gatewaysOf(object).includes(viewer.gateway)
        ? []
        : [
            {
              object,
              specificity: hostSpecificity(hostOf(set, object, host) ?? '*'),
              distance,
            },
          ];
    })
    .sort((a, b) => b.specificity - a.specificity || a.distance - b.distance);
}

/** The VirtualServices for a host in the order in which a gateway has them: the nearest first, then the oldest. */
export function virtualServicesSeenFor(
  set: MeshObjects,
  host: string,
  viewer: Viewer,
): KubeObject[] {
  const bound = oldestFirst(virtualServicesNaming(set, host)).filter(object =>
    gatewaysOf(object).includes(viewer.gateway),
  );
  return inViewersOrder(set, bound, viewer);
}

/** All VirtualServices that a gateway sees, in its order. */
export function virtualServicesAt(
  set: MeshObjects,
  viewer: Viewer,
): KubeObject[] {
  const bound = set.derive(virtualServicesByGateway).get(viewer.gateway) ?? [];
  return inViewersOrder(set, bound, viewer);
}

function virtualServicesByGateway(
  set: MeshObjects,
): ReadonlyMap<string, readonly KubeObject[]> {
  const byGateway = new Map<string, KubeObject[]>();
  for (const object of oldestFirst(set.all('VirtualService'))) {
    for (const gateway of new Set(gatewaysOf(object))) {
      const known = byGateway.get(gateway) ?? [];
      byGateway.set(gateway, known);
      known.push(object);
    }
  }
  return byGateway;
}

function inViewersOrder(
  set: MeshObjects,
  oldest: readonly KubeObject[],
  viewer: Viewer,
): KubeObject[] {
  return oldest
    .map(object => ({
      object,
      distance: distanceOf(set, object, viewer.namespace) ?? Infinity,
    }))
    .filter(({ distance }) => distance < Infinity)
    .sort((a, b) => a.distance - b.distance)
    .map(({ object }) => object);
}

/** Why one of two for the same host has no effect. */
export function precedenceReason(
  loser: Pick<RankedVirtualService, 'specificity' | 'distance'>,
  winner: RankedVirtualService,
): string {
  const { name } = winner.object.metadata;
  if (loser.specificity < winner.specificity) {
    return `its host is less specific than that of ${name}`;
  }
  return loser.distance > winner.distance
    ? `${name} names the same host and is nearer to the caller`
    : `${name} is older and names the same host`;
}

/** The most specific of the object's hosts that covers `host`. */
function hostOf(
  set: MeshObjects,
  object: KubeObject,
  host: string,
): string | undefined {
  return hostsOf(set, object)
    .filter(pattern => hostCovers(pattern, host))
    .sort((a, b) => hostSpecificity(b) - hostSpecificity(a))[0];
}

/** The hosts of a VirtualService or a ServiceEntry, fully qualified where they are short. @public */
export function hostsOf(
  set: MeshObjects,
  object: KubeObject | undefined,
): string[] {
  const namespace = object?.metadata.namespace ?? '';
  return textsOf(object?.spec?.hosts).map(host =>
    resolveHost(host, namespace, set.meshConfig.domain),
  );
}

/** The hosts that the http, tls and tcp routes of a VirtualService lead to. */
export function targetsOf(set: MeshObjects, object: KubeObject): string[] {
  const hosts = ['http', 'tls', 'tcp']
    .flatMap(protocol => itemsOf(object.spec?.[protocol]))
    .flatMap(rule => itemsOf(rule?.route))
    .map(route => route?.destination?.host);
  return resolved(set, object, hosts);
}

/** The hosts that get copies of requests. */
export function mirrorTargetsOf(
  set: MeshObjects,
  object: KubeObject,
): string[] {
  const hosts = itemsOf(object.spec?.http).flatMap(rule => [
    rule?.mirror?.host,
    ...itemsOf(rule?.mirrors).map(mirror => mirror?.destination?.host),
  ]);
  return resolved(set, object, hosts);
}

function resolved(
  set: MeshObjects,
  object: KubeObject,
  hosts: readonly unknown[],
): string[] {
  return hosts
    .filter(
      (host): host is string =>
        typeof host === 'string' && !host.startsWith('*'),
    )
    .map(host => resolveHost(host, namespaceOf(object), set.meshConfig.domain));
}

/** The gateways of a VirtualService as `namespace/name`, or `mesh` for the sidecars. @public */
export function gatewaysOf(object: KubeObject): string[] {
  return qualifyGateways(object.spec?.gateways, object) ?? ['mesh'];
}

/** @public */
export function qualifyGateways(
  gateways: unknown,
  object: KubeObject,
): string[] | undefined {
  if (!Array.isArray(gateways) || gateways.length === 0) {
    return undefined;
  }
  return gateways.map(gateway =>
    gateway === 'mesh' || String(gateway).includes('/')
      ? String(gateway)
      : `${object.metadata.namespace ?? ''}/${gateway}`,
  );
}

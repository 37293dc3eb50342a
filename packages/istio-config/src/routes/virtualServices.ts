import { defineHostIndex } from '../hosts/hostIndex';
import { hostCovers, hostSpecificity, resolveHost } from '../hosts/hosts';
import { oldestFirst } from '../kube/age';
import {
  KubeObject,
  KubeObjectRef,
  namespaceOf,
  refOf,
} from '../kube/KubeObject';
import { itemsOf } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';
import { distanceOf } from './distance';
import type { RequestOrigin } from './types';

/** The VirtualServices that concern a host, the one in force first. @public */
export interface VirtualServiceChoice {
  winner?: KubeObject;
  /** On a gateway: younger ones for the same host, whose rules follow those of the winner. */
  followers: readonly KubeObject[];
  losers: { object: KubeObjectRef; why: string }[];
}

/** The VirtualServices one of whose hosts covers a host. */
export const virtualServicesNaming = defineHostIndex('VirtualService', hostsOf);

/** The VirtualServices that send requests to a host. */
export const virtualServicesTo = defineHostIndex('VirtualService', targetsOf);

/**
 * Which VirtualService decides over a host: the most specific host wins; on sidecars then the nearest to the caller, then
 * the oldest object alone, on gateways the oldest first. Gateway API routes are not asked: `effectiveRoutes` does.
 * Source: istio pilot/pkg/networking/core/httproute.go, buildSidecarOutboundVirtualHosts, and gateway.go,
 * buildGatewayHTTPRouteConfig.
 * @public
 */
export function virtualServiceFor(
  set: MeshObjects,
  host: string,
  from: RequestOrigin,
): VirtualServiceChoice {
  const [first, ...rest] = virtualServicesFor(set, host, from);
  const follows = ({ specificity }: RankedVirtualService) =>
    from.type === 'gateway' && specificity === first.specificity;
  return {
    winner: first?.object,
    followers: rest.filter(follows).map(({ object }) => object),
    losers: rest
      .filter(ranked => !follows(ranked))
      .map(ranked => ({
        object: refOf(ranked.object),
        why: whyBeaten(ranked, first),
      })),
  };
}

/** A VirtualService with what decides between it and others for the same host. */
export interface RankedVirtualService {
  object: KubeObject;
  specificity: number;
  /** See `distanceOf`; the same for all on a gateway. */
  distance: number;
}

/** The VirtualServices for a host that an origin sees, the one in force first. */
export function virtualServicesFor(
  set: MeshObjects,
  host: string,
  from: RequestOrigin,
): RankedVirtualService[] {
  const gateway = from.type === 'mesh' ? 'mesh' : from.gateway;
  return oldestFirst(virtualServicesNaming(set, host))
    .flatMap(object => {
      const distance =
        from.type === 'mesh' ? distanceOf(set, object, from.namespace) : 0;
      return distance === undefined || !gatewaysOf(object).includes(gateway)
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

/** Why one of two for the same host has no effect. */
export function whyBeaten(
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
export function hostsOf(set: MeshObjects, object: KubeObject): string[] {
  const hosts: unknown = object.spec?.hosts;
  return (Array.isArray(hosts) ? hosts : [])
    .filter((host): host is string => typeof host === 'string')
    .map(host =>
      resolveHost(host, object.metadata.namespace ?? '', set.meshConfig.domain),
    );
}

/** The hosts that the http, tls and tcp routes of a VirtualService lead to. */
function targetsOf(set: MeshObjects, object: KubeObject): string[] {
  return ['http', 'tls', 'tcp']
    .flatMap(protocol => itemsOf(object.spec?.[protocol]))
    .flatMap(rule => itemsOf(rule?.route))
    .map(route => route?.destination?.host)
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

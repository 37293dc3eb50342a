import {
  hostCovers,
  hostSpecificity,
  isExportedTo,
  resolveHost,
} from '../hosts/hosts';
import { oldestFirst } from '../kube/age';
import { KubeObject, KubeObjectRef, refOf } from '../kube/KubeObject';
import type { MeshConfigSet } from '../MeshConfigSet';
import type { RequestOrigin } from './types';

/** The VirtualServices that concern a host, the one in force first. @public */
export interface VirtualServiceChoice {
  winner?: KubeObject;
  /** On a gateway: younger ones for the same host, whose rules follow those of the winner. */
  followers: readonly KubeObject[];
  losers: { object: KubeObjectRef; why: string }[];
}

/**
 * Which VirtualService decides over a host: the most specific host wins; on sidecars then the oldest object alone, on
 * gateways the oldest first. Source: istio pilot/pkg/networking/core/httproute.go, buildSidecarOutboundVirtualHosts,
 * and gateway.go, buildGatewayHTTPRouteConfig.
 * @public
 */
export function virtualServiceFor(
  set: MeshConfigSet,
  host: string,
  from: RequestOrigin,
): VirtualServiceChoice {
  const candidates = oldestFirst(
    set
      .derive(servicesNaming, host.toLowerCase())
      .filter(service => isVisible(set, service, from)),
  );
  const specificity = (service: KubeObject) =>
    hostSpecificity(hostOf(set, service, host) ?? '*');
  const [winner, ...rest] = candidates.sort(
    (a, b) => specificity(b) - specificity(a),
  );
  const follows = (object: KubeObject) =>
    from.type === 'gateway' && specificity(object) === specificity(winner);
  return {
    winner,
    followers: rest.filter(follows),
    losers: rest
      .filter(object => !follows(object))
      .map(object => ({
        object: refOf(object),
        why:
          specificity(object) < specificity(winner)
            ? `its host is less specific than that of ${winner.metadata.name}`
            : `${winner.metadata.name} is older and names the same host`,
      })),
  };
}

/** The most specific of the object's hosts that covers `host`. */
function hostOf(
  set: MeshConfigSet,
  object: KubeObject,
  host: string,
): string | undefined {
  return hostsOf(set, object)
    .filter(pattern => hostCovers(pattern, host))
    .sort((a, b) => hostSpecificity(b) - hostSpecificity(a))[0];
}

/** The hosts of a VirtualService, fully qualified where they are short. @public */
export function hostsOf(set: MeshConfigSet, object: KubeObject): string[] {
  const hosts: unknown = object.spec?.hosts;
  return (Array.isArray(hosts) ? hosts : [])
    .filter((host): host is string => typeof host === 'string')
    .map(host =>
      resolveHost(host, object.metadata.namespace ?? '', set.meshConfig.domain),
    );
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

function isVisible(
  set: MeshConfigSet,
  object: KubeObject,
  from: RequestOrigin,
): boolean {
  const gateway = from.type === 'mesh' ? 'mesh' : from.gateway;
  return (
    gatewaysOf(object).includes(gateway) &&
    (from.type === 'gateway' ||
      isExportedTo(
        object,
        from.namespace,
        set.meshConfig.defaultVirtualServiceExportTo,
      ))
  );
}

/** The VirtualServices one of whose hosts covers a host. */
function servicesNaming(
  set: MeshConfigSet,
  host: string,
): readonly KubeObject[] {
  const { exact, wildcards } = set.derive(servicesByHost);
  return [
    ...new Set([
      ...(exact.get(host) ?? []),
      ...wildcards
        .filter(({ pattern }) => hostCovers(pattern, host))
        .map(({ object }) => object),
    ]),
  ];
}

function servicesByHost(set: MeshConfigSet) {
  const exact = new Map<string, KubeObject[]>();
  const wildcards: { pattern: string; object: KubeObject }[] = [];
  for (const object of set.all('VirtualService')) {
    for (const host of hostsOf(set, object)) {
      const pattern = host.toLowerCase();
      const known = exact.get(pattern);
      if (pattern.startsWith('*')) {
        wildcards.push({ pattern, object });
      } else if (known) {
        known.push(object);
      } else {
        exact.set(pattern, [object]);
      }
    }
  }
  return { exact, wildcards };
}

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
  losers: { object: KubeObjectRef; why: string }[];
}

/**
 * Which VirtualService decides over a host: on sidecars the most specific host wins, then the oldest object.
 * Source: istio pilot/pkg/networking/core/httproute.go, buildSidecarOutboundVirtualHosts.
 * @public
 */
export function virtualServiceFor(
  set: MeshConfigSet,
  host: string,
  from: RequestOrigin,
): VirtualServiceChoice {
  const candidates = oldestFirst(
    visibleVirtualServices(set, from).filter(
      service => hostOf(set, service, host) !== undefined,
    ),
  );
  const specificity = (service: KubeObject) =>
    hostSpecificity(hostOf(set, service, host) ?? '*');
  const [winner, ...rest] = candidates.sort(
    (a, b) => specificity(b) - specificity(a),
  );
  return {
    winner,
    losers: rest.map(object => ({
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

function visibleVirtualServices(
  set: MeshConfigSet,
  from: RequestOrigin,
): KubeObject[] {
  const gateway = from.type === 'mesh' ? 'mesh' : from.gateway;
  return set
    .all('VirtualService')
    .filter(
      object =>
        Array.isArray(object.spec?.hosts) &&
        gatewaysOf(object).includes(gateway) &&
        (from.type === 'gateway' ||
          isExportedTo(
            object,
            from.namespace,
            set.meshConfig.defaultVirtualServiceExportTo,
          )),
    );
}

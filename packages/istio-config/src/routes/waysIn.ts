import { hostCovers, resolveHost, serviceHost } from '../hosts/hosts';
import { KubeObject, KubeObjectRef, refOf } from '../kube/KubeObject';
import type { MeshConfigSet } from '../MeshConfigSet';
import { gatewaysOf } from './virtualServices';

/** One way in from outside the mesh. @public */
export interface WayIn {
  gateway: KubeObjectRef;
  hosts: string[];
  /** The TLS mode of the gateway's server; absent for plain HTTP. */
  tls?: string;
  virtualService: KubeObjectRef;
}

/** The gateways whose VirtualServices send requests to a Service. @public */
export function waysIn(
  set: MeshConfigSet,
  namespace: string,
  service: string,
): WayIn[] {
  const host = serviceHost(namespace, service, set.meshConfig.domain);
  return set.all('VirtualService').flatMap(object => {
    if (!targets(set, object).includes(host)) {
      return [];
    }
    return gatewaysOf(object)
      .filter(gateway => gateway !== 'mesh')
      .flatMap(gateway => wayThrough(set, object, gateway));
  });
}

function targets(set: MeshConfigSet, object: KubeObject): string[] {
  const rules: any[] = Array.isArray(object.spec?.http) ? object.spec.http : [];
  return rules
    .flatMap(rule => (Array.isArray(rule?.route) ? rule.route : []))
    .map(route => route?.destination?.host)
    .filter((host): host is string => typeof host === 'string')
    .map(host =>
      resolveHost(host, object.metadata.namespace ?? '', set.meshConfig.domain),
    );
}

function wayThrough(
  set: MeshConfigSet,
  object: KubeObject,
  name: string,
): WayIn[] {
  const [namespace, gatewayName] = name.split('/');
  const gateway = set.get('Gateway', namespace, gatewayName);
  const servers: any[] = Array.isArray(gateway?.spec?.servers)
    ? gateway.spec.servers
    : [];
  const hosts: string[] = (object.spec?.hosts ?? []).filter(
    (host: unknown) => typeof host === 'string',
  );
  return servers.flatMap(server => {
    const served = hosts.filter(host =>
      (server?.hosts ?? []).some((pattern: unknown) => {
        const own = String(pattern).replace(/^[^/]*\//, '');
        return hostCovers(own, host) || hostCovers(host, own);
      }),
    );
    return served.length && gateway
      ? [
          {
            gateway: refOf(gateway),
            hosts: served,
            tls: server.tls?.mode,
            virtualService: refOf(object),
          },
        ]
      : [];
  });
}

import { hostCovers, serviceHost } from '../hosts/hosts';
import { oldestFirst } from '../kube/age';
import { KubeObject, refOf } from '../kube/KubeObject';
import { itemsOf, textsOf } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';
import { gatewayWaysIn } from './gatewayApi/gatewayWaysIn';
import type { WayIn } from './types';
import { gatewaysOf, virtualServicesTo } from './virtualServices';

/** The gateways whose VirtualServices, HTTPRoutes and GRPCRoutes send requests to a Service. @public */
export function waysIn(
  set: MeshObjects,
  namespace: string,
  service: string,
): WayIn[] {
  const host = serviceHost(namespace, service, set.meshConfig.domain);
  return [
    ...oldestFirst(virtualServicesTo(set, host)).flatMap(object =>
      gatewaysOf(object)
        .filter(gateway => gateway !== 'mesh')
        .flatMap(gateway => wayThrough(set, object, gateway)),
    ),
    ...gatewayWaysIn(set, host),
  ];
}

function wayThrough(
  set: MeshObjects,
  object: KubeObject,
  name: string,
): WayIn[] {
  const [namespace, gatewayName] = name.split('/');
  const gateway = set.get('Gateway', namespace, gatewayName);
  const hosts = textsOf(object.spec?.hosts);
  return itemsOf(gateway?.spec?.servers).flatMap(server => {
    const served = hosts.filter(host =>
      textsOf(server?.hosts).some(pattern => {
        const own = pattern.replace(/^[^/]*\//, '');
        return hostCovers(own, host) || hostCovers(host, own);
      }),
    );
    return served.length && gateway
      ? [
          {
            gateway: refOf(gateway),
            hosts: served,
            tls: server.tls?.mode,
            route: refOf(object),
          },
        ]
      : [];
  });
}

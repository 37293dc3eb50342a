import { serviceHost } from '../../hosts/hosts';
import { KubeObject, namespaceOf, refOf } from '../../kube/KubeObject';
import { isMap, itemsOf } from '../../kube/reading';
import type { MeshObjects } from '../../MeshObjects';
import type { WayIn } from '../types';
import {
  hostnamesAt,
  isTakenByAnother,
  listenersOf,
  whyNotAttached,
} from './listeners';
import { GATEWAY_API, httpRoutes, parentsOf, toReference } from './references';

/** The Gateway API's ways in to a host: the listeners that serve a route with it for backend. */
export function gatewayWaysIn(set: MeshObjects, host: string): WayIn[] {
  return (set.derive(routesByBackend).get(host) ?? []).flatMap(route =>
    parentsOf(route)
      .filter(({ group, kind }) => group === GATEWAY_API && kind === 'Gateway')
      .flatMap(parent => {
        const listeners = listenersOf(set, parent.namespace, parent.name);
        return listeners.flatMap(listener => {
          const hosts = whyNotAttached(set, route, parent, listener)
            ? []
            : hostnamesAt(route, listener)
                .filter(
                  ({ written }) =>
                    !isTakenByAnother(written, listener, listeners),
                )
                .map(({ served }) => served);
          return hosts.length > 0
            ? [
                {
                  gateway: refOf(listener.gateway),
                  hosts,
                  tls: listener.tls,
                  route: refOf(route),
                },
              ]
            : [];
        });
      }),
  );
}

function routesByBackend(
  set: MeshObjects,
): ReadonlyMap<string, readonly KubeObject[]> {
  const byBackend = new Map<string, KubeObject[]>();
  for (const route of httpRoutes(set)) {
    const hosts = itemsOf(route.spec?.rules)
      .flatMap(rule => itemsOf(rule?.backendRefs))
      .filter(isMap)
      .map(backend =>
        toReference(backend, namespaceOf(route), {
          group: '',
          kind: 'Service',
        }),
      )
      .filter(({ group, kind }) => group === '' && kind === 'Service')
      .map(({ namespace, name }) =>
        serviceHost(namespace, name, set.meshConfig.domain),
      );
    for (const host of new Set(hosts)) {
      const known = byBackend.get(host) ?? [];
      byBackend.set(host, known);
      known.push(route);
    }
  }
  return byBackend;
}

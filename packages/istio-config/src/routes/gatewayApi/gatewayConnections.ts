import { commonHost } from '../../hosts/commonHost';
import { oldestFirst } from '../../kube/age';
import { KubeObject, namespaceOf } from '../../kube/KubeObject';
import { textsOf } from '../../kube/reading';
import type { MeshObjects } from '../../MeshObjects';
import { inOrderOfNames, withoutRepeated } from '../connectionOrder';
import type { RequestOrigin, RouteRule } from '../types';
import { CONNECTION_ROUTES, connectionRules } from './connectionRoutes';
import { Listener, listenersOf, whyNotAttached } from './listeners';
import { byGateway, madeName, ownFirst } from './references';

const PASSTHROUGH = 'Passthrough';

/**
 * What a Gateway of the Gateway API does with connections on a port. TLS that it passes on goes by the names of all TLSRoutes; where it
 * ends TLS, or there is none, the first rule of the oldest TCPRoute takes all, or of the oldest TLSRoute where TLS is ended.
 * Source: istio pilot/pkg/networking/core/gateway.go, createGatewayTCPFilterChainOpts.
 */
export function kubernetesConnections(
  set: MeshObjects,
  from: Extract<RequestOrigin, { type: 'gateway' }>,
  port: number | undefined,
): RouteRule[] {
  const [namespace, name] = from.gateway.split('/');
  const listeners = listenersOf(set, namespace, name).filter(
    listener =>
      (listener.protocol === 'TCP' || listener.protocol === 'TLS') &&
      (port === undefined || listener.port === port),
  );
  const passed = listeners
    .filter(({ tls }) => tls === PASSTHROUGH)
    .flatMap(listener =>
      attached(set, listener, CONNECTION_ROUTES.tls).flatMap(route =>
        passedOn(set, route, listener, from),
      ),
    );
  const ended = listeners
    .filter(({ tls }) => tls !== PASSTHROUGH)
    .flatMap(listener => taken(set, listener, from).slice(0, 1));
  return [...inOrderOfNames(withoutRepeated(passed)), ...ended];
}

function attached(
  set: MeshObjects,
  listener: Listener,
  kind: string,
): KubeObject[] {
  const { name } = listener.gateway.metadata;
  const namespace = namespaceOf(listener.gateway);
  const naming =
    set.derive(routesByGateway, kind).get(`${namespace}/${name}`) ?? [];
  const routes = naming
    .filter(
      ({ route, parent }) => !whyNotAttached(set, route, parent, listener),
    )
    .map(({ route }) => route);
  return ownFirst([...new Set(routes)], namespace);
}

function routesByGateway(set: MeshObjects, kind: string) {
  return byGateway(oldestFirst(set.all(kind), madeName));
}

function passedOn(
  set: MeshObjects,
  route: KubeObject,
  listener: Listener,
  from: RequestOrigin,
): RouteRule[] {
  const written = textsOf(route.spec?.hostnames);
  const sniHosts = (written.length > 0 ? written : ['*']).flatMap(
    host => commonHost(host, listener.hostname) ?? [],
  );
  return sniHosts.length > 0
    ? connectionRules(set, route, {
        from,
        protocol: 'tls',
        match: { sniHosts },
      })
    : [];
}

function taken(
  set: MeshObjects,
  listener: Listener,
  from: RequestOrigin,
): RouteRule[] {
  const kinds =
    listener.tls === undefined
      ? [CONNECTION_ROUTES.tcp]
      : [CONNECTION_ROUTES.tcp, CONNECTION_ROUTES.tls];
  return kinds
    .flatMap(kind => attached(set, listener, kind))
    .flatMap(route =>
      connectionRules(set, route, { from, protocol: 'tcp', match: {} }),
    );
}

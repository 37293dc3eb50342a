import { hostCovers } from '../hosts/hosts';
import { KUBERNETES_GATEWAY } from '../kube/homeGroups';
import { KubeObject, namespaceOf, refOf } from '../kube/KubeObject';
import { isMap, itemsOf, textsOf } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';
import { catchAllsLast } from './catchAlls';
import { connectionRulesOf } from './connectionRoutes';
import { gatewayRoutesFor } from './gatewayApi/gatewayRoutes';
import { httpRoutesOf } from './httpRules';
import type { DecidedRoutes } from './meshRoutes';
import type { EffectiveRoutes, RequestOrigin, RouteRule } from './types';
import { virtualServiceFor } from './virtualServices';

/** A host at a gateway. */
export interface GatewayQuery {
  from: Extract<RequestOrigin, { type: 'gateway' }>;
  port?: number;
  /** A Service is asked for by its own name, which no server of a gateway need have. */
  isService?: boolean;
}

/** The rules for a host at a gateway, be it Istio's own or the Gateway API's. */
export function routesAtGateway(
  set: MeshObjects,
  host: string,
  query: GatewayQuery,
): EffectiveRoutes {
  const [namespace, name] = query.from.gateway.split('/');
  const { rules, losers, decidedBy } =
    set.get(KUBERNETES_GATEWAY, namespace, name) &&
    !set.get('Gateway', namespace, name)
      ? gatewayRoutesFor(set, host, query)
      : virtualServiceRoutes(set, host, query);
  return {
    host,
    rules: rules.map((rule, index) => ({ ...rule, index })),
    ...(rules.length > 0 && decidedBy ? { decidedBy: refOf(decidedBy) } : {}),
    losers,
  };
}

function virtualServiceRoutes(
  set: MeshObjects,
  host: string,
  query: GatewayQuery,
): Omit<DecidedRoutes, 'takesAllPorts'> {
  const { winner, followers, losers } = virtualServiceFor(
    set,
    host,
    query.from,
  );
  const [namespace, name] = query.from.gateway.split('/');
  const gateway = query.isService
    ? undefined
    : set.get('Gateway', namespace, name);
  const inForce: KubeObject[] = [];
  const lists: RouteRule[][] = [];
  for (const object of winner ? [winner, ...followers] : []) {
    const servers = serversFor(gateway, object, host, query.port);
    if (servers.length === 0) {
      losers.push({
        object: refOf(object),
        why: `no server of Gateway ${query.from.gateway} takes ${host} for it`,
      });
      continue;
    }
    inForce.push(object);
    lists.push([
      ...(servers.includes('requests') ? httpRoutesOf(set, object, query) : []),
      ...(servers.includes('connections')
        ? connectionRulesOf(set, object, query)
        : []),
    ]);
  }
  return { rules: catchAllsLast(lists), decidedBy: inForce[0], losers };
}

type Routing = 'requests' | 'connections';

/**
 * What the servers of an Istio Gateway that take a host route by, as far as they let VirtualServices of the object's
 * namespace have it; without a gateway to look at it is taken to carry HTTP.
 * Source: istio pilot/pkg/model/gateway.go, MergeGateways.
 */
function serversFor(
  gateway: KubeObject | undefined,
  object: KubeObject,
  host: string,
  port?: number,
): Routing[] {
  if (!gateway) {
    return ['requests'];
  }
  const isHost = (pattern: string) => {
    const slash = pattern.indexOf('/');
    const place = slash < 0 ? '*' : pattern.slice(0, slash);
    return (
      hostCovers(pattern.slice(slash + 1), host) &&
      (place === '*' ||
        place === namespaceOf(object) ||
        (place === '.' && namespaceOf(gateway) === namespaceOf(object)))
    );
  };
  return itemsOf(gateway.spec?.servers)
    .filter(isMap)
    .filter(
      server =>
        (port === undefined || server.port?.number === port) &&
        textsOf(server.hosts).some(isHost),
    )
    .map(routingOf);
}

/** TLS that the gateway does not end is routed by its SNI, like TCP. */
function routingOf(server: Record<string, any>): Routing {
  const protocol = String(server.port?.protocol ?? 'HTTP').toUpperCase();
  const isPassedOn = /PASSTHROUGH$/.test(String(server.tls?.mode));
  return /^(HTTP|HTTP2|GRPC|GRPC-WEB)$/.test(protocol) ||
    (protocol === 'HTTPS' && !isPassedOn)
    ? 'requests'
    : 'connections';
}

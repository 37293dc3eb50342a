import { oldestFirst } from '../kube/age';
import { KUBERNETES_GATEWAY } from '../kube/homeGroups';
import { refOf } from '../kube/KubeObject';
import type { MeshObjects } from '../MeshObjects';
import { distanceOf } from './distance';
import { gatewayRoutesFor } from './gatewayApi/gatewayRoutes';
import { connectionsAt } from './gatewayConnections';
import { requestsAt } from './gatewayRequests';
import { anyServer } from './gatewayServers';
import { serversFor } from './metServers';
import type { DecidedRoutes } from './meshRoutes';
import type { EffectiveRoutes, RequestOrigin } from './types';
import { viewerOf } from './viewerOf';
import { gatewaysOf, virtualServicesNaming } from './virtualServices';

/** A host at a gateway. */
export interface GatewayQuery {
  from: Extract<RequestOrigin, { type: 'gateway' }>;
  port?: number;
  /** The name in the TLS greeting; by default the host. */
  sni?: string;
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
  { from, port, sni, isService }: GatewayQuery,
): Omit<DecidedRoutes, 'takesAllPorts'> {
  const viewer = viewerOf(set, from);
  const servers = isService
    ? [anyServer(from.gateway)]
    : serversFor(set, viewer, { host, port, sni });
  const context = { from, viewer, port };
  const requests = requestsAt(set, host, servers, context);
  const connections = connectionsAt(set, host, servers, context);
  const inForce = [...requests.inForce, ...connections.inForce];
  const beaten = oldestFirst(virtualServicesNaming(set, host)).filter(
    object =>
      gatewaysOf(object).includes(from.gateway) && !inForce.includes(object),
  );
  return {
    rules: [...requests.rules, ...connections.rules],
    decidedBy: inForce[0],
    losers: beaten.map(object => ({
      object: refOf(object),
      why:
        distanceOf(set, object, viewer.namespace) === undefined
          ? `it is not exported to ${viewer.namespace}, where the gateway runs`
          : requests.why(object) ??
            `no server of Gateway ${from.gateway} takes ${host} for it`,
    })),
  };
}

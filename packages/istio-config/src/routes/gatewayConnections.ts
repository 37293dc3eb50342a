import { commonHost } from '../hosts/commonHost';
import { KubeObject, namespaceOf } from '../kube/KubeObject';
import type { MeshObjects } from '../MeshObjects';
import { inOrderOfNames, withoutRepeated } from './connectionOrder';
import { connectionRulesOf } from './connectionRoutes';
import type { ServedRules } from './gatewayRequests';
import { GatewayServer, hostsAt } from './gatewayServers';
import type { RuleContext } from './httpRules';
import {
  hostsOf,
  virtualServicesAt,
  virtualServicesSeenFor,
} from './virtualServices';

/**
 * The connection rules for a host. Where the gateway ends TLS, or there is none, no name is looked at: the first `tcp` rule that
 * holds takes all. TLS that it passes on goes by the `tls` rules of all VirtualServices.
 * Source: istio pilot/pkg/networking/core/gateway.go, createGatewayTCPFilterChainOpts.
 */
export function connectionsAt(
  set: MeshObjects,
  host: string,
  servers: readonly GatewayServer[],
  context: RuleContext,
): ServedRules {
  const result: ServedRules = { rules: [], inForce: [], why: () => undefined };
  for (const server of servers) {
    const { routing, gateway } = server;
    if (routing === 'requests') {
      continue;
    }
    const viewer = { ...context.viewer, gateway };
    const seen =
      routing === 'tcp'
        ? virtualServicesAt(set, viewer)
        : virtualServicesSeenFor(set, host, viewer);
    const found = seen
      .filter(object => isServedBy(set, server, object))
      .flatMap(object =>
        connectionRulesOf(set, object, {
          ...context,
          viewer,
          protocol: routing,
        }).map(rule => ({ object, rule })),
      );
    const taken = routing === 'tcp' ? found.slice(0, 1) : found;
    result.inForce.push(...new Set(taken.map(({ object }) => object)));
    const rules = taken.map(({ rule }) => rule);
    result.rules.push(
      ...(routing === 'tls' ? inOrderOfNames(withoutRepeated(rules)) : rules),
    );
  }
  return result;
}

function isServedBy(
  set: MeshObjects,
  server: GatewayServer,
  object: KubeObject,
): boolean {
  return hostsAt(server, namespaceOf(object)).some(own =>
    hostsOf(set, object).some(other => commonHost(own, other)),
  );
}

import { namespaceOf } from '../kube/KubeObject';
import type { MeshObjects } from '../MeshObjects';
import { connectionRulesOf } from './connectionRoutes';
import { commonHost, ServedRules } from './gatewayRequests';
import { GatewayServer, hostsAt } from './gatewayServers';
import type { RuleContext } from './httpRules';
import { hostsOf, virtualServicesSeenFor } from './virtualServices';

/**
 * The connection rules for a host. Where the gateway ends TLS, or there is none, the first `tcp` rule that holds takes all; TLS
 * that it passes on goes by the `tls` rules of all VirtualServices.
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
    const { routing } = server;
    if (routing === 'requests') {
      continue;
    }
    const viewer = { ...context.viewer, gateway: server.gateway };
    const found = virtualServicesSeenFor(set, host, viewer)
      .filter(object =>
        hostsAt(server, namespaceOf(object)).some(own =>
          hostsOf(set, object).some(other => commonHost(own, other)),
        ),
      )
      .map(object => ({
        object,
        rules: connectionRulesOf(set, object, {
          ...context,
          viewer,
          protocol: routing,
        }),
      }))
      .filter(({ rules }) => rules.length > 0);
    for (const { object, rules } of routing === 'tcp'
      ? found.slice(0, 1)
      : found) {
      result.inForce.push(object);
      result.rules.push(...(routing === 'tcp' ? rules.slice(0, 1) : rules));
    }
  }
  return result;
}

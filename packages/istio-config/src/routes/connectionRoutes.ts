import { namespaceOf, refOf } from '../kube/KubeObject';
import { isMap, itemsOf } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';
import type { KubeObject } from '../kube/KubeObject';
import { takesEverything } from './catchAlls';
import { destinationsOf } from './httpRules';
import { matchesFor } from './matchesFor';
import type { DecidedRoutes, MeshQuery } from './meshRoutes';
import { importsRoute } from './sidecarScope';
import type { RequestOrigin, RouteRule } from './types';
import { hostsOf, virtualServicesFor, whyBeaten } from './virtualServices';

const PROTOCOLS = ['tls', 'tcp'] as const;

/**
 * The `tls` and `tcp` rules for a host on a port that carries connections: of the first VirtualService that has one that can
 * hold; TLS rules, which name an SNI, before TCP rules.
 * Source: istio pilot/pkg/networking/core/tls.go, buildSidecarOutboundTCPTLSFilterChainOpts.
 */
export function connectionRoutes(
  set: MeshObjects,
  host: string,
  { from, port, listener }: MeshQuery,
): DecidedRoutes {
  const [winner, ...rest] = virtualServicesFor(set, host, from).flatMap(
    ranked => {
      const { object } = ranked;
      const isImported = importsRoute(listener, {
        namespace: namespaceOf(object),
        hosts: hostsOf(set, object),
        isGatewayApi: false,
      });
      const rules = isImported
        ? connectionRulesOf(set, object, { from, port })
        : [];
      return rules.length > 0 ? [{ ...ranked, rules }] : [];
    },
  );
  return {
    rules: winner?.rules ?? [],
    decidedBy: winner?.object,
    losers: rest.map(loser => ({
      object: refOf(loser.object),
      why: whyBeaten(loser, winner),
    })),
    // What no rule takes goes to the Service itself.
    takesAllPorts: winner?.rules.some(takesEverything) ?? false,
  };
}

/** The connection rules of a VirtualService that can hold for an origin. */
export function connectionRulesOf(
  set: MeshObjects,
  object: KubeObject,
  context: { from: RequestOrigin; port?: number },
): RouteRule[] {
  return PROTOCOLS.flatMap(protocol =>
    itemsOf(object.spec?.[protocol]).flatMap((rule, position) => {
      const matches = isMap(rule)
        ? matchesFor(rule, object, context)
        : undefined;
      return matches
        ? [
            {
              index: 0,
              protocol,
              matches,
              destinations: destinationsOf(
                set,
                rule.route,
                namespaceOf(object),
                context.from,
              ),
              mirrors: [],
              source: {
                object: refOf(object),
                at: ['spec', protocol, position],
              },
            },
          ]
        : [];
    }),
  );
}

import { oldestFirst } from '../kube/age';
import { KubeObject, namespaceOf, refOf } from '../kube/KubeObject';
import { isMap, itemsOf } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';
import { takesEverything } from './catchAlls';
import { inOrderOfNames } from './connectionOrder';
import { meshConnectionRoutes } from './gatewayApi/connectionRoutes';
import { destinationsOf, RuleContext } from './httpRules';
import { matchesFor } from './matchesFor';
import type { DecidedRoutes, MeshQuery } from './meshRoutes';
import { importsRoute } from './sidecarScope';
import type { RouteRule } from './types';
import {
  hostsOf,
  RankedVirtualService,
  virtualServicesFor,
  precedenceReason,
} from './virtualServices';

/** What routes connections, not requests. */
export type ConnectionProtocol = 'tls' | 'tcp';

/**
 * The connection rules for a host. On a port that carries TLS the `tls` rules of all VirtualServices, and where one can hold
 * the Service is asked for no other name; on another port the first `tcp` rule that can hold alone. Where Istio looks at the
 * traffic itself, or no port is asked, both are listed.
 * Source: istio pilot/pkg/networking/core/tls.go, buildSidecarOutboundTLSFilterChainOpts and …TCPFilterChainOpts.
 */
export function connectionRoutes(
  set: MeshObjects,
  host: string,
  query: MeshQuery & { protocols: readonly ConnectionProtocol[] },
): DecidedRoutes {
  const { viewer, port, listener, protocols } = query;
  const seen = virtualServicesFor(set, host, viewer).filter(({ object }) =>
    importsRoute(listener, {
      namespace: namespaceOf(object),
      hosts: hostsOf(set, object),
      isGatewayApi: false,
    }),
  );
  const byProtocol = protocols.map(protocol => {
    const context = { ...query, protocol };
    const candidates = [
      ...seen.map(ranked => ({
        ...ranked,
        name: ranked.object.metadata.name,
        rules: connectionRulesOf(set, ranked.object, context),
      })),
      ...importedRoutes(set, host, context),
    ];
    const able = inSelectionOrder(candidates).filter(
      ({ rules }) => rules.length > 0,
    );
    if (protocol === 'tls') {
      const rules = inOrderOfNames(able.flatMap(({ rules: own }) => own));
      return { winners: able, losers: [], rules, isWhole: rules.length > 0 };
    }
    const [winner, ...losers] = able;
    const rules = untilEverything(winner?.rules ?? [], port);
    const isWhole = rules.some(rule => takesEverything(rule, { port }));
    return { winners: winner ? [winner] : [], losers, rules, isWhole };
  });
  return {
    rules: byProtocol.flatMap(({ rules }) => rules),
    decidedBy: byProtocol.flatMap(({ winners }) => winners)[0]?.object,
    losers: byProtocol.flatMap(({ winners, losers }) =>
      losers.map(loser => ({
        object: refOf(loser.object),
        why: precedenceReason(loser, winners[0]),
      })),
    ),
    // What no rule takes goes to the Service itself; beside TLS rules it is passed through.
    takesAllPorts: byProtocol.every(({ isWhole }) => isWhole),
  };
}

interface Candidate extends RankedVirtualService {
  /** By which ties are broken. */
  name: string;
  rules: RouteRule[];
}

/** TLSRoutes or TCPRoutes that the caller’s proxy imports. */
function importedRoutes(
  set: MeshObjects,
  host: string,
  query: MeshQuery & { protocol: ConnectionProtocol },
): Candidate[] {
  return meshConnectionRoutes(set, host, query)
    .filter(({ route }) =>
      importsRoute(query.listener, {
        namespace: namespaceOf(route),
        hosts: [host],
        isGatewayApi: true,
      }),
    )
    .map(({ route, name, distance, rules }) => ({
      object: route,
      name,
      specificity: Number.MAX_SAFE_INTEGER,
      distance,
      rules,
    }));
}

/** Wildcards are no weaker here: the nearest comes first, then the oldest. */
function inSelectionOrder(ranked: readonly Candidate[]): Candidate[] {
  const byKey = new Map(
    ranked.map(candidate => {
      const { object, name } = candidate;
      return [{ ...object, metadata: { ...object.metadata, name } }, candidate];
    }),
  );
  return oldestFirst(byKey.keys())
    .map(key => byKey.get(key)!)
    .sort((a, b) => a.distance - b.distance);
}

function untilEverything(
  rules: readonly RouteRule[],
  port: number | undefined,
): RouteRule[] {
  const end = rules.findIndex(rule => takesEverything(rule, { port }));
  return end < 0 ? [...rules] : rules.slice(0, end + 1);
}

/** The `tls` or `tcp` rules of a VirtualService that can hold for an origin. */
export function connectionRulesOf(
  set: MeshObjects,
  object: KubeObject,
  context: RuleContext & { protocol: ConnectionProtocol },
): RouteRule[] {
  const { protocol } = context;
  return itemsOf(object.spec?.[protocol]).flatMap((rule, position) => {
    const isRule = isMap(rule) && itemsOf(rule.route).length > 0;
    const matches = isRule ? matchesFor(rule, object, context) : undefined;
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
              context,
            ),
            mirrors: [],
            source: { object: refOf(object), at: ['spec', protocol, position] },
          },
        ]
      : [];
  });
}

import { hostCovers, hostSpecificity } from '../../hosts/hosts';
import { oldestFirst } from '../../kube/age';
import { KubeObject, refOf } from '../../kube/KubeObject';
import { textsOf } from '../../kube/reading';
import type { MeshObjects } from '../../MeshObjects';
import { catchAllsLast } from '../catchAlls';
import type { RequestOrigin, RouteLoser, RouteRule } from '../types';
import { kubernetesConnections } from './gatewayConnections';
import {
  hostnamesAt,
  isTakenByAnother,
  Listener,
  listenersOf,
  whyNotAttached,
} from './listeners';
import { orderedRules } from './orderedRules';
import {
  type AttachedRoute,
  byGateway,
  httpRoutes,
  inMergeOrder,
  ownFirst,
} from './references';

/** What a Gateway API Gateway does with requests for a host. */
export interface GatewayRoutes {
  rules: RouteRule[];
  losers: RouteLoser[];
  /** The oldest of the routes in force. */
  decidedBy?: KubeObject;
}

interface Serving {
  route: KubeObject;
  listener: Listener;
  /** The host of the route as it is written, `*` where it has none. */
  written: string;
  /** The host, perhaps with a wildcard, under which the listener serves the route. */
  domain: string;
}

/** What a Gateway serves, by host, and the routes that name it and are not attached. */
interface ServedRoutes {
  ports: readonly number[];
  exact: ReadonlyMap<string, readonly Serving[]>;
  wildcards: readonly Serving[];
  refused: readonly { route: KubeObject; why: string }[];
}

/**
 * The rules for a host at a Gateway: of the attached routes those that name it most exactly, merged. Where the Gateway's
 * ports differ and none is asked for, each rule says its own.
 * Source: istio pilot/pkg/config/kube/gateway/route_collections.go.
 */
export function gatewayRoutesFor(
  set: MeshObjects,
  host: string,
  query: {
    from: Extract<RequestOrigin, { type: 'gateway' }>;
    port?: number;
    /** The name in the TLS greeting; by default the host. */
    sni?: string;
  },
): GatewayRoutes {
  const served = set.derive(servedRoutes, query.from.gateway);
  const serving = [
    ...(served.exact.get(host.toLowerCase()) ?? []),
    ...served.wildcards.filter(({ domain }) => hostCovers(domain, host)),
  ];
  const losers: RouteLoser[] = served.refused
    .filter(({ route }) => names(route, host))
    .map(({ route, why }) => ({ object: refOf(route), why }));
  const byPort = new Map<number, RouteRule[]>();
  let decidedBy: KubeObject | undefined;
  for (const port of query.port === undefined ? served.ports : [query.port]) {
    const greeted = greetedListener(set, query.from.gateway, {
      port,
      sni: query.sni ?? host,
    });
    const here = serving.filter(
      ({ listener }) =>
        listener.port === port && (!listener.tls || listener.name === greeted),
    );
    const found = rulesAt(set, here, query.from);
    losers.push(...found.losers);
    decidedBy ??= found.decidedBy;
    if (found.rules.length > 0) {
      byPort.set(port, found.rules);
    }
  }
  const connections = kubernetesConnections(set, query.from, query.port);
  const [first] = connections;
  return {
    rules: [...acrossPorts(byPort), ...connections],
    losers: distinct(losers),
    decidedBy: decidedBy ?? (first && objectOf(set, first)),
  };
}

/** Of the listeners that end TLS on a port the name of the one with the most exact host; each has routes of its own. */
function greetedListener(
  set: MeshObjects,
  gateway: string,
  { port, sni }: { port: number; sni: string },
): string | undefined {
  const [namespace, name] = gateway.split('/');
  return listenersOf(set, namespace, name)
    .filter(listener => listener.port === port && listener.tls)
    .filter(({ hostname }) => hostCovers(hostname, sni))
    .sort(
      (a, b) => hostSpecificity(b.hostname) - hostSpecificity(a.hostname),
    )[0]?.name;
}

function objectOf(
  set: MeshObjects,
  { source }: RouteRule,
): KubeObject | undefined {
  const { kind, namespace, name } = source!.object;
  return set.get(kind, namespace, name);
}

function names(route: KubeObject, host: string): boolean {
  const given = textsOf(route.spec?.hostnames);
  return given.length === 0 || given.some(name => hostCovers(name, host));
}

function servedRoutes(set: MeshObjects, gateway: string): ServedRoutes {
  const [namespace, name] = gateway.split('/');
  const listeners = listenersOf(set, namespace, name);
  const exact = new Map<string, Serving[]>();
  const wildcards: Serving[] = [];
  const refused: { route: KubeObject; why: string }[] = [];
  for (const attached of set.derive(routesByGateway).get(gateway) ?? []) {
    const found = servingOf(set, attached, listeners);
    if (typeof found === 'string') {
      refused.push({ route: attached.route, why: found });
      continue;
    }
    for (const serving of found) {
      const domain = serving.domain.toLowerCase();
      const known = domain.startsWith('*')
        ? wildcards
        : exact.get(domain) ?? [];
      if (known !== wildcards) {
        exact.set(domain, known);
      }
      known.push(serving);
    }
  }
  const ports = [...new Set(listeners.map(listener => listener.port))];
  return { ports, exact, wildcards, refused };
}

/** Where a route is served, or why it is nowhere. */
function servingOf(
  set: MeshObjects,
  { route, parent }: AttachedRoute,
  listeners: readonly Listener[],
): Serving[] | string {
  const reasons: string[] = [];
  const serving = listeners.flatMap(listener => {
    const why = whyNotAttached(set, route, parent, listener);
    if (why) {
      reasons.push(why);
      return [];
    }
    return hostnamesAt(route, listener)
      .filter(({ written }) => !isTakenByAnother(written, listener, listeners))
      .map(({ written, served }) => ({
        route,
        listener,
        written,
        domain: served,
      }));
  });
  return serving.length === 0 && reasons.length > 0
    ? [...new Set(reasons)].join('; ')
    : serving;
}

function rulesAt(
  set: MeshObjects,
  serving: readonly Serving[],
  from: Extract<RequestOrigin, { type: 'gateway' }>,
): GatewayRoutes {
  const best = Math.max(
    ...serving.map(({ domain }) => hostSpecificity(domain)),
  );
  const chosen = serving.filter(
    ({ domain }) => hostSpecificity(domain) === best,
  );
  const routes = oldestFirst(new Set(chosen.map(({ route }) => route)));
  const losers: RouteLoser[] = serving
    .filter(({ route }) => !routes.includes(route))
    .map(({ route }) => ({
      object: refOf(route),
      why: `its host is less specific than that of ${routes[0].metadata.name}`,
    }));
  const [place] = from.gateway.split('/');
  const lists = byWrittenHost(chosen, place).map(group => {
    const { rules, invalid } = orderedRules(set, group, { from });
    losers.push(
      ...invalid.map(({ route, why }) => ({ object: refOf(route), why })),
    );
    return rules;
  });
  const rules = catchAllsLast(lists);
  return { rules, losers, decidedBy: rules.length > 0 ? routes[0] : undefined };
}

/**
 * istiod makes a VirtualService of all routes, whatever their kind, for each host that they write; those that meet in one host
 * of the listener follow each other: those of the gateway’s own namespace, then the oldest, then by that host.
 * Source: istio pilot/pkg/config/kube/gateway/route_collections.go, mergeHTTPRoutes.
 */
function byWrittenHost(
  serving: readonly Serving[],
  place: string,
): KubeObject[][] {
  const groups = new Map<string, Set<KubeObject>>();
  for (const { written, route } of serving) {
    const group = groups.get(written) ?? new Set();
    groups.set(written, group.add(route));
  }
  const routesOf = new Map<KubeObject, KubeObject[]>();
  for (const [written, group] of groups) {
    const routes = inMergeOrder(group);
    const [{ metadata, ...rest }] = routes;
    routesOf.set({ ...rest, metadata: { ...metadata, name: written } }, routes);
  }
  const made = oldestFirst(routesOf.keys());
  return ownFirst(made, place).map(one => routesOf.get(one)!);
}

/** One list where all ports have the same rules; else each rule bound to its port. */
function acrossPorts(
  byPort: ReadonlyMap<number, readonly RouteRule[]>,
): RouteRule[] {
  const lists = [...byPort];
  const signature = (rules: readonly RouteRule[]) =>
    JSON.stringify(rules.map(({ source, matches }) => [source, matches]));
  if (new Set(lists.map(([, rules]) => signature(rules))).size <= 1) {
    return [...(lists[0]?.[1] ?? [])];
  }
  return lists.flatMap(([port, rules]) =>
    rules.map(rule => ({
      ...rule,
      matches:
        rule.matches.length === 0
          ? [{ port }]
          : rule.matches.map(match => ({ ...match, port })),
    })),
  );
}

function distinct(losers: readonly RouteLoser[]): RouteLoser[] {
  const known = new Map(
    losers.map(loser => [JSON.stringify(loser.object), loser]),
  );
  return [...known.values()];
}

/** HTTPRoutes and GRPCRoutes by the Gateways they name, as `namespace/name`. */
export function routesByGateway(
  set: MeshObjects,
): ReadonlyMap<string, readonly AttachedRoute[]> {
  return byGateway(httpRoutes(set));
}

import {
  hostCovers,
  hostSpecificity,
  serviceHost,
  serviceOfHost,
} from '../hosts/hosts';
import { describeRef, namespaceOf, refOf } from '../kube/KubeObject';
import type { MeshObjects } from '../MeshObjects';
import { ambientRoutes } from './ambientRoutes';
import { takesEverything } from './catchAlls';
import { type ConnectionProtocol, connectionRoutes } from './connectionRoutes';
import { toDestination, toServiceItself } from './destinations';
import { routesAtGateway } from './routesAtGateway';
import { MeshHost, meshHostOf } from './MeshHost';
import { type DecidedRoutes, meshRoutes } from './meshRoutes';
import { portNumbers, portProtocol } from './portProtocol';
import { listenerFor, SidecarScope, sidecarScopeOf } from './sidecarScope';
import type {
  EffectiveRoutes,
  OutOfScope,
  RequestOrigin,
  RouteRule,
} from './types';
import { unregisteredRoutes } from './unregisteredRoutes';
import { viewerOf } from './viewerOf';
import { hostsOf } from './virtualServices';

type MeshOrigin = Extract<RequestOrigin, { type: 'mesh' }>;

/** Whose routes, and seen from where. @public */
export interface RouteQuery {
  namespace: string;
  service: string;
  from: RequestOrigin;
  /** The Service's port, or the gateway's; without it all rules are listed, with the port of those that have one. */
  port?: number;
}

/**
 * The ordered rules that requests to a Service run down, seen from one origin: those of a VirtualService, HTTPRoute or
 * GRPCRoute, on a TCP or TLS port its connection rules. In the mesh without any there is one rule: everything goes to the
 * Service. What the caller's Sidecar does not import has no rules: it is passed through or blocked.
 * @public
 */
export function effectiveRoutes(
  set: MeshObjects,
  query: RouteQuery,
): EffectiveRoutes {
  const { namespace, service, from, port } = query;
  const host = serviceHost(namespace, service, set.meshConfig.domain);
  return from.type === 'gateway'
    ? routesAtGateway(set, host, { from, port, isService: true })
    : routesInMesh(set, host, { namespace, from, port });
}

/** The rules for a host inside the mesh: a Service's, a ServiceEntry's, or one that nobody registered. */
export function routesInMesh(
  set: MeshObjects,
  host: string,
  query: { from: MeshOrigin; port?: number; namespace?: string },
): EffectiveRoutes {
  const { from, port } = query;
  const ambient = ambientRoutes(set, host, query);
  if (ambient) {
    return ambient;
  }
  const scope = sidecarScopeOf(set, from);
  const viewer = viewerOf(set, from);
  const known = meshHostOf(
    set,
    host,
    { namespace: from.namespace, scope },
    port,
  );
  const namespace = known ? namespaceOf(known.object) : query.namespace;
  const unregistered = unregisteredRoutes(set, host, {
    ...query,
    viewer,
    scope,
    known,
  });
  if (unregistered) {
    return numbered(host, unregistered);
  }
  const why = whyUnknown(host, known, query);
  if (why || namespace === undefined) {
    return outOfScopeRoutes(set, host, { ...outcomeOf(scope), why: why ?? '' });
  }
  const ports = port === undefined ? portNumbers(known?.object) : [port];
  const listener = known
    ? known.listener
    : listenerFor(scope, { host, namespace, ports });
  if (!listener) {
    return outOfScopeRoutes(set, host, {
      ...outcomeOf(scope),
      sidecar: scope.sidecar,
      why: `${
        scope.sidecar ? describeRef(scope.sidecar) : 'the mesh'
      } does not import ${host}`,
    });
  }
  const asked = { from, viewer, port, listener };
  const protocols = connectionProtocols(known, ports);
  const routes = protocols
    ? connectionRoutes(set, host, { ...asked, protocols })
    : meshRoutes(set, registeredName(set, host, known), asked);
  const rest = routes.takesAllPorts
    ? fallthrough(set, host, routes, scope)
    : [defaultRule(set, host, { from, known, port })];
  return numbered(host, { ...routes, rules: [...routes.rules, ...rest] });
}

/**
 * What has none of the names of the TLS rules is passed through, if anything may be.
 * Source: istio pilot/pkg/networking/core/listener.go, buildListenerFromEntry.
 */
function fallthrough(
  set: MeshObjects,
  host: string,
  { rules }: DecidedRoutes,
  scope: SidecarScope,
): RouteRule[] {
  const isOpen =
    scope.outboundTrafficPolicy === 'ALLOW_ANY' &&
    rules.some(({ protocol }) => protocol === 'tls') &&
    !rules.some(rule => takesEverything(rule));
  return isOpen ? [{ ...ruleOutside(set, host), isPassthrough: true }] : [];
}

/** Why a caller's proxy cannot know a host, whatever it imports. */
function whyUnknown(
  host: string,
  known: MeshHost | undefined,
  query: { from: MeshOrigin; port?: number; namespace?: string },
): string | undefined {
  if (!known) {
    return query.namespace === undefined
      ? `neither a Service nor a ServiceEntry has the host ${host}`
      : undefined;
  }
  const name = describeRef(refOf(known.object));
  if (isAskedElsewhere(known, query.port)) {
    return `${name} has no port ${query.port}`;
  }
  return known.isExported
    ? undefined
    : `${name} is not exported to ${query.from.namespace}`;
}

/** On a port that it does not have a ServiceEntry's host is any host. */
function isAskedElsewhere({ object }: MeshHost, port?: number): boolean {
  const ports = portNumbers(object);
  return (
    object.kind === 'ServiceEntry' &&
    port !== undefined &&
    ports.length > 0 &&
    !ports.includes(port)
  );
}

function numbered(
  host: string,
  { rules, decidedBy, losers }: DecidedRoutes,
): EffectiveRoutes {
  return {
    host,
    rules: rules.map((rule, index) => ({ ...rule, index })),
    ...(decidedBy ? { decidedBy: refOf(decidedBy) } : {}),
    losers,
  };
}

/** The name under which the registry has a host: of a ServiceEntry perhaps one with a wildcard. */
function registeredName(
  set: MeshObjects,
  host: string,
  known: MeshHost | undefined,
): string {
  const names =
    known?.object.kind === 'ServiceEntry' ? hostsOf(set, known.object) : [];
  return (
    names
      .filter(name => hostCovers(name, host))
      .sort((a, b) => hostSpecificity(b) - hostSpecificity(a))[0] ?? host
  );
}

/** What the ports carry, where none of them carries requests. */
function connectionProtocols(
  known: MeshHost | undefined,
  ports: readonly number[],
): ConnectionProtocol[] | undefined {
  const carried = ports.map(port => portProtocol(known?.object, port));
  const found = (['tls', 'tcp'] as const).filter(protocol =>
    carried.includes(protocol),
  );
  const isAll = carried.every(protocol => protocol && protocol !== 'http');
  return isAll && found.length > 0 ? found : undefined;
}

function outcomeOf({
  outboundTrafficPolicy,
}: SidecarScope): Pick<OutOfScope, 'outcome'> {
  return {
    outcome:
      outboundTrafficPolicy === 'REGISTRY_ONLY' ? 'blocked' : 'passthrough',
  };
}

function defaultRule(
  set: MeshObjects,
  host: string,
  asked: { from: RequestOrigin; known?: MeshHost; port?: number },
): RouteRule {
  const { from, known, port } = asked;
  const target = { host: registeredName(set, host, known), share: 1 };
  const found = toDestination(set, target, from, port);
  return {
    index: 0,
    matches: [],
    destinations: [{ ...found, host }],
    mirrors: [],
  };
}

/** Source: istio pilot/pkg/networking/core/httproute.go, buildCatchAllVirtualHost. */
function outOfScopeRoutes(
  set: MeshObjects,
  host: string,
  outOfScope: OutOfScope,
): EffectiveRoutes {
  if (outOfScope.outcome === 'blocked') {
    const rule: RouteRule = {
      index: 0,
      matches: [],
      destinations: [],
      mirrors: [],
      directResponse: { status: 502 },
    };
    return { host, rules: [rule], losers: [], outOfScope };
  }
  return { host, rules: [ruleOutside(set, host)], losers: [], outOfScope };
}

/** To the address as it is: nobody asks whether it is exported, and whether somebody outside answers is not for the mesh to know. */
function ruleOutside(set: MeshObjects, host: string): RouteRule {
  const service = serviceOfHost(set, host);
  return {
    index: 0,
    matches: [],
    destinations: [
      service
        ? toServiceItself(set, service)
        : { host, share: 1, workloads: [], state: 'ok' },
    ],
    mirrors: [],
  };
}

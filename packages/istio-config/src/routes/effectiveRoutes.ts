import { serviceHost } from '../hosts/hosts';
import { describeRef, namespaceOf, refOf } from '../kube/KubeObject';
import type { MeshObjects } from '../MeshObjects';
import { connectionRoutes } from './connectionRoutes';
import { toDestination } from './destinations';
import { routesAtGateway } from './routesAtGateway';
import { MeshHost, meshHostOf } from './MeshHost';
import { meshRoutes } from './meshRoutes';
import { isConnectionPort, portNumbers } from './portProtocol';
import { listenerFor, SidecarScope, sidecarScopeOf } from './sidecarScope';
import type {
  EffectiveRoutes,
  OutOfScope,
  RequestOrigin,
  RouteRule,
} from './types';

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
  const scope = sidecarScopeOf(set, from);
  const known = meshHostOf(set, host, from.namespace);
  const namespace = known ? namespaceOf(known.object) : query.namespace;
  if (namespace === undefined) {
    return outOfScopeRoutes(set, host, from, {
      ...outcomeOf(scope),
      why: `neither a Service nor a ServiceEntry has the host ${host}`,
    });
  }
  if (known && !known.isExported) {
    return outOfScopeRoutes(set, host, from, {
      ...outcomeOf(scope),
      why: `${describeRef(refOf(known.object))} is not exported to ${
        from.namespace
      }`,
    });
  }
  const ports = port === undefined ? portNumbers(known?.object) : [port];
  const listener = listenerFor(scope, { host, namespace, ports });
  if (!listener) {
    return outOfScopeRoutes(set, host, from, {
      ...outcomeOf(scope),
      sidecar: scope.sidecar,
      why: `${
        scope.sidecar ? describeRef(scope.sidecar) : 'the mesh'
      } does not import ${host}`,
    });
  }
  const routes = hasOnlyConnections(known, ports)
    ? connectionRoutes(set, host, { from, port, listener })
    : meshRoutes(set, host, { from, port, listener });
  const rules = routes.takesAllPorts
    ? routes.rules
    : [...routes.rules, defaultRule(set, host, from)];
  return {
    host,
    rules: rules.map((rule, index) => ({ ...rule, index })),
    ...(routes.decidedBy ? { decidedBy: refOf(routes.decidedBy) } : {}),
    losers: routes.losers,
  };
}

function hasOnlyConnections(
  known: MeshHost | undefined,
  ports: readonly number[],
): boolean {
  return (
    ports.length > 0 &&
    ports.every(port => isConnectionPort(known?.object, port))
  );
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
  from: RequestOrigin,
): RouteRule {
  return {
    index: 0,
    matches: [],
    destinations: [toDestination(set, { host, share: 1 }, from)],
    mirrors: [],
  };
}

/** Source: istio pilot/pkg/networking/core/httproute.go, buildCatchAllVirtualHost. */
function outOfScopeRoutes(
  set: MeshObjects,
  host: string,
  from: RequestOrigin,
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
  const rule = defaultRule(set, host, from);
  const [{ service }] = rule.destinations;
  return {
    host,
    rules: [
      service
        ? rule
        : // Whether somebody outside answers is not for the mesh to know.
          {
            ...rule,
            destinations: rule.destinations.map(destination => ({
              ...destination,
              state: 'ok' as const,
            })),
          },
    ],
    losers: [],
    outOfScope,
  };
}

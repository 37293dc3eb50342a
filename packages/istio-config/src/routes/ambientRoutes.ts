import { serviceOfHost } from '../hosts/hosts';
import { describeRef, namespaceOf, refOf } from '../kube/KubeObject';
import { fieldsOf } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';
import { ambientOf } from '../workloads/enrolment';
import { waypointFor } from '../workloads/waypoints';
import { toDestination } from './destinations';
import { meshRoutesFor } from './gatewayApi/meshRoutes';
import { httpRoutesOf } from './httpRules';
import { isConnectionPort } from './portProtocol';
import type {
  EffectiveRoutes,
  RequestMatch,
  RequestOrigin,
  RouteLoser,
  RouteRule,
} from './types';
import type { Viewer } from './viewerOf';
import { virtualServicesSeenFor } from './virtualServices';

type MeshOrigin = Extract<RequestOrigin, { type: 'mesh' }>;

/**
 * The rules for a caller in ambient mode: its ztunnel reads none, so only the waypoint of the Service has some, those of its own
 * namespace and of the Service's one after the other. Undefined for other callers and hosts.
 * Source: istio pilot/pkg/networking/core/listener_waypoint.go, buildWaypointInboundHTTPRouteConfig.
 */
export function ambientRoutes(
  set: MeshObjects,
  host: string,
  { from, port }: { from: MeshOrigin; port?: number },
): EffectiveRoutes | undefined {
  const service = isAmbient(set, from) ? serviceOfHost(set, host) : undefined;
  if (!service || (port !== undefined && isConnectionPort(service, port))) {
    return undefined;
  }
  const namespace = namespaceOf(service);
  const { waypoint } = waypointFor(set, {
    type: 'service',
    namespace,
    labels: service.metadata.labels,
  });
  const viewer: Viewer = {
    gateway: 'mesh',
    namespace: waypoint?.namespace ?? from.namespace,
  };
  const routes = meshRoutesFor(set, host, from);
  const seen = virtualServicesSeenFor(set, host, viewer);
  const losers: RouteLoser[] = [...routes.losers];
  const lists: { object: RouteLoser['object']; rules: RouteRule[] }[] = [];
  for (const object of seen) {
    const place = namespaceOf(object);
    if (waypoint && (place === namespace || place === viewer.namespace)) {
      const rules = httpRoutesOf(set, object, { from, viewer, port });
      lists.push({ object: refOf(object), rules: withoutSources(rules) });
    } else {
      losers.push({ object: refOf(object), why: whyNot(waypoint) });
    }
  }
  for (const { objects, object, rules } of routes.candidates) {
    if (waypoint) {
      lists.push({ object: refOf(object), rules: [...rules()] });
    } else {
      const why = whyNot(waypoint);
      losers.push(...objects.map(one => ({ object: refOf(one), why })));
    }
  }
  const inForce = lists.filter(({ rules }) => rules.length > 0);
  const rules = inForce.flatMap(list => list.rules);
  const own: RouteRule = {
    index: 0,
    matches: [],
    destinations: [toDestination(set, { host, share: 1 }, from)],
    mirrors: [],
  };
  return {
    host,
    rules: (rules.length > 0 ? rules : [own]).map((rule, index) => ({
      ...rule,
      index,
    })),
    ...(inForce.length > 0 ? { decidedBy: inForce[0].object } : {}),
    losers,
  };
}

function whyNot(waypoint: RouteLoser['object'] | undefined): string {
  return waypoint
    ? `the waypoint ${describeRef(
        waypoint,
      )} takes rules of its own namespace and the Service’s only`
    : 'the caller’s ztunnel reads no routing rules, and the Service has no waypoint that would';
}

function isAmbient(set: MeshObjects, from: MeshOrigin): boolean {
  return from.dataPlane
    ? from.dataPlane === 'ambient'
    : ambientOf(set.namespace(from.namespace), {
        metadata: { labels: from.labels },
      }).isAmbient;
}

/** A waypoint knows no labels of callers: a match that asks for some never holds. */
function withoutSources(rules: readonly RouteRule[]): RouteRule[] {
  const isOfAnySource = ({ sourceLabels }: RequestMatch) =>
    fieldsOf(sourceLabels).length === 0;
  return rules
    .map(rule => ({ ...rule, matches: rule.matches.filter(isOfAnySource) }))
    .filter(
      ({ matches }, index) =>
        matches.length > 0 || rules[index].matches.length === 0,
    );
}

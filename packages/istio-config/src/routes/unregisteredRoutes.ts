import { hostCovers, hostSpecificity } from '../hosts/hosts';
import { KubeObject, namespaceOf } from '../kube/KubeObject';
import { HttpHost, httpHostsOn } from './httpListeners';
import type { MeshObjects } from '../MeshObjects';
import { httpRoutesOf } from './httpRules';
import type { MeshHost } from './MeshHost';
import type { DecidedRoutes } from './meshRoutes';
import { importsRoute, type SidecarScope } from './sidecarScope';
import type { RequestOrigin } from './types';
import type { Viewer } from './viewerOf';
import {
  hostsOf,
  virtualServicesFor,
  virtualServicesSeenFor,
} from './virtualServices';

/** Where Istio takes a VirtualService's host for one that need not be registered. */
const PORT = 80;

interface UnregisteredQuery {
  from: Extract<RequestOrigin, { type: 'mesh' }>;
  viewer: Viewer;
  port?: number;
  scope: SidecarScope;
  known: MeshHost | undefined;
}

/**
 * The rules for a host that only VirtualServices have: on port 80, and on each port where another host of the same
 * VirtualService takes requests, as long as the caller's proxy looks at requests there. What no rule takes is answered 404.
 * Undefined where there are none. Source: istio pilot/pkg/networking/core/route/route.go, separateVSHostsAndServices and
 * buildSidecarVirtualHostsForVirtualService.
 */
export function unregisteredRoutes(
  set: MeshObjects,
  host: string,
  query: UnregisteredQuery,
): DecidedRoutes | undefined {
  const { from, viewer, port = PORT, scope, known } = query;
  const isRegistered =
    known?.object.kind === 'Service' ||
    hostsOf(set, known?.object).some(
      name => name.toLowerCase() === host.toLowerCase(),
    );
  const named = isRegistered ? [] : virtualServicesSeenFor(set, host, viewer);
  const { namespace } = viewer;
  if (named.length === 0) {
    return undefined;
  }
  const registered = httpHostsOn(set, port, { namespace, scope });
  if (registered.length === 0) {
    return undefined;
  }
  const served = named.flatMap(object => {
    const specificity = specificityOf(set, object, host, registered);
    const isServed =
      specificity > 0 &&
      isImported(set, object, port, scope) &&
      (port === PORT || hasServiceOn(set, object, port, query));
    const rules = isServed
      ? httpRoutesOf(set, object, { from, viewer, port })
      : [];
    return rules.length > 0 ? [{ object, rules, specificity }] : [];
  });
  const [best] = served.sort((a, b) => b.specificity - a.specificity);
  return (
    best && {
      rules: best.rules,
      decidedBy: best.object,
      losers: [],
      takesAllPorts: true,
    }
  );
}

/** How exactly an object names a host; 0 where only by a wildcard that is for hosts which the caller knows on the port. */
function specificityOf(
  set: MeshObjects,
  object: KubeObject,
  host: string,
  registered: readonly HttpHost[],
): number {
  const isForRegistered = (pattern: string) =>
    registered.some(
      ({ host: name }) =>
        hostCovers(pattern, name) || hostCovers(name, pattern),
    );
  const domains = hostsOf(set, object).filter(
    pattern =>
      hostCovers(pattern, host) &&
      !(pattern.startsWith('*') && isForRegistered(pattern)),
  );
  return Math.max(0, ...domains.map(hostSpecificity));
}

function isImported(
  set: MeshObjects,
  object: KubeObject,
  port: number,
  scope: SidecarScope,
): boolean {
  const listener = scope.egress.find(
    ({ port: own }) => own === undefined || own === port,
  );
  return (
    listener !== undefined &&
    importsRoute(listener, {
      namespace: namespaceOf(object),
      hosts: hostsOf(set, object),
      isGatewayApi: false,
    })
  );
}

/** Whether a VirtualService decides over a host that takes requests on a port. */
function hasServiceOn(
  set: MeshObjects,
  object: KubeObject,
  port: number,
  { viewer, scope }: UnregisteredQuery,
): boolean {
  const client = { namespace: viewer.namespace, scope };
  return httpHostsOn(set, port, client).some(
    ({ host }) =>
      hostsOf(set, object).includes(host) ||
      virtualServicesFor(set, host, viewer)[0]?.object === object,
  );
}

import { hostCovers, hostSpecificity, serviceHost } from '../hosts/hosts';
import { KubeObject, namespaceOf } from '../kube/KubeObject';
import {
  hasHttpListener,
  httpHostsOn,
  isRegisteredOn,
  type RegisteredHost,
} from './httpListeners';
import type { MeshObjects } from '../MeshObjects';
import { httpRoutesOf } from './httpRules';
import type { MeshHost } from './MeshHost';
import type { DecidedRoutes } from './meshRoutes';
import { portNumbers } from './portProtocol';
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
 * The rules for a host that only VirtualServices have, since nobody registered it or a Service or ServiceEntry of that name has no such
 * port or is not known to the caller: on port 80, and on each port where another host of the same
 * VirtualService takes requests, as long as the caller's proxy looks at requests there. What no rule takes is answered 404.
 * Undefined where there are none. Source: istio pilot/pkg/networking/core/route/route.go, separateVSHostsAndServices and
 * buildSidecarVirtualHostsForVirtualService.
 */
export function unregisteredRoutes(
  set: MeshObjects,
  host: string,
  query: UnregisteredQuery,
): DecidedRoutes | undefined {
  const { from, viewer, port = PORT, scope } = query;
  const named = isRegistered(set, host, query)
    ? []
    : virtualServicesSeenFor(set, host, viewer);
  const { namespace } = viewer;
  if (named.length === 0 || !hasHttpListener(set, port, { namespace, scope })) {
    return undefined;
  }
  const served = named.flatMap(object => {
    const specificity = specificityOf(set, object, host, { ...query, port });
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

function isRegistered(
  set: MeshObjects,
  host: string,
  { known, port }: UnregisteredQuery,
): boolean {
  const object = known?.object;
  const isNamed =
    object?.kind === 'Service' ||
    hostsOf(set, object).some(
      name => name.toLowerCase() === host.toLowerCase(),
    );
  return (
    object !== undefined &&
    isNamed &&
    (port === undefined ||
      (known?.isExported === true &&
        known.listener !== undefined &&
        portNumbers(object).includes(port)))
  );
}

/** How exactly an object names a host; 0 where only by a wildcard that is for hosts that are registered on the port. */
function specificityOf(
  set: MeshObjects,
  object: KubeObject,
  host: string,
  { viewer: { namespace }, scope, port }: UnregisteredQuery & { port: number },
): number {
  const domains = hostsOf(set, object).filter(
    pattern =>
      hostCovers(pattern, host) &&
      !(
        pattern.startsWith('*') &&
        set
          .derive(registeredUnder, pattern)
          .some(registered =>
            isRegisteredOn(set, registered, port, { namespace, scope }),
          )
      ),
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

/** The hosts of Services and ServiceEntries that a host with a wildcard overlaps. */
function registeredUnder(
  set: MeshObjects,
  pattern: string,
): readonly RegisteredHost[] {
  const { domain } = set.meshConfig;
  return [
    ...set
      .all('ServiceEntry')
      .flatMap(object => hostsOf(set, object).map(host => ({ host, object }))),
    ...set.all('Service').map(object => ({
      host: serviceHost(namespaceOf(object), object.metadata.name, domain),
      object,
    })),
  ].filter(
    ({ host }) => hostCovers(pattern, host) || hostCovers(host, pattern),
  );
}

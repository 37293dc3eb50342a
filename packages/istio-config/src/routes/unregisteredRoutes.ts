import { hostCovers, hostSpecificity } from '../hosts/hosts';
import { namespaceOf } from '../kube/KubeObject';
import type { MeshObjects } from '../MeshObjects';
import { httpRoutesOf } from './httpRules';
import type { MeshHost } from './MeshHost';
import type { DecidedRoutes } from './meshRoutes';
import { isConnectionPort, portNumbers } from './portProtocol';
import { importsRoute, type SidecarScope } from './sidecarScope';
import type { RequestOrigin } from './types';
import type { Viewer } from './viewerOf';
import { hostsOf, virtualServicesSeenFor } from './virtualServices';

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
 * The rules for a host that only VirtualServices have: on port 80 they take its requests as long as the mesh has any HTTP
 * service there. What no rule takes is answered 404. Undefined where there are none.
 * Source: istio pilot/pkg/networking/core/route/route.go, separateVSHostsAndServices.
 */
export function unregisteredRoutes(
  set: MeshObjects,
  host: string,
  { from, viewer, port, scope, known }: UnregisteredQuery,
): DecidedRoutes | undefined {
  const names = hostsOf(set, known?.object);
  const isRegistered =
    known?.object.kind === 'Service' ||
    names.some(name => name.toLowerCase() === host.toLowerCase());
  if (isRegistered || (port ?? PORT) !== PORT || !set.derive(hasHttpOn80)) {
    return undefined;
  }
  const listener = scope.egress.find(
    ({ port: own }) => own === undefined || own === PORT,
  );
  const served = virtualServicesSeenFor(set, host, viewer).flatMap(object => {
    const hosts = hostsOf(set, object);
    const isImported =
      listener &&
      importsRoute(listener, {
        namespace: namespaceOf(object),
        hosts,
        isGatewayApi: false,
      });
    const domains = hosts.filter(
      pattern =>
        hostCovers(pattern, host) &&
        !(pattern.startsWith('*') && set.derive(coversRegistered, pattern)),
    );
    const rules =
      isImported && domains.length > 0
        ? httpRoutesOf(set, object, { from, viewer, port: PORT })
        : [];
    const specificity = Math.max(...domains.map(hostSpecificity));
    return rules.length > 0 ? [{ object, rules, specificity }] : [];
  });
  const [best] = served.sort((a, b) => b.specificity - a.specificity);
  return (
    best && {
      rules: [...best.rules],
      decidedBy: best.object,
      losers: [],
      takesAllPorts: true,
    }
  );
}

function hasHttpOn80(set: MeshObjects): boolean {
  return set
    .namespacesWith(['Service', 'ServiceEntry'])
    .some(namespace => set.derive(hasHttpOn80In, namespace));
}

function hasHttpOn80In(set: MeshObjects, namespace: string): boolean {
  return ['Service', 'ServiceEntry']
    .flatMap(kind => set.inNamespace(kind, namespace))
    .some(
      object =>
        portNumbers(object).includes(PORT) && !isConnectionPort(object, PORT),
    );
}

/** Whether a host with a wildcard covers one that a Service or ServiceEntry has: then it is for those. */
function coversRegistered(set: MeshObjects, pattern: string): boolean {
  const suffix = `.svc.${set.meshConfig.domain}`;
  const isOverlapping = (name: string) =>
    hostCovers(pattern, name) || hostCovers(name, pattern);
  return (
    set
      .all('ServiceEntry')
      .some(entry => hostsOf(set, entry).some(isOverlapping)) ||
    set
      .all('Service')
      .some(({ metadata: { name, namespace } }) =>
        isOverlapping(`${name}.${namespace}${suffix}`),
      )
  );
}

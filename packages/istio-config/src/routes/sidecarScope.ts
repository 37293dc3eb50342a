import { hostCovers } from '../hosts/hosts';
import { oldestFirst } from '../kube/age';
import { KubeObject, KubeObjectRef, refOf } from '../kube/KubeObject';
import { isMap, itemsOf, ownField, textsOf } from '../kube/reading';
import { selects } from '../kube/selectors';
import type { MeshConfig } from '../MeshConfig';
import type { MeshObjects } from '../MeshObjects';

/** One `egress` entry of a Sidecar. @public */
export interface EgressListener {
  /** Only this port of what it imports; absent: every port. */
  port?: number;
  imports: readonly HostImport[];
  /** Taken out again of what it imports. */
  exclusions: readonly HostImport[];
}

/** `namespace/host` of a Sidecar, its own namespace filled in for `.`. @public */
export interface HostImport {
  /** A namespace, or `*` for any. */
  namespace: string;
  /** A host, `*.suffix`, or `*`. */
  host: string;
}

/** What a caller's proxy knows of the mesh. @public */
export interface SidecarScope {
  /** The Sidecar that decides; absent where none does and everything exported is known. */
  sidecar?: KubeObjectRef;
  egress: readonly EgressListener[];
  /** What becomes of requests to anything else. */
  outboundTrafficPolicy: MeshConfig['outboundTrafficPolicy'];
}

/** Whose proxy: a namespace's, or where labels are given one workload's. @public */
export interface SidecarClient {
  namespace: string;
  labels?: Record<string, string>;
}

/** What a proxy knows where no Sidecar says it. */
export const EVERYTHING: EgressListener = {
  imports: [{ namespace: '*', host: '*' }],
  exclusions: [],
};

/**
 * The Sidecar that applies to a caller: the oldest that selects it, else the oldest of its namespace without a selector,
 * else that of the root namespace. Without labels only the latter two are asked; in ambient mode there is none.
 * Sources: istio pilot/pkg/model/push_context.go (initSidecarScopes, getSidecarScope), sidecar.go.
 * @public
 */
export function sidecarScopeOf(
  set: MeshObjects,
  client: SidecarClient,
): SidecarScope {
  const { namespace, labels } = client;
  const { selecting } = set.derive(sidecarsOf, namespace);
  const own =
    labels &&
    selecting.find(sidecar =>
      selects(ownField(sidecar.spec.workloadSelector, 'labels'), labels),
    );
  return own
    ? toScope(set, own, namespace)
    : set.derive(scopeOfNamespace, namespace);
}

function scopeOfNamespace(set: MeshObjects, namespace: string): SidecarScope {
  const { outboundTrafficPolicy, rootNamespace } = set.meshConfig;
  const isAmbient =
    set.namespace(namespace)?.metadata.labels?.['istio.io/dataplane-mode'] ===
    'ambient';
  const sidecar = isAmbient
    ? undefined
    : set.derive(sidecarsOf, namespace).general ??
      set.derive(sidecarsOf, rootNamespace).general;
  return sidecar
    ? toScope(set, sidecar, namespace)
    : { egress: [EVERYTHING], outboundTrafficPolicy };
}

function sidecarsOf(set: MeshObjects, namespace: string) {
  const sidecars = oldestFirst(set.inNamespace('Sidecar', namespace)).filter(
    sidecar => isMap(sidecar.spec),
  );
  const isSelecting = (sidecar: KubeObject) =>
    isMap(sidecar.spec.workloadSelector);
  return {
    selecting: sidecars.filter(isSelecting),
    general: sidecars.find(sidecar => !isSelecting(sidecar)),
  };
}

function toScope(
  set: MeshObjects,
  sidecar: KubeObject,
  clientNamespace: string,
): SidecarScope {
  const { egress, outboundTrafficPolicy } = sidecar.spec;
  const listeners = itemsOf(egress).filter(isMap);
  return {
    sidecar: refOf(sidecar),
    egress:
      listeners.length > 0
        ? listeners.map(listener => toListener(listener, clientNamespace))
        : [EVERYTHING],
    outboundTrafficPolicy: isMap(outboundTrafficPolicy)
      ? modeOf(outboundTrafficPolicy)
      : set.meshConfig.outboundTrafficPolicy,
  };
}

/** A policy without a mode is REGISTRY_ONLY: the first value of the API's enumeration. */
function modeOf(
  policy: Record<string, any>,
): SidecarScope['outboundTrafficPolicy'] {
  return policy.mode === 'ALLOW_ANY' ? 'ALLOW_ANY' : 'REGISTRY_ONLY';
}

function toListener(
  listener: Record<string, any>,
  clientNamespace: string,
): EgressListener {
  const port: unknown = ownField(listener.port, 'number');
  const imports: HostImport[] = [];
  const exclusions: HostImport[] = [];
  for (const text of textsOf(listener.hosts)) {
    const [place, host, ...more] = text.split('/');
    if (host === undefined || more.length > 0) {
      continue;
    }
    // `~/host` leaves a host out everywhere; `~/*` therefore imports nothing.
    const isExclusion = place.startsWith('~');
    const named = isExclusion ? place.slice(1) || '*' : place;
    (isExclusion ? exclusions : imports).push({
      namespace: named === '.' ? clientNamespace : named,
      host,
    });
  }
  return {
    ...(typeof port === 'number' &&
    port > 0 &&
    listener.port.protocol !== 'HTTP_PROXY'
      ? { port }
      : {}),
    imports,
    exclusions,
  };
}

/**
 * The listener through which a caller reaches a port of a Service: the first for that port or for every port. Undefined
 * where it does not import the Service. Without a port any of the Service's own will do.
 */
export function listenerFor(
  scope: SidecarScope,
  service: { host: string; namespace: string; ports: readonly number[] },
): EgressListener | undefined {
  const asked: (number | undefined)[] =
    service.ports.length > 0 ? [...service.ports] : [undefined];
  return asked
    .map(port =>
      scope.egress.find(
        listener => listener.port === undefined || listener.port === port,
      ),
    )
    .find(listener => listener && importsHost(listener, service));
}

/** Whether a listener imports a host of a Service or ServiceEntry, perhaps one with a wildcard. */
export function importsHost(
  listener: EgressListener,
  service: { host: string; namespace: string },
): boolean {
  const names = ({ namespace, host }: HostImport) =>
    (namespace === '*' || namespace === service.namespace) &&
    hostCovers(host, service.host);
  return listener.imports.some(names) && !listener.exclusions.some(names);
}

/** Whether a listener names each host in full, and where it is. */
export function isExact({ imports }: EgressListener): boolean {
  return imports.every(
    ({ namespace, host }) => namespace !== '*' && !host.startsWith('*'),
  );
}

/**
 * Whether a listener imports a route object by one of its hosts: a VirtualService's wildcard host meets an imported host
 * from either side, a Gateway API route's only from below.
 * Source: istio pilot/pkg/model/sidecar.go, hostClassification.VSMatches.
 */
export function importsRoute(
  listener: EgressListener,
  route: { namespace: string; hosts: readonly string[]; isGatewayApi: boolean },
): boolean {
  const names = (entry: HostImport, host: string) =>
    (entry.namespace === '*' || entry.namespace === route.namespace) &&
    (hostCovers(entry.host, host) ||
      (!route.isGatewayApi && hostCovers(host, entry.host)));
  return route.hosts.some(
    host =>
      listener.imports.some(entry => names(entry, host)) &&
      !listener.exclusions.some(
        entry =>
          (entry.namespace === '*' || entry.namespace === route.namespace) &&
          hostCovers(entry.host, host),
      ),
  );
}

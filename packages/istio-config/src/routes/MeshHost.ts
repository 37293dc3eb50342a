import {
  hostCovers,
  hostSpecificity,
  isExportedTo,
  serviceHost,
  serviceOfHost,
} from '../hosts/hosts';
import { oldestFirst } from '../kube/age';
import { KubeObject, namespaceOf } from '../kube/KubeObject';
import type { MeshObjects } from '../MeshObjects';
import {
  entriesNamed,
  entriesNaming,
  importedEntries,
  broughtBy,
} from './importedEntries';
import { mergedEntries } from './mergedEntries';
import { portNumbers } from './portProtocol';
import {
  type EgressListener,
  EVERYTHING,
  listenerFor,
  type SidecarScope,
} from './sidecarScope';
import { hostsOf } from './virtualServices';

/** What stands behind a host in the mesh's registry. */
export interface MeshHost {
  /** A Service or a ServiceEntry. */
  object: KubeObject;
  /** Whether the caller's namespace sees it. */
  isExported: boolean;
  /** By which listener of its Sidecar the caller's proxy knows it; absent: by none. */
  listener?: EgressListener;
}

/** Whose proxy, and what it imports. */
export interface MeshClient {
  namespace: string;
  scope: SidecarScope;
}

/**
 * The Service or ServiceEntry with a host, on a port where one is asked. Of several ServiceEntries one that the caller imports,
 * else one that it sees, the most exact of those that have the port; of one name those that {@link importedEntries} says.
 * Sources: istio pilot/pkg/model/sidecar.go, selectServices; push_context.go, servicesExportedToNamespace.
 */
export function meshHostOf(
  set: MeshObjects,
  host: string,
  client: MeshClient,
  port?: number,
): MeshHost | undefined {
  const service = serviceOfHost(set, host);
  if (service) {
    const { metadata } = service;
    const namespace = namespaceOf(service);
    const ports = port === undefined ? portNumbers(service) : [port];
    return {
      object: service,
      isExported: isServiceExported(set, service, client.namespace),
      listener: listenerFor(client.scope, {
        host: serviceHost(namespace, metadata.name, set.meshConfig.domain),
        namespace,
        ports,
      }),
    };
  }
  const names = namesOfEntries(set, host);
  const listeners = client.scope.egress.filter(
    listener =>
      port === undefined ||
      listener.port === undefined ||
      listener.port === port,
  );
  // On a port the first listener for it is the only one.
  const able = port === undefined ? listeners : listeners.slice(0, 1);
  const imported = firstOf(set, names, able, { client, port });
  if (imported) {
    return { ...imported, isExported: true };
  }
  const seen = firstOf(set, names, [EVERYTHING], { client, port });
  if (seen) {
    return { object: seen.object, isExported: true };
  }
  const [hidden] = names.flatMap(name => entriesNamed(set, name));
  return hidden && { object: hidden, isExported: false };
}

/** The most exact of the names that a listener brings, where it can be with the port that is asked. */
function firstOf(
  set: MeshObjects,
  names: readonly string[],
  listeners: readonly EgressListener[],
  { client, port }: { client: MeshClient; port?: number },
): { object: KubeObject; listener: EgressListener } | undefined {
  const known = names.flatMap(name =>
    listeners.flatMap(listener => {
      const entries = importedEntries(set, name, client.namespace, listener);
      const brought = entries.map(entry => broughtBy(listener, entry));
      return brought.length > 0
        ? [mergedEntries(brought), ...brought].map(object => ({
            object,
            listener,
          }))
        : [];
    }),
  );
  const asked = known.find(
    ({ object }) => port === undefined || portNumbers(object).includes(port),
  );
  return asked ?? known[0];
}

/** The names of ServiceEntries that cover a host, the most exact first. */
function namesOfEntries(set: MeshObjects, host: string): string[] {
  const names = oldestFirst(entriesNaming(set, host))
    .flatMap(entry => hostsOf(set, entry))
    .filter(pattern => hostCovers(pattern, host))
    .map(pattern => pattern.toLowerCase());
  return [...new Set(names)].sort(
    (a, b) => hostSpecificity(b) - hostSpecificity(a),
  );
}

/** A Service is seen everywhere but for what its annotation says. */
export function isServiceExported(
  set: MeshObjects,
  service: KubeObject,
  clientNamespace: string,
): boolean {
  return isExportedTo(
    { ...service, spec: { exportTo: exportsOf(service) } },
    clientNamespace,
    set.meshConfig.defaultServiceExportTo,
  );
}

/**
 * Whether istiod takes no note of a Service's pods, since it is for nobody: also what leads to it finds none there.
 * Source: istio pilot/pkg/serviceregistry/kube/controller/endpointslice.go, serviceNeedsPush.
 */
export function isServiceForNobody(service: KubeObject): boolean {
  return exportsOf(service).includes('~');
}

function exportsOf(service: KubeObject): string[] {
  const written: unknown =
    service.metadata.annotations?.['networking.istio.io/exportTo'];
  return typeof written === 'string' && written
    ? written.split(',').map(scope => scope.trim())
    : [];
}

import { serviceHost } from '../hosts/hosts';
import { KubeObject, namespaceOf } from '../kube/KubeObject';
import type { MeshObjects } from '../MeshObjects';
import { importedEntries } from './importedEntries';
import { isServiceExported, type MeshClient } from './MeshHost';
import { isConnectionPort, portNumbers } from './portProtocol';
import { listenerFor } from './sidecarScope';
import { hostsOf } from './virtualServices';

/** A host of the registry. */
export interface RegisteredHost {
  host: string;
  object: KubeObject;
}

/** The hosts that take requests on a port and that a caller's proxy knows. */
export function httpHostsOn(
  set: MeshObjects,
  port: number,
  client: MeshClient,
): RegisteredHost[] {
  return set
    .derive(allHttpHosts)
    .filter(({ ports }) => ports.includes(port))
    .filter(registered => isImported(set, registered, port, client));
}

/** Whether a caller's proxy knows a host on a port that the host has, whatever the port carries. */
export function isRegisteredOn(
  set: MeshObjects,
  registered: RegisteredHost,
  port: number,
  client: MeshClient,
): boolean {
  return (
    portNumbers(registered.object).includes(port) &&
    isImported(set, registered, port, client)
  );
}

function isImported(
  set: MeshObjects,
  { host, object }: RegisteredHost,
  port: number,
  { namespace, scope }: MeshClient,
): boolean {
  const service = { host, namespace: namespaceOf(object), ports: [port] };
  const listener = listenerFor(scope, service);
  if (!listener) {
    return false;
  }
  return object.kind === 'Service'
    ? isServiceExported(set, object, namespace)
    : importedEntries(set, host, namespace, listener).includes(object);
}

/**
 * Whether a caller's proxy looks at requests on a port whatever address they are for: where it knows a host that takes requests
 * there, by whichever listener of its Sidecar, also where another is for that port. Elsewhere it sees connections to unknown addresses.
 * Source: istio pilot/pkg/networking/core/listener.go, buildSidecarOutboundListeners.
 */
export function hasHttpListener(
  set: MeshObjects,
  port: number,
  { namespace, scope }: MeshClient,
): boolean {
  return scope.egress.some(
    listener =>
      httpHostsOn(set, port, {
        namespace,
        scope: { ...scope, egress: [listener] },
      }).length > 0,
  );
}

function allHttpHosts(
  set: MeshObjects,
): readonly (RegisteredHost & { ports: readonly number[] })[] {
  return set
    .namespacesWith(['Service', 'ServiceEntry'])
    .flatMap(namespace => set.derive(httpHostsIn, namespace));
}

function httpHostsIn(
  set: MeshObjects,
  namespace: string,
): readonly (RegisteredHost & { ports: readonly number[] })[] {
  const { domain } = set.meshConfig;
  const withPorts = (object: KubeObject, hosts: readonly string[]) => {
    const ports = portNumbers(object).filter(
      port => !isConnectionPort(object, port),
    );
    return ports.length > 0 ? hosts.map(host => ({ host, object, ports })) : [];
  };
  return [
    ...set
      .inNamespace('Service', namespace)
      .filter(({ spec }) => spec?.type !== 'ExternalName')
      .flatMap(object =>
        withPorts(object, [
          serviceHost(namespace, object.metadata.name, domain),
        ]),
      ),
    ...set
      .inNamespace('ServiceEntry', namespace)
      .flatMap(object => withPorts(object, hostsOf(set, object))),
  ];
}

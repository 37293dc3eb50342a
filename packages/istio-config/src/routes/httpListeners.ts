import { isExportedTo, serviceHost } from '../hosts/hosts';
import { KubeObject, namespaceOf } from '../kube/KubeObject';
import type { MeshObjects } from '../MeshObjects';
import { isServiceExported } from './MeshHost';
import { isConnectionPort, portNumbers } from './portProtocol';
import { listenerFor, type SidecarScope } from './sidecarScope';
import { hostsOf } from './virtualServices';

/** A host of the registry that takes requests on a port. */
export interface HttpHost {
  host: string;
  object: KubeObject;
}

/** The hosts that take requests on a port and that a caller's proxy knows. */
export function httpHostsOn(
  set: MeshObjects,
  port: number,
  { namespace, scope }: { namespace: string; scope: SidecarScope },
): HttpHost[] {
  return set
    .derive(allHttpHosts)
    .filter(({ ports }) => ports.includes(port))
    .filter(
      ({ host, object }) =>
        isVisible(set, object, namespace) &&
        listenerFor(scope, {
          host,
          namespace: namespaceOf(object),
          ports: [port],
        }) !== undefined,
    );
}

/**
 * Whether a caller's proxy looks at requests on a port whatever address they are for: where it knows a host that takes requests
 * there, whatever ports its Sidecar names. Elsewhere it sees connections to unknown addresses.
 * Source: istio pilot/pkg/networking/core/listener.go, buildSidecarOutboundListeners.
 */
export function hasHttpListener(
  set: MeshObjects,
  port: number,
  client: { namespace: string; scope: SidecarScope },
): boolean {
  return httpHostsOn(set, port, client).length > 0;
}

function allHttpHosts(
  set: MeshObjects,
): readonly (HttpHost & { ports: readonly number[] })[] {
  return set
    .namespacesWith(['Service', 'ServiceEntry'])
    .flatMap(namespace => set.derive(httpHostsIn, namespace));
}

function httpHostsIn(
  set: MeshObjects,
  namespace: string,
): readonly (HttpHost & { ports: readonly number[] })[] {
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

function isVisible(
  set: MeshObjects,
  object: KubeObject,
  namespace: string,
): boolean {
  return object.kind === 'Service'
    ? isServiceExported(set, object, namespace)
    : isExportedTo(object, namespace, set.meshConfig.defaultServiceExportTo);
}

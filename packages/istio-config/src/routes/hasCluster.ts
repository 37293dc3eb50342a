import { resolveHost } from '../hosts/hosts';
import { KubeObject, namespaceOf } from '../kube/KubeObject';
import { itemsOf } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';
import { httpRulesOf } from './delegates';
import { distanceOf } from './distance';
import {
  type EgressListener,
  importsRoute,
  listenerFor,
  sidecarScopeOf,
} from './sidecarScope';
import type { RequestOrigin } from './types';
import { gatewaysOf, hostsOf } from './virtualServices';

/** A port of a Service, as a caller's proxy has a cluster for it. */
interface ClusterPort {
  host: string;
  /** The Service's. */
  namespace: string;
  port: number;
}

type MeshOrigin = Extract<RequestOrigin, { type: 'mesh' }>;

/**
 * Whether a caller's proxy can send to a port of a Service: where its Sidecar imports that, or a VirtualService that leads there; a
 * listener with a port of its own brings no other. Source: istio pilot/pkg/model/sidecar.go, collectImportedServices.
 */
export function hasCluster(
  set: MeshObjects,
  from: MeshOrigin,
  wanted: ClusterPort,
): boolean {
  const { host, namespace, port } = wanted;
  const scope = sidecarScopeOf(set, from);
  if (!scope.sidecar) {
    return true;
  }
  const able = scope.egress.filter(
    listener => listener.port === undefined || listener.port === port,
  );
  return able.some(
    listener =>
      listenerFor(
        { ...scope, egress: [listener] },
        { host, namespace, ports: [port] },
      ) !== undefined || leadsThere(set, from.namespace, listener, wanted),
  );
}

/**
 * Whether a VirtualService that a caller's proxy imports leads to a host of the caller's own namespace: then the proxy has a cluster
 * for it, whomever the host is exported to. Source: istio pilot/pkg/model/sidecar.go, collectImportedServices.
 */
export function isLedTo(
  set: MeshObjects,
  from: RequestOrigin,
  wanted: Omit<ClusterPort, 'port'> & { port?: number },
): boolean {
  return (
    from.type === 'mesh' &&
    from.namespace === wanted.namespace &&
    sidecarScopeOf(set, from).egress.some(listener =>
      leadsThere(set, from.namespace, listener, wanted),
    )
  );
}

function leadsThere(
  set: MeshObjects,
  clientNamespace: string,
  listener: EgressListener,
  wanted: { host: string; port?: number },
): boolean {
  return portsLedTo(set, wanted.host, clientNamespace, listener).some(
    ports =>
      // A listener’s own port counts, and not the destination’s.
      listener.port !== undefined ||
      ports === undefined ||
      wanted.port === undefined ||
      ports.includes(wanted.port),
  );
}

/**
 * For each VirtualService of a listener that leads a caller to a host the ports that it names there; undefined where that is any.
 * Source: istio pilot/pkg/model/virtualservice.go, virtualServiceDestinationsFilteredBySourceNamespace.
 */
export function portsLedTo(
  set: MeshObjects,
  wanted: string,
  clientNamespace: string,
  listener: EgressListener,
): (number[] | undefined)[] {
  return set
    .all('VirtualService')
    .filter(
      object =>
        gatewaysOf(object).includes('mesh') &&
        distanceOf(set, object, clientNamespace) !== undefined &&
        importsRoute(listener, {
          namespace: namespaceOf(object),
          hosts: hostsOf(set, object),
          isGatewayApi: false,
        }),
    )
    .map(object =>
      destinationsIn(set, object, clientNamespace)
        .filter(({ host }) => host === wanted)
        .map(({ port }) => port),
    )
    .filter(ports => ports.length > 0)
    .map(ports => {
      const named = ports.filter(port => port !== undefined);
      return named.length === ports.length ? named : undefined;
    });
}

/** The destinations of rules that a caller of a namespace can come to, delegates’ among them. */
function destinationsIn(
  set: MeshObjects,
  object: KubeObject,
  clientNamespace: string,
): { host: string; port?: number }[] {
  const requests = httpRulesOf(set, object).map(({ http, owner }) => ({
    rule: http,
    owner,
  }));
  const connections = [
    ...itemsOf(object.spec?.tcp),
    ...itemsOf(object.spec?.tls),
  ].map(rule => ({ rule, owner: object }));
  return [
    ...requests.filter(({ rule }) => isForNamespace(rule, clientNamespace)),
    ...connections,
  ].flatMap(({ rule, owner }) =>
    [
      ...itemsOf(rule?.route),
      { destination: rule?.mirror },
      ...itemsOf(rule?.mirrors),
    ].flatMap(({ destination }) =>
      typeof destination?.host === 'string'
        ? [
            {
              host: resolveHost(
                destination.host,
                namespaceOf(owner),
                set.meshConfig.domain,
              ),
              port: destination.port?.number,
            },
          ]
        : [],
    ),
  );
}

function isForNamespace(rule: any, namespace: string): boolean {
  const asked = itemsOf(rule?.match)
    .map(match => match?.sourceNamespace)
    .filter(Boolean);
  return asked.length === 0 || asked.includes(namespace);
}

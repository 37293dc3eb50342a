import { hostCovers, hostSpecificity } from '../hosts/hosts';
import { oldestFirst } from '../kube/age';
import { namespaceOf } from '../kube/KubeObject';
import type { MeshObjects } from '../MeshObjects';
import { listenersOf } from './gatewayApi/listeners';
import { GatewayServer, serversOf, withoutNamespace } from './gatewayServers';
import { gatewaysBeside, Viewer, viewerOf } from './viewerOf';

/** What is asked of a gateway. */
export interface ServerQuery {
  host: string;
  /** Absent: any port may be asked. */
  port?: number;
  /** The name in the greeting where it is not the host. */
  sni?: string;
}

/**
 * The servers that a request for a host may meet: of all Gateways on the same pods where the port is known, else of this one.
 * Of those that speak TLS on a port the greeting finds the most exact.
 */
export function serversFor(
  set: MeshObjects,
  viewer: Viewer,
  { host, port, sni = host }: ServerQuery,
): GatewayServer[] {
  if (port === undefined) {
    return serversOf(set, viewer.gateway, port);
  }
  const servers = serversOn(set, viewer, port);
  const greeted = (server: GatewayServer) =>
    Math.max(
      ...server.hosts
        .map(withoutNamespace)
        .filter(pattern => hostCovers(pattern, sni))
        .map(hostSpecificity),
    );
  // Where a server passes TLS on, the names of the rules count, and not its own.
  const isEnding = ({ isTls, routing }: GatewayServer) =>
    isTls && routing !== 'tls';
  const best = Math.max(...servers.filter(isEnding).map(greeted));
  return servers.filter(
    server =>
      !isEnding(server) || (Number.isFinite(best) && greeted(server) === best),
  );
}

/** What is known of a port’s servers or listeners before any request comes. */
interface Greeted {
  isTls: boolean;
  hosts: readonly string[];
}

/** Why a gateway ends a connection before any request: TLS is not what the port speaks, or no server has the name that it greets. */
export function whyNotGreeted(
  set: MeshObjects,
  gateway: string,
  { port, sni }: { port: number; sni?: string },
): string | undefined {
  const servers = greetedAt(set, gateway, port);
  const encrypted = servers.filter(({ isTls }) => isTls);
  if (sni === undefined) {
    return servers.length > 0 && encrypted.length === servers.length
      ? `port ${port} speaks TLS alone`
      : undefined;
  }
  if (encrypted.length === 0) {
    return `port ${port} speaks no TLS`;
  }
  return encrypted.some(({ hosts }) =>
    hosts.some(pattern => hostCovers(pattern, sni)),
  )
    ? undefined
    : `no server on port ${port} has the name ${sni}`;
}

function greetedAt(set: MeshObjects, gateway: string, port: number): Greeted[] {
  const [namespace, name] = gateway.split('/');
  const listeners = listenersOf(set, namespace, name)
    .filter(listener => listener.port === port)
    .map(({ tls, hostname }) => ({
      isTls: tls !== undefined,
      hosts: [hostname],
    }));
  const viewer = viewerOf(set, { type: 'gateway', gateway });
  const servers = serversOn(set, viewer, port).map(({ isTls, hosts }) => ({
    isTls,
    hosts: hosts.map(withoutNamespace),
  }));
  return [...listeners, ...servers];
}

/**
 * The servers on a port, of all Gateways on the same pods, the oldest first. Left out are those with `tls` one of whose hosts an
 * earlier one has, and what is not of the same kind as an earlier one without TLS.
 * Source: istio pilot/pkg/model/gateway.go, mergeGateways.
 */
function serversOn(
  set: MeshObjects,
  viewer: Viewer,
  port: number,
): GatewayServer[] {
  const known = new Set<string>();
  const taken: GatewayServer[] = [];
  for (const server of inOrderOfAge(set, [
    viewer.gateway,
    ...gatewaysBeside(set, viewer),
  ]).flatMap(gateway => serversOf(set, gateway, port))) {
    if (server.hasTlsSettings) {
      const hosts = server.hosts.map(host => inNamespace(host, server));
      if (hosts.some(host => known.has(host))) {
        continue;
      }
      hosts.forEach(host => known.add(host));
    }
    const plain = taken.find(({ isTls }) => !isTls);
    const isAlike = plain?.routing === 'requests' && isPlainHttp(server);
    if (!plain || isAlike) {
      taken.push(server);
    }
  }
  return taken;
}

function isPlainHttp({ routing, isTls }: GatewayServer): boolean {
  return routing === 'requests' && !isTls;
}

function inOrderOfAge(set: MeshObjects, gateways: readonly string[]): string[] {
  const objects = gateways.flatMap(gateway => {
    const [namespace, name] = gateway.split('/');
    const object = set.get('Gateway', namespace, name);
    return object ? [object] : [];
  });
  return oldestFirst(objects).map(
    object => `${namespaceOf(object)}/${object.metadata.name}`,
  );
}

/** A host as Istio compares it: `./` is the Gateway’s own namespace, and every namespace is none. */
function inNamespace(host: string, { object }: GatewayServer): string {
  return host
    .replace(/^\.\//, `${object ? namespaceOf(object) : ''}/`)
    .replace(/^\*\//, '');
}

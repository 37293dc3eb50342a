import { hostCovers, hostSpecificity } from '../hosts/hosts';
import { KubeObject, namespaceOf } from '../kube/KubeObject';
import { isMap, itemsOf, textsOf } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';
import { gatewaysBeside, Viewer } from './viewerOf';

/** One server of a Gateway. */
export interface GatewayServer {
  /** Its Gateway as `namespace/name`. */
  gateway: string;
  /** Absent where any host is taken for granted. */
  object?: KubeObject;
  /** Its place in the Gateway. */
  position: number;
  hosts: readonly string[];
  /** What it routes by. */
  routing: 'requests' | 'tls' | 'tcp';
  isTls: boolean;
  /** Plain HTTP is sent to HTTPS. */
  redirects: boolean;
}

/** What a Service is asked for through: no server need have its name. */
export function anyServer(gateway: string): GatewayServer {
  return {
    gateway,
    position: 0,
    hosts: ['*'],
    routing: 'requests',
    isTls: false,
    redirects: false,
  };
}

/**
 * The servers that a request for a host may meet: of all Gateways on the same pods where the port is known, else of this one.
 * Of those that speak TLS on a port the greeting finds the most exact.
 * Source: istio pilot/pkg/model/gateway.go, mergeGateways.
 */
export function serversFor(
  set: MeshObjects,
  viewer: Viewer,
  host: string,
  port: number | undefined,
): GatewayServer[] {
  const gateways =
    port === undefined
      ? [viewer.gateway]
      : [viewer.gateway, ...gatewaysBeside(set, viewer)];
  const servers = gateways.flatMap(gateway => serversOf(set, gateway, port));
  if (port === undefined) {
    return servers;
  }
  const greeted = (server: GatewayServer) =>
    Math.max(
      ...server.hosts
        .map(withoutNamespace)
        .filter(pattern => hostCovers(pattern, host))
        .map(hostSpecificity),
    );
  const best = Math.max(...servers.filter(({ isTls }) => isTls).map(greeted));
  return servers.filter(server => !server.isTls || greeted(server) === best);
}

function serversOf(
  set: MeshObjects,
  gateway: string,
  port: number | undefined,
): GatewayServer[] {
  const [namespace, name] = gateway.split('/');
  const object = set.get('Gateway', namespace, name);
  return itemsOf(object?.spec?.servers).flatMap((server, position) =>
    isMap(server) && (port === undefined || server.port?.number === port)
      ? [
          {
            gateway,
            object,
            position,
            hosts: textsOf(server.hosts),
            routing: routingOf(server),
            isTls: isMap(server.tls) && server.tls.httpsRedirect !== true,
            redirects: server.tls?.httpsRedirect === true,
          },
        ]
      : [],
  );
}

/** Only TLS that the gateway does not end is routed by the name in its greeting. */
function routingOf(server: Record<string, any>): GatewayServer['routing'] {
  const protocol = String(server.port?.protocol ?? 'HTTP').toUpperCase();
  if (/PASSTHROUGH$/.test(String(server.tls?.mode))) {
    return 'tls';
  }
  return /^(HTTP|HTTP2|GRPC|GRPC-WEB|HTTPS)$/.test(protocol)
    ? 'requests'
    : 'tcp';
}

/** The hosts that a server serves for VirtualServices of a namespace. */
export function hostsAt(server: GatewayServer, namespace: string): string[] {
  return server.hosts
    .filter(pattern => {
      const slash = pattern.indexOf('/');
      const place = slash < 0 ? '*' : pattern.slice(0, slash);
      return (
        place === '*' ||
        place === namespace ||
        (place === '.' &&
          server.object !== undefined &&
          namespaceOf(server.object) === namespace)
      );
    })
    .map(withoutNamespace);
}

/** The hosts that a server redirects whether or not a VirtualService has them. */
export function redirectedHosts({ hosts, redirects }: GatewayServer): string[] {
  return redirects
    ? hosts.filter(host => !/^[^*/]+\//.test(host)).map(withoutNamespace)
    : [];
}

function withoutNamespace(pattern: string): string {
  return pattern.slice(pattern.indexOf('/') + 1);
}

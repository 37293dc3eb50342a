import { KubeObject, namespaceOf } from '../kube/KubeObject';
import { isMap, itemsOf, textsOf } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';

/** Source: istio pkg/config/protocol/instance.go, IsHTTP. */
const PLAIN_HTTP = /^(HTTP|HTTP2|HTTP_PROXY|GRPC|GRPC-WEB)$/;

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
  /** Whether it takes TLS alone, and which by the name in the greeting. */
  isTls: boolean;
  /** Whether `tls` is written at all: then Istio takes it only where no other has one of its hosts. */
  hasTlsSettings: boolean;
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
    hasTlsSettings: false,
    redirects: false,
  };
}

/** The servers of one Gateway, on one port where that is given. */
export function serversOf(
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
            isTls: isMap(server.tls) && !isPlaintext(server),
            hasTlsSettings: isMap(server.tls),
            redirects:
              server.tls?.httpsRedirect === true && isPlaintext(server),
          },
        ]
      : [],
  );
}

function isPlaintext(server: Record<string, any>): boolean {
  return PLAIN_HTTP.test(protocolOf(server));
}

function protocolOf(server: Record<string, any>): string {
  return String(server.port?.protocol ?? 'HTTP').toUpperCase();
}

/** Only TLS that the gateway does not end is routed by the name in its greeting. */
function routingOf(server: Record<string, any>): GatewayServer['routing'] {
  const protocol = protocolOf(server);
  if (/PASSTHROUGH$/.test(String(server.tls?.mode))) {
    return 'tls';
  }
  return PLAIN_HTTP.test(protocol) || protocol === 'HTTPS' ? 'requests' : 'tcp';
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

export function withoutNamespace(pattern: string): string {
  return pattern.slice(pattern.indexOf('/') + 1);
}

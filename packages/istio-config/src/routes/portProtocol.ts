import type { KubeObject } from '../kube/KubeObject';
import { isMap, itemsOf } from '../kube/reading';

const TLS = ['https', 'tls'];
const TCP = ['tcp', 'udp', 'mongo', 'mysql', 'redis'];
const HTTP = ['http', 'http2', 'grpc'];

/** The numbers of the ports of a Service or ServiceEntry. */
export function portNumbers(object: KubeObject | undefined): number[] {
  return itemsOf(object?.spec?.ports)
    .map(entry => entry?.port ?? entry?.number)
    .filter((port): port is number => typeof port === 'number');
}

/**
 * What a port of a Service or ServiceEntry carries: by its protocol, `appProtocol` or the first part of its name; undefined
 * where Istio looks at the traffic. Source: istio pkg/config/kube/conversion.go, ConvertProtocol.
 */
export function portProtocol(
  object: KubeObject | undefined,
  port: number,
): 'http' | 'tls' | 'tcp' | undefined {
  const entry = itemsOf(object?.spec?.ports)
    .filter(isMap)
    .find(candidate => (candidate.port ?? candidate.number) === port);
  const [first] = entry ? writtenProtocol(entry).toLowerCase().split('-') : [];
  if (first === undefined) {
    return undefined;
  }
  if (TLS.includes(first)) {
    return 'tls';
  }
  if (TCP.includes(first)) {
    return 'tcp';
  }
  return HTTP.includes(first) ? 'http' : undefined;
}

/** On a Service `protocol` tells only TCP from UDP. */
function writtenProtocol(entry: Record<string, any>): string {
  if (entry.port === undefined && typeof entry.protocol === 'string') {
    return entry.protocol;
  }
  if (entry.protocol === 'UDP') {
    return 'udp';
  }
  const written =
    typeof entry.appProtocol === 'string' && entry.appProtocol
      ? entry.appProtocol
      : String(entry.name ?? '');
  return written
    .replace(/^kubernetes\.io\/(h2c|ws)$/, 'http')
    .replace(/^kubernetes\.io\/wss$/, 'https');
}

/** Whether a port is routed by connections, not by requests. */
export function isConnectionPort(
  object: KubeObject | undefined,
  port: number,
): boolean {
  const protocol = portProtocol(object, port);
  return protocol === 'tls' || protocol === 'tcp';
}

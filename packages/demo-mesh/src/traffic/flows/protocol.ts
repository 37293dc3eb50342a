import type { KubeObject } from '@meshdeck/istio-config';
import type { CallShape } from './Flow';

const TCP = ['tcp', 'tls', 'mongo', 'mysql', 'redis', 'postgres', 'udp'];

/** What Istio takes a Service's port for: `appProtocol`, else the port's name up to the first dash, else HTTP. */
export function protocolOf(
  service: KubeObject,
  port: number,
): CallShape['protocol'] {
  const ports: any[] = Array.isArray(service.spec?.ports)
    ? service.spec.ports
    : [];
  const found = ports.find(candidate => candidate?.port === port);
  const named = String(found?.appProtocol ?? found?.name ?? '')
    .toLowerCase()
    .replace(/^kubernetes\.io\//, '')
    .split('-')[0];
  if (named === 'grpc') {
    return 'grpc';
  }
  return TCP.includes(named) ? 'tcp' : 'http';
}

/** The gRPC status for an HTTP code that a proxy or an application meant. */
export function grpcStatusOf(code: number): string {
  const known: Record<number, string> = {
    200: '0',
    403: '7',
    404: '12',
    429: '8',
    503: '14',
    504: '4',
  };
  return known[code] ?? (code >= 500 ? '13' : '2');
}

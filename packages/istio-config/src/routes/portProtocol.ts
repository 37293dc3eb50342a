import type { KubeObject } from '../kube/KubeObject';
import { isMap, itemsOf } from '../kube/reading';
import { protocolNamed, protocolOf } from '../workloads/servicePorts';

type Carried = 'http' | 'tls' | 'tcp';

/** Source: istio pkg/config/protocol/instance.go. */
const CARRIED: Record<string, Carried> = {
  HTTP: 'http',
  HTTP2: 'http',
  HTTP_PROXY: 'http',
  GRPC: 'http',
  'GRPC-Web': 'http',
  HTTPS: 'tls',
  TLS: 'tls',
  TCP: 'tcp',
  UDP: 'tcp',
  Mongo: 'tcp',
  MySQL: 'tcp',
  Redis: 'tcp',
};

/** The numbers of the ports of a Service or ServiceEntry. */
export function portNumbers(object: KubeObject | undefined): number[] {
  return itemsOf(object?.spec?.ports)
    .map(entry => entry?.port ?? entry?.number)
    .filter((port): port is number => typeof port === 'number');
}

/**
 * What a port carries: of a Service by its `appProtocol`, its name or its number, of a ServiceEntry by its protocol alone;
 * undefined where Istio looks at the traffic. Source: istio pilot/pkg/serviceregistry/serviceentry/conversion.go, convertPort.
 */
export function portProtocol(
  object: KubeObject | undefined,
  port: number,
): Carried | undefined {
  const entry = itemsOf(object?.spec?.ports)
    .filter(isMap)
    .find(candidate => (candidate.port ?? candidate.number) === port);
  const protocol =
    entry &&
    (entry.port === undefined
      ? protocolNamed(entry.protocol)
      : protocolOf(entry).protocol);
  return protocol === undefined ? undefined : CARRIED[protocol];
}

/** Whether a port is routed by connections, not by requests. @public */
export function isConnectionPort(
  object: KubeObject | undefined,
  port: number,
): boolean {
  const protocol = portProtocol(object, port);
  return protocol === 'tls' || protocol === 'tcp';
}

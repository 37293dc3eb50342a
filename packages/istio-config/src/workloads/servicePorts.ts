import { itemsOf } from '../kube/reading';
import type { KubeObject } from '../kube/KubeObject';

/** What Istio takes a Service port to speak, and how it knows. @public */
export interface PortProtocol {
  port: number;
  name?: string;
  /** `auto` where it guesses from the first bytes; `UDP` is not handled at all. */
  protocol: string;
  from: 'appProtocol' | 'name' | 'port' | 'protocol' | 'detection';
  /** One sentence. */
  why: string;
}

const PROTOCOLS = new Map(
  `tcp:TCP udp:UDP grpc:GRPC grpc-web:GRPC-Web http:HTTP http_proxy:HTTP_PROXY http2:HTTP2 https:HTTPS tls:TLS
   mongo:Mongo mysql:MySQL redis:Redis`
    .split(/\s+/)
    .map(pair => pair.split(':') as [string, string]),
);
const KUBERNETES_NAMES = new Map([
  ['kubernetes.io/h2c', 'HTTP2'],
  ['kubernetes.io/ws', 'HTTP'],
  ['kubernetes.io/wss', 'HTTPS'],
]);
/** There the server speaks first, so there is nothing to guess from: SMTP, DNS, MySQL, MongoDB. */
const SERVER_FIRST = new Set([25, 53, 3306, 27017]);

/**
 * What Istio takes each port of a Service to speak: `appProtocol` wins over the name's first part; without either it guesses.
 * Source: istio pkg/config/kube/conversion.go, ConvertProtocol.
 * @public
 */
export function portProtocols(service: KubeObject): PortProtocol[] {
  return itemsOf(service.spec?.ports)
    .filter(port => typeof port?.port === 'number')
    .map(port => ({
      port: port.port,
      name: nameOf(port),
      ...protocolOf(port),
    }));
}

function nameOf(port: any): string | undefined {
  return typeof port.name === 'string' ? port.name : undefined;
}

/** The protocol of this name, in any case. Source: istio pkg/config/protocol/instance.go, Parse. */
export function protocolNamed(name: unknown): string | undefined {
  return typeof name === 'string'
    ? PROTOCOLS.get(name.toLowerCase())
    : undefined;
}

/** The same for one port of a Service's spec. */
export function protocolOf(
  port: any,
): Pick<PortProtocol, 'protocol' | 'from' | 'why'> {
  if (port?.protocol === 'UDP') {
    return {
      protocol: 'UDP',
      from: 'protocol',
      why: 'Istio does not handle UDP: it passes the proxy by',
    };
  }
  const isApp = typeof port?.appProtocol === 'string';
  const from = isApp ? 'appProtocol' : 'name';
  const text = String(
    (isApp ? port.appProtocol : port?.name) ?? '',
  ).toLowerCase();
  const known =
    (isApp ? KUBERNETES_NAMES.get(text) : undefined) ??
    protocolNamed(
      text.startsWith('grpc-web') ? 'grpc-web' : text.split('-')[0],
    );
  if (known) {
    return { protocol: known, from, why: `its ${from} is ${text}` };
  }
  if (SERVER_FIRST.has(port?.port)) {
    return {
      protocol: 'TCP',
      from: 'port',
      why: `on port ${port.port} the server speaks first, so Istio does not guess`,
    };
  }
  return {
    protocol: 'auto',
    from: 'detection',
    why: `${
      text ? `its ${from} ${text} is no protocol` : 'it has no name'
    }, so Istio guesses HTTP or TCP from the first bytes`,
  };
}

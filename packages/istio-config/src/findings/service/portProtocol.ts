const PROTOCOLS = new Set([
  'tcp',
  'udp',
  'grpc',
  'grpc-web',
  'http',
  'http_proxy',
  'http2',
  'http3',
  'https',
  'tls',
  'mongo',
  'mysql',
  'redis',
  'hbone',
  'quic',
]);
/** Source: istio pkg/config/kube/conversion.go: Istio never guesses on SMTP, DNS, MySQL and MongoDB. */
const NEVER_GUESSED = [25, 53, 3306, 27017];
const KUBERNETES_NAMES = [
  'kubernetes.io/h2c',
  'kubernetes.io/ws',
  'kubernetes.io/wss',
];

/** Whether Istio knows a Service port's protocol without guessing. Source: istio pkg/config/kube/conversion.go, ConvertProtocol. */
export function saysItsProtocol(port: any): boolean {
  if (port?.protocol === 'UDP') {
    return true;
  }
  const name = String(port?.appProtocol ?? port?.name ?? '').toLowerCase();
  return (
    (port?.appProtocol && KUBERNETES_NAMES.includes(name)) ||
    name.startsWith('grpc-web') ||
    PROTOCOLS.has(name.split('-')[0]) ||
    NEVER_GUESSED.includes(port?.port)
  );
}

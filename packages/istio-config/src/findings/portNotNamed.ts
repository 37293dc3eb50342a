import { defineFinding } from './Finding';

const PROTOCOLS =
  /^(grpc|grpc-web|http|http2|http3|https|mongo|mysql|redis|tcp|tls|udp|quic|hbone)(-.*)?$/;

/** A port whose name does not begin with its protocol: Istio has to guess it from the traffic. */
export const portNotNamed = defineFinding({
  code: 'IST0118',
  level: 'info',
  inputs: ['Service'],
  source: 'istio: pkg/config/analysis/analyzers/service/portname.go',
  *find({ Service: services }, set) {
    for (const service of services) {
      const namespace = service.metadata.namespace ?? '';
      if (
        namespace === set.meshConfig.rootNamespace ||
        namespace.startsWith('kube-')
      ) {
        continue;
      }
      const ports: any[] = Array.isArray(service.spec?.ports)
        ? service.spec.ports
        : [];
      for (const [index, port] of ports.entries()) {
        if (!port || port.appProtocol || PROTOCOLS.test(port.name ?? '')) {
          continue;
        }
        yield {
          resource: service,
          path: `spec.ports[${index}].name`,
          message: `The port ${
            port.name ?? port.port
          } does not name its protocol, so Istio guesses it from each connection.`,
          fix: `Name it after its protocol, as http-${
            port.name ?? port.port
          }, or set appProtocol.`,
        };
      }
    }
  },
});

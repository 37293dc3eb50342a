import { itemsOf } from '../../kube/reading';
import { defineFinding } from '../Finding';
import { isNobodysBusiness } from './managedServices';
import { saysItsProtocol } from './portProtocol';

/** A port whose name does not begin with its protocol: Istio has to guess it from the traffic. */
export const portNotNamed = defineFinding({
  code: 'IST0118',
  level: 'info',
  inputs: ['Service'],
  source: 'istio: pkg/config/analysis/analyzers/service/portname.go',
  *find({ Service: services }, set) {
    for (const service of services) {
      if (
        // Istio's own gateways there carry a label that says so; those of others need none.
        service.metadata.namespace === set.meshConfig.rootNamespace ||
        service.spec?.type === 'ExternalName' ||
        isNobodysBusiness(service)
      ) {
        continue;
      }
      for (const [index, port] of itemsOf(service.spec?.ports).entries()) {
        if (!port || saysItsProtocol(port)) {
          continue;
        }
        const name = port.name ?? port.port;
        yield {
          resource: service,
          path: `spec.ports[${index}].name`,
          message: `The port ${name} does not name its protocol, so Istio guesses it from each connection.`,
          fix: `Name it after its protocol, as http-${name}, or set appProtocol.`,
        };
      }
    }
  },
});

import { itemsOf } from '../../kube/reading';
import { defineFinding } from '../Finding';
import { isNobodysBusiness } from './managedServices';
import { saysItsProtocol } from './portProtocol';

/** A port of an ExternalName Service that speaks TCP or does not say what: the proxy has no address to know it by. */
export const externalNamePort = defineFinding({
  code: 'IST0150',
  level: 'warning',
  inputs: ['Service'],
  source: 'istio: pkg/config/analysis/analyzers/service/portname.go',
  *find({ Service: services }) {
    for (const service of services) {
      if (service.spec?.type !== 'ExternalName' || isNobodysBusiness(service)) {
        continue;
      }
      const index = itemsOf(service.spec.ports).findIndex(
        port => port?.name === 'tcp' || !saysItsProtocol(port),
      );
      if (index >= 0) {
        yield {
          resource: service,
          path: `spec.ports[${index}].name`,
          message:
            'The Service is only a name for another host, and a port speaks TCP or does not say what: the proxy takes over that port for every address.',
          fix: 'Name the protocol (http, tls, …), or use a ServiceEntry with addresses.',
        };
      }
    }
  },
});

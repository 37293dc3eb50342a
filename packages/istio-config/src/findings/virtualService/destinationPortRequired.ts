import { namespaceOf } from '../../kube/KubeObject';
import { defineFinding } from '../Finding';
import { registeredHost } from '../hostRegistry';
import { routeDestinations } from '../routeDestinations';

/** A destination with several ports, and the route does not say which. */
export const destinationPortRequired = defineFinding({
  code: 'IST0112',
  level: 'error',
  inputs: ['VirtualService'],
  source:
    'istio: pkg/config/analysis/analyzers/virtualservice/destinationhosts.go',
  *find({ VirtualService: services }, set) {
    for (const service of services) {
      for (const { path, destination } of routeDestinations(service)) {
        const host: unknown = destination?.host;
        if (typeof host !== 'string' || destination.port) {
          continue;
        }
        const target = registeredHost(set, host, {
          namespace: namespaceOf(service),
          exportTo: service.spec?.exportTo,
        });
        if (target && target.ports.length > 1) {
          yield {
            resource: service,
            path,
            message: `The service ${host} has the ports ${target.ports.join(
              ', ',
            )} and the route does not say which: Istio takes the port that the request came to, if the service has it.`,
            fix: 'Set destination.port.number.',
          };
        }
      }
    }
  },
});

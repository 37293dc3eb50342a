import { resolveHost } from '../../hosts/hosts';
import { namespaceOf } from '../../kube/KubeObject';
import { defineFinding } from '../Finding';
import { registeredHost } from '../hostRegistry';
import { routeDestinations } from '../routeDestinations';

/** A VirtualService sends requests to a host or a port that is not there. */
export const destinationNotFound = defineFinding({
  code: 'IST0101',
  level: 'error',
  inputs: ['VirtualService'],
  source:
    'istio: pkg/config/analysis/analyzers/virtualservice/destinationhosts.go',
  *find({ VirtualService: services }, set) {
    for (const service of services) {
      const namespace = namespaceOf(service);
      for (const { path, destination, isMirror } of routeDestinations(
        service,
      )) {
        const host: unknown = destination?.host;
        if (typeof host !== 'string' || host === '') {
          yield {
            resource: service,
            path,
            message: `A ${
              isMirror ? 'mirror' : 'route'
            } names no host, so its requests have nowhere to go.`,
            fix: 'Give it a destination with a host, or remove it.',
          };
          continue;
        }
        const full = namespace
          ? resolveHost(host, namespace, set.meshConfig.domain)
          : host;
        const target = registeredHost(set, host, {
          namespace,
          exportTo: service.spec?.exportTo,
        });
        if (!target) {
          yield {
            resource: service,
            path: `${path}.host`,
            message: isMirror
              ? `There is no service ${full}: the copies of requests sent there are lost.`
              : `There is no service ${full}: requests sent there are answered 503.`,
            fix: `Correct the host, or create the service ${full}.`,
          };
          continue;
        }
        const port: unknown = destination.port?.number;
        if (typeof port === 'number' && !target.ports.includes(port)) {
          yield {
            resource: service,
            path: `${path}.port.number`,
            message: `The service ${full} has no port ${port}: requests sent there are answered 503.`,
            fix: target.ports.length
              ? `Name one of its ports: ${target.ports.join(', ')}.`
              : 'Give the service that port, or leave the port out.',
          };
        }
      }
    }
  },
});

import { defineFinding } from '../Finding';
import { leadingPorts } from './servicesOf';

/** Services give one port of the same pods different protocols. */
export const severalProtocols = defineFinding({
  code: 'IST0116',
  level: 'warning',
  inputs: ['Deployment'],
  source: 'istio: pkg/config/analysis/analyzers/deployment/services.go',
  *find({ Deployment: deployments }, set) {
    for (const deployment of deployments) {
      const ports = leadingPorts(set, deployment);
      for (const number of new Set(ports.map(({ port }) => port))) {
        const same = ports.filter(({ port }) => port === number);
        if (new Set(same.map(({ protocol }) => protocol)).size > 1) {
          yield {
            resource: deployment,
            message: `Services give port ${number} of its pods different protocols (${same
              .map(({ service, protocol }) => `${service} ${protocol}`)
              .sort()
              .join(', ')}): the proxy can serve only one of them.`,
            fix: 'Use one protocol for the port, or different ports.',
          };
        }
      }
    }
  },
});

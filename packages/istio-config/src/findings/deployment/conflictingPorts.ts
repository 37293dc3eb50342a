import { defineFinding } from '../Finding';
import { leadingPorts } from './servicesOf';

/** Services lead from different ports to one port of the same pods. */
export const conflictingPorts = defineFinding({
  code: 'IST0137',
  level: 'warning',
  inputs: ['Deployment'],
  source: 'istio: pkg/config/analysis/analyzers/deployment/services.go',
  *find({ Deployment: deployments }, set) {
    for (const deployment of deployments) {
      const ports = leadingPorts(set, deployment);
      for (const target of new Set(ports.map(port => port.target))) {
        const same = ports.filter(port => port.target === target);
        if (new Set(same.map(({ port }) => port)).size > 1) {
          yield {
            resource: deployment,
            message: `Port ${target} of its pods is reached by different ports (${[
              ...new Set(same.map(({ service, port }) => `${service}:${port}`)),
            ]
              .sort()
              .join(
                ', ',
              )}): the proxy's inbound rules for it follow only one of them.`,
            fix: 'Use the same port in all Services that lead to it.',
          };
        }
      }
    }
  },
});

import { hostCovers, resolveHost, serviceOfHost } from '../hosts/hosts';
import type { MeshConfigSet } from '../MeshConfigSet';
import { destinationRulesFor } from '../routes/destinationRules';
import { defineFinding } from './Finding';

/** A VirtualService sends requests to a host or a subset that is not there. */
export const destinationNotFound = defineFinding({
  code: 'IST0101',
  level: 'error',
  inputs: ['VirtualService'],
  source:
    'istio: pkg/config/analysis/analyzers/virtualservice/destinationhosts.go',
  *find({ VirtualService: services }, set) {
    for (const service of services) {
      const namespace = service.metadata.namespace ?? '';
      for (const { path, destination } of destinationsIn(service.spec)) {
        if (typeof destination?.host !== 'string') {
          continue;
        }
        const host = resolveHost(
          destination.host,
          namespace,
          set.meshConfig.domain,
        );
        const target = serviceOfHost(set, host);
        if (!target && !isServiceEntryHost(set, host)) {
          yield {
            resource: service,
            path: `${path}.host`,
            message: `There is no service ${host}: requests sent there are answered 503.`,
            fix: `Correct the host, or create the service ${host}.`,
          };
          continue;
        }
        const subsets = destinationRulesFor(set, host, {
          clientNamespace: namespace,
          serviceNamespace: target?.metadata.namespace ?? namespace,
        }).subsets;
        if (
          destination.subset &&
          !subsets.some(subset => subset.name === destination.subset)
        ) {
          yield {
            resource: service,
            path: `${path}.subset`,
            message: `No DestinationRule for ${host} defines the subset ${destination.subset}: requests sent there are answered 503.`,
            fix: `Add the subset ${
              destination.subset
            } to the DestinationRule, or send the requests to one that exists${
              subsets.length
                ? ` (${subsets.map(subset => subset.name).join(', ')})`
                : ''
            }.`,
          };
        }
      }
    }
  },
});

function isServiceEntryHost(set: MeshConfigSet, host: string): boolean {
  return set
    .all('ServiceEntry')
    .some(
      entry =>
        Array.isArray(entry.spec?.hosts) &&
        entry.spec.hosts.some((pattern: unknown) =>
          hostCovers(String(pattern), host),
        ),
    );
}

function* destinationsIn(
  spec: any,
): Iterable<{ path: string; destination: any }> {
  for (const protocol of ['http', 'tcp', 'tls']) {
    const rules: any[] = Array.isArray(spec?.[protocol]) ? spec[protocol] : [];
    for (const [index, rule] of rules.entries()) {
      const routes: any[] = Array.isArray(rule?.route) ? rule.route : [];
      for (const [position, route] of routes.entries()) {
        yield {
          path: `spec.${protocol}[${index}].route[${position}].destination`,
          destination: route?.destination,
        };
      }
      if (rule?.mirror) {
        yield {
          path: `spec.${protocol}[${index}].mirror`,
          destination: rule.mirror,
        };
      }
    }
  }
}

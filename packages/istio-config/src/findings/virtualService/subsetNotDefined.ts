import { resolveHost, serviceOfHost } from '../../hosts/hosts';
import { namespaceOf } from '../../kube/KubeObject';
import { destinationRulesFor } from '../../routes/destinationRules';
import { defineFinding } from '../Finding';
import { registeredHost } from '../hostRegistry';
import { routeDestinations } from '../routeDestinations';

/** A VirtualService sends requests to a subset that no DestinationRule defines. */
export const subsetNotDefined = defineFinding({
  code: 'MD0103',
  level: 'error',
  inputs: ['VirtualService'],
  source:
    'istio: pilot/pkg/networking/core/route/route.go: a subset without a DestinationRule has no cluster',
  *find({ VirtualService: services }, set) {
    for (const service of services) {
      const namespace = namespaceOf(service);
      for (const { path, destination } of routeDestinations(service)) {
        const { host, subset } = destination ?? {};
        if (typeof host !== 'string' || typeof subset !== 'string' || !subset) {
          continue;
        }
        const full = resolveHost(host, namespace, set.meshConfig.domain);
        const known = registeredHost(set, host, {
          namespace,
          exportTo: service.spec?.exportTo,
        });
        const { rules, subsets } = destinationRulesFor(set, full, {
          clientNamespace: namespace,
          serviceNamespace:
            serviceOfHost(set, full)?.metadata.namespace ??
            (known ? namespaceOf(known.object) : namespace),
        });
        if (!known && rules.length === 0) {
          continue;
        }
        if (subsets.some(candidate => candidate.name === subset)) {
          continue;
        }
        yield {
          resource: service,
          path: `${path}.subset`,
          message: `No DestinationRule for ${
            namespace ? full : host
          } defines the subset ${subset}: requests sent there are answered 503.`,
          fix: `Add the subset ${subset} to the DestinationRule, or send the requests to one that exists${
            subsets.length
              ? ` (${subsets.map(candidate => candidate.name).join(', ')})`
              : ''
          }.`,
        };
      }
    }
  },
});

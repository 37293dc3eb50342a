import { resolveHost } from '../../hosts/hosts';
import { namespaceOf } from '../../kube/KubeObject';
import { defineFinding } from '../Finding';
import { routeDestinations } from '../routeDestinations';
import { subsetsOfHost } from './subsetsOfHost';

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
        const subsets = subsetsOfHost(set, service, host);
        if (!subsets) {
          continue;
        }
        if (subsets.some(candidate => candidate.name === subset)) {
          continue;
        }
        yield {
          resource: service,
          path: `${path}.subset`,
          message: `No DestinationRule for ${
            namespace
              ? resolveHost(host, namespace, set.meshConfig.domain)
              : host
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

import { resolveHost, serviceHost, serviceOfHost } from '../../hosts/hosts';
import { effectiveRoutes } from '../../routes/effectiveRoutes';
import { gatewaysOf, hostsOf } from '../../routes/virtualServices';
import { defineFinding } from '../Finding';

/** Requests are sent to a version of which no pod is ready. */
export const routeWithoutPods = defineFinding({
  code: 'MD0102',
  level: 'error',
  inputs: ['VirtualService'],
  source: 'envoy: a cluster without healthy hosts answers 503 with the flag UH',
  *find({ VirtualService: services }, set) {
    for (const object of services) {
      const namespace = object.metadata.namespace ?? '';
      if (!gatewaysOf(object).includes('mesh')) {
        continue;
      }
      for (const host of hostsOf(set, object)) {
        const service = serviceOfHost(set, host);
        if (!service) {
          continue;
        }
        const place = {
          namespace: service.metadata.namespace ?? '',
          service: service.metadata.name,
        };
        const routes = effectiveRoutes(set, {
          ...place,
          from: { type: 'mesh', namespace },
        });
        if (
          routes.decidedBy?.name !== object.metadata.name ||
          routes.decidedBy.namespace !== namespace
        ) {
          continue;
        }
        for (const rule of routes.rules) {
          const position = rule.destinations.findIndex(
            ({ state, share }) => state === 'no-pods' && share > 0,
          );
          if (position < 0) {
            continue;
          }
          const { subset, share, host: target } = rule.destinations[position];
          yield {
            resource: object,
            path: `${rule.source?.path ?? 'spec'}.route[${position}]`,
            message: `${
              Math.round(share * 1000) / 10
            } % of its requests go to ${
              subset
                ? `the subset ${subset}`
                : nameOf(target, place, set.meshConfig.domain)
            }, of which no pod is ready: they are answered 503.`,
            fix: subset
              ? `Deploy ready pods for the subset ${subset}, or set its weight to 0.`
              : 'Bring its pods up, or send the requests elsewhere.',
          };
        }
      }
    }
  },
});

function nameOf(
  target: string,
  place: { namespace: string; service: string },
  domain: string,
): string {
  const own = serviceHost(place.namespace, place.service, domain);
  return resolveHost(target, place.namespace, domain) === own
    ? place.service
    : target;
}

import { resolveHost, serviceHost, serviceOfHost } from '../../hosts/hosts';
import { effectiveRoutes } from '../../routes/effectiveRoutes';
import { gatewaysOf, hostsOf } from '../../routes/virtualServices';
import type { MeshConfigSet } from '../../MeshConfigSet';
import type { RouteRule } from '../../routes/types';
import { KubeObject, namespaceOf } from '../../kube/KubeObject';
import { defineFinding, FindingDraft } from '../Finding';

/** Requests are sent to a version of which no pod is ready. */
export const routeWithoutPods = defineFinding({
  code: 'MD0102',
  level: 'error',
  inputs: ['VirtualService'],
  source: 'envoy: a cluster without healthy hosts answers 503 with the flag UH',
  *find({ VirtualService: services }, set) {
    for (const object of services) {
      if (gatewaysOf(object).includes('mesh')) {
        yield* emptyRoutesOf(set, object);
      }
    }
  },
});

function emptyRoutesOf(set: MeshConfigSet, object: KubeObject): FindingDraft[] {
  const { name } = object.metadata;
  const namespace = namespaceOf(object);
  return hostsOf(set, object).flatMap(host => {
    const service = serviceOfHost(set, host);
    if (!service) {
      return [];
    }
    const place = {
      namespace: namespaceOf(service),
      service: service.metadata.name,
    };
    const routes = effectiveRoutes(set, {
      ...place,
      from: { type: 'mesh', namespace },
    });
    return routes.decidedBy?.kind === 'VirtualService' &&
      routes.decidedBy.name === name &&
      routes.decidedBy.namespace === namespace
      ? routes.rules.flatMap(rule => {
          const position = rule.destinations.findIndex(
            ({ state, share }) => state === 'no-pods' && share > 0,
          );
          return position < 0
            ? []
            : [
                emptyRoute(
                  object,
                  rule,
                  position,
                  place,
                  set.meshConfig.domain,
                ),
              ];
        })
      : [];
  });
}

function emptyRoute(
  resource: KubeObject,
  rule: RouteRule,
  position: number,
  place: { namespace: string; service: string },
  domain: string,
): FindingDraft {
  const { subset, share, host } = rule.destinations[position];
  return {
    resource,
    path: `${rule.source?.path ?? 'spec'}.route[${position}]`,
    message: `${Math.round(share * 1000) / 10} % of its requests go to ${
      subset ? `the subset ${subset}` : nameOf(host, place, domain)
    }, of which no pod is ready: they are answered 503.`,
    fix: subset
      ? `Deploy ready pods for the subset ${subset}, or set its weight to 0.`
      : 'Bring its pods up, or send the requests elsewhere.',
  };
}

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

import { resolveHost } from '../../hosts/hosts';
import { fullNameOf, KubeObject, namespaceOf } from '../../kube/KubeObject';
import { itemsOf, textsOf } from '../../kube/reading';
import { defineFinding } from '../Finding';

/** Requests from a gateway go to a host whose own VirtualService splits it into subsets: that split does not apply to them. */
export const ingressRouteWithoutSubset = defineFinding({
  code: 'IST0140',
  level: 'warning',
  scope: 'mesh',
  inputs: ['VirtualService'],
  source:
    'istio: pkg/config/analysis/analyzers/virtualservice/destinationhosts.go',
  *find({ VirtualService: services }, set) {
    const { domain } = set.meshConfig;
    const atGateways = services.filter(
      service => itemsOf(service.spec?.gateways).length > 0,
    );
    if (atGateways.length === 0) {
      return;
    }
    const splitters = new Map<string, KubeObject[]>();
    for (const service of services) {
      const hosts = new Set(textsOf(service.spec?.hosts));
      for (const host of new Set(subsetHosts(service))) {
        if (hosts.has(host)) {
          splitters.set(host, [...(splitters.get(host) ?? []), service]);
        }
      }
    }
    for (const service of atGateways) {
      const said = new Set<KubeObject>();
      for (const [index, rule] of itemsOf(service.spec?.http).entries()) {
        for (const [position, route] of itemsOf(rule?.route).entries()) {
          const { host, subset } = route?.destination ?? {};
          if (typeof host !== 'string' || subset) {
            continue;
          }
          for (const splitter of splitters.get(host) ?? []) {
            // A short name means another service in another namespace.
            const isOther =
              resolveHost(host, namespaceOf(splitter), domain) !==
              resolveHost(host, namespaceOf(service), domain);
            if (isOther || said.has(splitter)) {
              continue;
            }
            said.add(splitter);
            yield {
              resource: service,
              path: `spec.http[${index}].route[${position}].destination`,
              message: `VirtualService ${fullNameOf(
                splitter,
              )} splits ${host} into subsets, but requests that come through the gateway do not pass it: they go to all pods.`,
              fix: 'Name the subsets here as well, or have both in one VirtualService for mesh and gateway.',
            };
          }
        }
      }
    }
  },
});

function subsetHosts(service: KubeObject): string[] {
  return itemsOf(service.spec?.http)
    .flatMap(rule => itemsOf(rule?.route))
    .map(route => route?.destination)
    .filter(
      destination =>
        typeof destination?.host === 'string' && destination.subset,
    )
    .map(destination => destination.host);
}

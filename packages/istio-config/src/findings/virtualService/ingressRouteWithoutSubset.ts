import { defineHostIndex } from '../../hosts/hostIndex';
import { resolveHost } from '../../hosts/hosts';
import { fullNameOf, KubeObject, namespaceOf } from '../../kube/KubeObject';
import { itemsOf, textsOf } from '../../kube/reading';
import { defineFinding } from '../Finding';

/** The VirtualServices that split a host of their own into subsets. */
const splittersOf = defineHostIndex('VirtualService', (set, service) =>
  splitHosts(service).map(host =>
    resolveHost(host, namespaceOf(service), set.meshConfig.domain),
  ),
);

/** Requests from a gateway go to a host whose own VirtualService splits it into subsets: that split does not apply to them. */
export const ingressRouteWithoutSubset = defineFinding({
  code: 'IST0140',
  level: 'warning',
  inputs: ['VirtualService'],
  source:
    'istio: pkg/config/analysis/analyzers/virtualservice/destinationhosts.go',
  *find({ VirtualService: services }, set) {
    const { domain } = set.meshConfig;
    const atGateways = services.filter(
      service => itemsOf(service.spec?.gateways).length > 0,
    );
    for (const service of atGateways) {
      const said = new Set<KubeObject>();
      for (const [index, rule] of itemsOf(service.spec?.http).entries()) {
        for (const [position, route] of itemsOf(rule?.route).entries()) {
          const { host, subset } = route?.destination ?? {};
          if (typeof host !== 'string' || subset) {
            continue;
          }
          const full = resolveHost(host, namespaceOf(service), domain);
          for (const splitter of splittersOf(set, full)) {
            if (!splitHosts(splitter).includes(host) || said.has(splitter)) {
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

/** As the object writes them. */
function splitHosts(service: KubeObject): string[] {
  const hosts = new Set(textsOf(service.spec?.hosts));
  return itemsOf(service.spec?.http)
    .flatMap(rule => itemsOf(rule?.route))
    .map(route => route?.destination)
    .filter(destination => destination?.subset && hosts.has(destination.host))
    .map(destination => destination.host);
}

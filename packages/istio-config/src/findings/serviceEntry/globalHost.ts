import { itemsOf, textsOf } from '../../kube/reading';
import { defineFinding } from '../Finding';

/** `name.namespace.global`: Istio no longer resolves such names, so an entry for one needs endpoints. */
export const globalHost = defineFinding({
  code: 'MD0118',
  level: 'warning',
  inputs: ['ServiceEntry'],
  source:
    'istio: release notes 1.8: .global stub domains are no longer supported for multicluster',
  *find({ ServiceEntry: entries }) {
    for (const entry of entries) {
      const { hosts, endpoints, addresses, workloadSelector } =
        entry.spec ?? {};
      const index = textsOf(hosts).findIndex(host => host.endsWith('.global'));
      if (
        index >= 0 &&
        !workloadSelector &&
        itemsOf(endpoints).length === 0 &&
        itemsOf(addresses).length === 0
      ) {
        yield {
          resource: entry,
          path: `spec.hosts[${index}]`,
          message: `Nothing resolves ${hosts[index]}, and the entry has neither endpoints nor addresses: requests to it go nowhere. As MESH_EXTERNAL it would get no mTLS either.`,
          fix: 'Connect the clusters with remote secrets and call the Service by its own name, or add endpoints and resolution: STATIC or DNS.',
        };
      }
    }
  },
});

import { fieldsOf, itemsOf } from '../../kube/reading';
import { defineFinding } from '../Finding';

/** A TCP port of a ServiceEntry without addresses: TCP carries no host, so Istio cannot tell whose traffic it is. */
export const addressesRequired = defineFinding({
  code: 'IST0134',
  level: 'warning',
  inputs: ['ServiceEntry'],
  source:
    'istio: pkg/config/analysis/analyzers/serviceentry/protocoladdresses.go',
  *find({ ServiceEntry: entries }, set) {
    const metadata = new Map(fieldsOf(set.meshConfig.proxyMetadata));
    if (
      metadata.get('ISTIO_META_DNS_CAPTURE') === 'true' &&
      (metadata.get('ISTIO_META_DNS_AUTO_ALLOCATE') === 'true' ||
        metadata.get('PILOT_ENABLE_IP_AUTOALLOCATE') === 'true')
    ) {
      return;
    }
    for (const entry of entries) {
      if (
        Array.isArray(entry.spec?.addresses) ||
        itemsOf(entry.status?.addresses).length > 0
      ) {
        continue;
      }
      const index = itemsOf(entry.spec?.ports).findIndex(
        port =>
          !port?.protocol || String(port.protocol).toUpperCase() === 'TCP',
      );
      if (index >= 0) {
        yield {
          resource: entry,
          path: `spec.ports[${index}]`,
          message:
            'A port speaks TCP and the entry has no addresses: the proxy matches such connections by address alone, so any connection to that port counts as this host.',
          fix: 'Set addresses, name the protocol (HTTP, TLS) if it is not TCP, or switch on address allocation (PILOT_ENABLE_IP_AUTOALLOCATE).',
        };
      }
    }
  },
});

import type { MeshObjects } from '../MeshObjects';
import { serviceHost } from '../hosts/hosts';
import { destinationRulesFor } from '../routes/destinationRules';
import { EditRefused } from './EditRefused';
import type { ServiceName } from './editRule';

/** @throws EditRefused where the service has no such version. */
export function requireSubset(
  set: MeshObjects,
  { namespace, service }: ServiceName,
  name: string,
): void {
  const host = serviceHost(namespace, service, set.meshConfig.domain);
  const { subsets } = destinationRulesFor(set, host, {
    clientNamespace: namespace,
    serviceNamespace: namespace,
  });
  if (!subsets.some(subset => subset.name === name)) {
    const names = subsets.map(subset => subset.name);
    throw new EditRefused(
      `There is no subset "${name.slice(0, 63)}"${
        names.length
          ? `; there are ${names.join(', ')}`
          : ': no DestinationRule defines versions'
      }.`,
    );
  }
}

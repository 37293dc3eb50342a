import { resolveHost, serviceOfHost } from '../../hosts/hosts';
import { type KubeObject, namespaceOf } from '../../kube/KubeObject';
import type { MeshObjects } from '../../MeshObjects';
import {
  destinationRulesFor,
  type Subset,
} from '../../routes/destinationRules';
import { registeredHost } from '../hostRegistry';

/** The subsets of a host for the callers of a VirtualService's namespace; undefined where nothing is known of the host. */
export function subsetsOfHost(
  set: MeshObjects,
  service: KubeObject,
  host: string,
): readonly Subset[] | undefined {
  const namespace = namespaceOf(service);
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
  return known || rules.length > 0 ? subsets : undefined;
}

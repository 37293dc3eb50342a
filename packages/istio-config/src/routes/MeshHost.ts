import { defineHostIndex } from '../hosts/hostIndex';
import {
  hostCovers,
  hostSpecificity,
  isExportedTo,
  serviceOfHost,
} from '../hosts/hosts';
import { oldestFirst } from '../kube/age';
import { KubeObject, namespaceOf } from '../kube/KubeObject';
import type { MeshObjects } from '../MeshObjects';
import { hostsOf } from './virtualServices';

/** What stands behind a host in the mesh's registry. */
export interface MeshHost {
  /** A Service or a ServiceEntry. */
  object: KubeObject;
  /** Whether the caller's namespace sees it. */
  isExported: boolean;
}

/** The ServiceEntries one of whose hosts covers a host. */
const entriesNaming = defineHostIndex('ServiceEntry', hostsOf);

/**
 * The Service or ServiceEntry with a host; of several ServiceEntries one that the caller sees, the most exact, then the
 * caller's own, then the oldest. Source: istio pilot/pkg/model/sidecar.go, selectServices.
 */
export function meshHostOf(
  set: MeshObjects,
  host: string,
  clientNamespace: string,
): MeshHost | undefined {
  const service = serviceOfHost(set, host);
  if (service) {
    return {
      object: service,
      isExported: isServiceExported(set, service, clientNamespace),
    };
  }
  const [best] = oldestFirst(entriesNaming(set, host))
    .map(object => ({
      object,
      isExported: isExportedTo(
        object,
        clientNamespace,
        set.meshConfig.defaultServiceExportTo,
      ),
      specificity: Math.max(
        ...hostsOf(set, object)
          .filter(pattern => hostCovers(pattern, host))
          .map(hostSpecificity),
      ),
      isOwn: namespaceOf(object) === clientNamespace,
    }))
    .sort(
      (a, b) =>
        Number(b.isExported) - Number(a.isExported) ||
        b.specificity - a.specificity ||
        Number(b.isOwn) - Number(a.isOwn),
    );
  return best && { object: best.object, isExported: best.isExported };
}

/** A Service is seen everywhere but for what its annotation says. */
export function isServiceExported(
  set: MeshObjects,
  service: KubeObject,
  clientNamespace: string,
): boolean {
  const written: unknown =
    service.metadata.annotations?.['networking.istio.io/exportTo'];
  const exportTo =
    typeof written === 'string' && written
      ? written.split(',').map(scope => scope.trim())
      : [];
  return isExportedTo(
    { ...service, spec: { exportTo } },
    clientNamespace,
    set.meshConfig.defaultServiceExportTo,
  );
}

import {
  findWorkload,
  MeshObjects,
  Workload,
  workloadsOf,
} from '@meshdeck/istio-config';
import { KUBERNETES_ANNOTATION } from '@backstage/plugin-kubernetes-common';
import { entitiesNamedBy, namedEntities } from '../placements/namedEntities';
import { isSystemNamespace } from '../placements/systemNamespaces';

/** What the cluster says of whose a Service is, or a workload without one. */
export interface Claimable {
  namespace: string;
  /** Absent for a workload without a Service of its name. */
  service?: string;
  /** The entities that its own object names, then those that its Namespace names. */
  named: readonly string[];
  /** Its own, and those of the workloads that it selects. */
  labels: readonly Record<string, string>[];
  /** Namespaces of the platform are closed to what a catalog file says alone. */
  isOfPlatform: boolean;
}

/** A Service with the workloads it selects. */
export function claimableService(
  set: MeshObjects,
  place: { namespace: string; service: string },
  workloads: readonly Workload[] = workloadsOf(
    set,
    place.namespace,
    place.service,
  ),
): Claimable {
  const { namespace, service } = place;
  const own = set.get('Service', namespace, service)?.metadata.labels ?? {};
  return {
    namespace,
    service,
    named: entitiesNamedBy(set, place),
    labels: [own, ...workloads.map(({ labels }) => labels)],
    isOfPlatform: isSystemNamespace(namespace, set.meshConfig.rootNamespace),
  };
}

/** The Service of a name, else the workload of that name; undefined where there is neither. */
export function claimableNamed(
  set: MeshObjects,
  namespace: string,
  name: string,
): Claimable | undefined {
  if (set.get('Service', namespace, name)) {
    return claimableService(set, { namespace, service: name });
  }
  const workload = findWorkload(set, namespace, name);
  return (
    workload && {
      namespace,
      named: [
        ...namedEntities(workload.owner),
        ...namedEntities(set.namespace(namespace)),
      ],
      labels: [workload.owner?.metadata.labels ?? {}, workload.labels],
      isOfPlatform: isSystemNamespace(namespace, set.meshConfig.rootNamespace),
    }
  );
}

/** The values of `backstage.io/kubernetes-id`, each once. */
export function kubernetesIdsIn({ labels }: Claimable): string[] {
  return [
    ...new Set(
      labels.flatMap(own =>
        Object.hasOwn(own, KUBERNETES_ANNOTATION)
          ? own[KUBERNETES_ANNOTATION]
          : [],
      ),
    ),
  ];
}

import { KubeObject, MeshObjects, workloadsOf } from '@meshdeck/istio-config';
import { kubernetesIdsOf } from './kubernetesIdsOf';

/** The Services labelled with a `backstage.io/kubernetes-id`, themselves or through the workloads they select. */
export function servicesById(
  set: MeshObjects,
  id: string,
): readonly KubeObject[] {
  return set.derive(indexOfSet).get(id) ?? [];
}

type Index = ReadonlyMap<string, readonly KubeObject[]>;

function indexOfSet(set: MeshObjects): Index {
  const index = new Map<string, KubeObject[]>();
  for (const namespace of set.namespacesWith(['Service'])) {
    for (const [id, services] of set.derive(indexOfNamespace, namespace)) {
      index.set(id, [...(index.get(id) ?? []), ...services]);
    }
  }
  return index;
}

function indexOfNamespace(set: MeshObjects, namespace: string): Index {
  const index = new Map<string, KubeObject[]>();
  for (const service of set.inNamespace('Service', namespace)) {
    const workloads = workloadsOf(set, namespace, service.metadata.name);
    for (const id of kubernetesIdsOf(service, workloads)) {
      index.set(id, [...(index.get(id) ?? []), service]);
    }
  }
  return index;
}

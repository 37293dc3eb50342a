import type { KubeObject, Workload } from '@meshdeck/istio-config';
import { ANNOTATION_KUBERNETES_ID } from '@meshdeck/plugin-mesh-common';

/** The `backstage.io/kubernetes-id` labels of a Service and of the workloads it selects, each once. */
export function kubernetesIdsOf(
  service: KubeObject,
  workloads: readonly Workload[],
): string[] {
  const labelled = [
    service.metadata.labels,
    ...workloads.map(({ labels }) => labels),
  ];
  return [
    ...new Set(
      labelled.flatMap(labels => labels?.[ANNOTATION_KUBERNETES_ID] ?? []),
    ),
  ];
}

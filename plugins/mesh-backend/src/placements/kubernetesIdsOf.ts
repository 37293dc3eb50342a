import { KUBERNETES_ANNOTATION } from '@backstage/plugin-kubernetes-common';
import type { KubeObject, Workload } from '@meshdeck/istio-config';

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
      labelled.flatMap(labels => labels?.[KUBERNETES_ANNOTATION] ?? []),
    ),
  ];
}

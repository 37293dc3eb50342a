import type { KubeObject } from '../kube/KubeObject';

/** Whether a namespace's pods are in ambient mode: an injection label wins. Source: istio pkg/…/util/in_mesh.go. */
export function isAmbientNamespace(namespace: KubeObject | undefined): boolean {
  const labels = namespace?.metadata.labels ?? {};
  return (
    labels['istio.io/dataplane-mode'] === 'ambient' &&
    labels['istio-injection'] !== 'enabled' &&
    !labels['istio.io/rev']
  );
}

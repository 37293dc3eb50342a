import type { KubeObject, ObjectMeta } from '../kube/KubeObject';
import { itemsOf, ownField } from '../kube/reading';
import { ambientOf } from '../workloads/enrolment';
import { isAmbient } from './overlappingSelectors';

const INJECT = 'sidecar.istio.io/inject';

/** All containers of a pod spec, the initial ones too: a native sidecar is one of those. */
export function containersOf(spec: unknown): any[] {
  return [
    ...itemsOf(ownField(spec, 'containers')),
    ...itemsOf(ownField(spec, 'initContainers')),
  ];
}

export function hasProxy(spec: unknown): boolean {
  return containersOf(spec).some(
    container => container?.name === 'istio-proxy',
  );
}

/** Whether a pod has, or will get, a sidecar. Source: istio pkg/config/analysis/analyzers/util/in_mesh.go. */
export function isInMesh(
  pod: { metadata?: Partial<ObjectMeta>; spec?: unknown },
  namespace: KubeObject | undefined,
): boolean {
  if (hasProxy(pod.spec)) {
    return true;
  }
  const wish =
    ownField(pod.metadata?.labels, INJECT) ??
    ownField(pod.metadata?.annotations, INJECT);
  // Any other value means nothing to the injector.
  if (wish === 'true' || wish === 'false') {
    return wish === 'true';
  }
  const labels = namespace?.metadata.labels;
  return (
    ownField(labels, 'istio-injection') === 'enabled' ||
    (ownField(labels, 'istio-injection') === undefined &&
      ownField(labels, 'istio.io/rev') !== undefined)
  );
}

/** Whether a running pod is reached by policies: by its sidecar or by ztunnel. */
export function isPodInMesh(
  pod: KubeObject,
  namespace: KubeObject | undefined,
): boolean {
  return (
    isAmbient(pod) ||
    ambientOf(namespace, pod).isAmbient ||
    isInMesh(pod, namespace)
  );
}

import type { KubeObject } from '../kube/KubeObject';
import { itemsOf } from '../kube/reading';

/** The name that stands for a pod: its controller's, or its own. */
export function ownerOfPod(pod: KubeObject): string {
  const owner = itemsOf(pod.metadata.ownerReferences).find(
    reference => reference?.controller !== false,
  );
  return owner ? `${owner.kind} ${owner.name}` : `Pod ${pod.metadata.name}`;
}

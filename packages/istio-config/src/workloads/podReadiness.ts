import type { KubeObject } from '../kube/KubeObject';
import { itemsOf } from '../kube/reading';

/** Whether the kubelet says that a pod may get requests. */
export function isReady(pod: KubeObject): boolean {
  return itemsOf(pod.status?.conditions).some(
    condition => condition?.type === 'Ready' && condition.status === 'True',
  );
}

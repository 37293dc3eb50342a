import { fullNameOf, KubeObject, namespaceOf } from '../kube/KubeObject';
import { fieldsOf } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';
import { ownerOfPod } from './ownerOfPod';
import { podsLabelled } from './podsLabelled';

/** Objects of one namespace whose selectors meet in the same pods. */
export function* overlappingSelectors(
  set: MeshObjects,
  objects: readonly KubeObject[],
  selectorOf: (object: KubeObject) => unknown,
): Iterable<{ object: KubeObject; others: string[]; workload: string }> {
  const byWorkload = new Map<string, Set<KubeObject>>();
  for (const object of objects) {
    const selector = selectorOf(object);
    if (fieldsOf(selector).length === 0) {
      continue;
    }
    for (const pod of podsLabelled(set, selector, namespaceOf(object))) {
      if (isAmbient(pod)) {
        continue;
      }
      const workload = ownerOfPod(pod);
      const known = byWorkload.get(workload) ?? new Set();
      byWorkload.set(workload, known.add(object));
    }
  }
  for (const [workload, rivals] of byWorkload) {
    if (rivals.size < 2) {
      continue;
    }
    for (const object of rivals) {
      yield {
        object,
        workload,
        others: [...rivals]
          .filter(rival => rival !== object)
          .map(fullNameOf)
          .sort(),
      };
    }
  }
}

export function isAmbient(pod: KubeObject): boolean {
  return (
    pod.metadata.annotations?.['ambient.istio.io/redirection'] === 'enabled'
  );
}

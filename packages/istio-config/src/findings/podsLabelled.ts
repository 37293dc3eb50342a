import type { KubeObject } from '../kube/KubeObject';
import { compareFullNames } from '../kube/order';
import { fieldsOf } from '../kube/reading';
import { selects } from '../kube/selectors';
import type { MeshObjects } from '../MeshObjects';

/** The pods that carry every label of a selector, in one namespace or in the whole mesh; an empty selector takes all. */
export function podsLabelled(
  set: MeshObjects,
  selector: unknown,
  namespace?: string,
): readonly KubeObject[] {
  const labels = fieldsOf(selector);
  const index =
    namespace === undefined
      ? set.derive(podsByLabel)
      : set.derive(podsByLabelIn, namespace);
  if (labels.length === 0) {
    return index.all;
  }
  let fewest: readonly KubeObject[] | undefined;
  for (const [key, value] of labels) {
    const found = index.byLabel.get(`${key}=${value}`) ?? [];
    if (!fewest || found.length < fewest.length) {
      fewest = found;
    }
  }
  return (fewest ?? []).filter(pod =>
    selects(Object.fromEntries(labels), pod.metadata.labels),
  );
}

interface LabelIndex {
  all: readonly KubeObject[];
  byLabel: ReadonlyMap<string, readonly KubeObject[]>;
}

function podsByLabel(set: MeshObjects): LabelIndex {
  return indexOf(set.all('Pod'));
}

function podsByLabelIn(set: MeshObjects, namespace: string): LabelIndex {
  return indexOf(set.inNamespace('Pod', namespace));
}

function indexOf(pods: readonly KubeObject[]): LabelIndex {
  const byLabel = new Map<string, KubeObject[]>();
  const all = [...pods].sort(compareFullNames);
  for (const pod of all) {
    for (const [key, value] of fieldsOf(pod.metadata.labels)) {
      const label = `${key}=${value}`;
      const list = byLabel.get(label) ?? [];
      byLabel.set(label, list);
      list.push(pod);
    }
  }
  return { all, byLabel };
}

import { containersOf, isInMesh } from '../findings/inMesh';
import { KubeObject, namespaceOf } from '../kube/KubeObject';
import { itemsOf } from '../kube/reading';

const OWNERS = ['Deployment', 'StatefulSet', 'DaemonSet'];

/**
 * One ready pod for each workload, as its template promises it: manifests in a repository have no pods of their own,
 * and selectors must not be said to select nothing because of that.
 */
export function promisedPods(objects: readonly KubeObject[]): KubeObject[] {
  const namespaces = new Map(
    objects
      .filter(({ kind }) => kind === 'Namespace')
      .map(object => [object.metadata.name, object]),
  );
  return objects
    .filter(object => runsPods(object) && object.spec?.replicas !== 0)
    .map(owner => {
      const template = owner.spec?.template ?? {};
      const { labels, annotations } = template.metadata ?? {};
      const names = containersOf(template.spec).map(container => ({
        name: container?.name,
        ports: itemsOf(container?.ports),
      }));
      const joins = isInMesh(
        template,
        namespaces.get(namespaceOf(owner) || 'default'),
      );
      return {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name: `${owner.metadata.name}-promised`,
          namespace: owner.metadata.namespace,
          labels,
          annotations,
          ownerReferences: [
            {
              apiVersion: owner.apiVersion,
              kind: owner.kind,
              name: owner.metadata.name,
              controller: true,
            },
          ],
        },
        spec: {
          serviceAccountName: template.spec?.serviceAccountName,
          hostNetwork: template.spec?.hostNetwork,
          containers: [...names, ...(joins ? [{ name: 'istio-proxy' }] : [])],
        },
        status: { conditions: [{ type: 'Ready', status: 'True' }] },
      };
    });
}

/** A Rollout runs pods as a Deployment does; of ReplicaSets only its own are written down by people. */
function runsPods({ apiVersion, kind, metadata }: KubeObject): boolean {
  if (kind === 'ReplicaSet') {
    return itemsOf(metadata.ownerReferences).some(
      owner => owner?.kind === 'Rollout',
    );
  }
  return (
    OWNERS.includes(kind) ||
    (kind === 'Rollout' && apiVersion.startsWith('argoproj.io/'))
  );
}

import { NotFoundError } from '@backstage/errors';
import type { ClusterSnapshot } from '../cluster/ClusterStore';
import type { ClusterStores } from '../cluster/ClusterStores';

/** What a cluster's store knows now. @throws NotFoundError for a cluster that is not configured. */
export async function snapshotOf(
  clusters: ClusterStores,
  cluster: string,
): Promise<ClusterSnapshot> {
  const store = await clusters.get(cluster);
  if (!store) {
    throw new NotFoundError(
      `The portal knows no cluster ${cluster}. Add it under kubernetes.clusterLocatorMethods in app-config.yaml.`,
    );
  }
  return store.snapshot();
}

import type { ClusterSnapshot } from './ClusterStore';

/** What the clusters' stores know now, for whoever builds something of it. */
export interface ClusterReader {
  /** @throws NotFoundError for a cluster that is not configured. */
  snapshot(cluster: string): Promise<ClusterSnapshot>;
}

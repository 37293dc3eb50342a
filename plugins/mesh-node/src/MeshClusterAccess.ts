import type { ClusterAttributes } from '@backstage/plugin-kubernetes-common';

/** A cluster that the portal knows, as the kubernetes backend names it. @public */
export type MeshCluster = Pick<ClusterAttributes, 'name' | 'title'>;

/** One request to a cluster's API server. @public */
export interface MeshClusterRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Absolute, as `/api/v1/pods`; every segment encoded. */
  path: string;
  query?: Record<string, string | undefined>;
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
}

/**
 * The way into the clusters' API servers. By default it leads through the kubernetes backend's proxy, so that clusters
 * and credentials are configured once; a module may bring another one.
 *
 * @public
 */
export interface MeshClusterAccess {
  clusters(): Promise<MeshCluster[]>;
  /** Resolves with whatever the API server answers, errors included; rejects where nothing answers. */
  request(cluster: string, request: MeshClusterRequest): Promise<Response>;
}

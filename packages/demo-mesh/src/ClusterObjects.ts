import type { KubeObject } from '@meshdeck/istio-config';

/** One thing that happened to the stand-in cluster. */
export interface ClusterChange {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: KubeObject;
}

/** The stand-in cluster's objects as the traffic simulator sees them. */
export interface ClusterObjects {
  /** All objects there are now; a new array after each change, the same one between changes. */
  all(): readonly KubeObject[];
  /** Calls back after each change, in order; the returned function ends it. */
  subscribe(listener: (change: ClusterChange) => void): () => void;
}

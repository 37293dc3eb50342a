import { Figure, ViewBase, WorkloadSummary } from './common';

/** The overview card. @public */
export interface OverviewView extends ViewBase {
  requestsPerSecond: Figure;
  /** Share of requests answered 5xx or not at all. */
  errorShare: Figure;
  p99Ms: Figure;
  /** Share of requests that came encrypted with mTLS. */
  mtlsShare: Figure;
  routes: number;
  canary?: { subset: string; share: number };
  inMesh: boolean;
  workloads: WorkloadSummary[];
}

import { Figure, ViewBase, WorkloadSummary } from './common';

/** An alert whose labels name the service. @public */
export interface OverviewAlert {
  name: string;
  state: 'pending' | 'firing';
  /** How bad it is that it fires: `error` where somebody is woken for it. */
  level: 'warning' | 'error';
  severity?: string;
  summary?: string;
  since?: string;
}

/** The overview card. @public */
export interface OverviewView extends ViewBase {
  requestsPerSecond: Figure;
  /** Share of requests answered 5xx or not at all. */
  errorShare: Figure;
  p99Ms: Figure;
  /** Share of requests that came encrypted with mTLS. */
  mtlsShare: Figure;
  /** The same window a day before, its times moved to lie over it; no points where nothing goes back so far. */
  dayBefore: { requestsPerSecond: Figure; errorShare: Figure; p99Ms: Figure };
  /** Those that fire first; absent where nobody could be asked. */
  alerts?: OverviewAlert[];
  routes: number;
  canary?: {
    subset: string;
    share: number;
    /** Where a tool drives: "step 2 of 5, Flagger". */
    rollout?: string;
  };
  inMesh: boolean;
  /** Why it is not in the mesh, one clause each; empty where it is. */
  outsideBecause: string[];
  workloads: WorkloadSummary[];
}

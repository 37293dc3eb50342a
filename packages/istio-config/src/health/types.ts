/** How well something is, from best to worst; `idle` and `unknown` say that there is nothing to judge by. @public */
export type HealthStatus =
  | 'healthy'
  | 'idle'
  | 'unknown'
  | 'degraded'
  | 'failing';

/** Requests per second of one direction and protocol, by response code (`-` where there was none). @public */
export interface RequestRates {
  direction: 'inbound' | 'outbound';
  protocol: 'http' | 'grpc';
  byCode: Record<string, number>;
}

/** How many pods a workload is to have and has. @public */
export interface ReplicaCounts {
  name: string;
  /** `spec.replicas`. */
  desired: number;
  /** `status.replicas`: all there are, old and new. */
  current: number;
  /** `status.availableReplicas`. */
  available: number;
  /** `status.updatedReplicas`: those of the newest template. */
  updated?: number;
  /** How many a rolling update may add; from the Deployment, where it is not given Kubernetes' 25 %. */
  maxSurge?: number | string;
}

/** From which share of requests, in percent, a code counts as degraded and as failing. @public */
export interface Tolerance {
  /** Regular expressions, as Kiali writes them: `5XX` stands for 500 to 599. */
  code: string;
  protocol: string;
  direction: string;
  degraded: number;
  failure: number;
}

/** Tolerances for the objects that the expressions fit; the first that fits counts. @public */
export interface RateConfig {
  namespace?: string;
  kind?: string;
  name?: string;
  tolerance: readonly Tolerance[];
}

/** Latency from which something is degraded or failing. @public */
export interface LatencyThresholds {
  quantile: number;
  degradedMs: number;
  failureMs: number;
}

/** What a judgement rests on, one for each thing that was looked at. @public */
export interface HealthSign {
  about: 'requests' | 'latency' | 'replicas';
  status: HealthStatus;
  /** One sentence. */
  reason: string;
}

/** @public */
export interface Health {
  status: HealthStatus;
  /** The reason of the worst sign. */
  reason: string;
  signs: readonly HealthSign[];
  /** Percent of requests that failed by the tolerance that decided; absent without requests. */
  errorPercent?: number;
}

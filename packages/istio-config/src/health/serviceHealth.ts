import { latencyHealth } from './latencyHealth';
import { replicaHealth } from './replicaHealth';
import { requestHealth } from './requestHealth';
import { DEFAULT_TOLERANCES } from './tolerances';
import type {
  Health,
  HealthSign,
  HealthStatus,
  LatencyThresholds,
  ReplicaCounts,
  RequestRates,
  Tolerance,
} from './types';

/** What is known of a service; what is left out is not judged. @public */
export interface HealthInputs {
  rates?: readonly RequestRates[];
  tolerances?: readonly Tolerance[];
  latency?: { measuredMs?: number; thresholds: LatencyThresholds };
  replicas?: readonly ReplicaCounts[];
}

const WORST_FIRST: readonly HealthStatus[] = [
  'failing',
  'degraded',
  'healthy',
  'idle',
  'unknown',
];

/** How well a service is: the worst of what its requests, its latency and the pods behind it say. @public */
export function serviceHealth(inputs: HealthInputs): Health {
  const requests =
    inputs.rates &&
    requestHealth(inputs.rates, inputs.tolerances ?? DEFAULT_TOLERANCES);
  const signs: HealthSign[] = [
    ...(requests ? [requests] : []),
    ...(inputs.latency
      ? [latencyHealth(inputs.latency.measuredMs, inputs.latency.thresholds)]
      : []),
    ...ofAllPods(inputs.replicas ?? []),
  ];
  const [worst] = [...signs].sort(
    (a, b) => WORST_FIRST.indexOf(a.status) - WORST_FIRST.indexOf(b.status),
  );
  return {
    status: worst?.status ?? 'unknown',
    reason: worst?.reason ?? 'nothing is known of it',
    signs: signs.map(({ about, status, reason }) => ({
      about,
      status,
      reason,
    })),
    ...(requests?.errorPercent === undefined
      ? {}
      : { errorPercent: requests.errorPercent }),
  };
}

/** A version scaled to zero beside one that runs is no sign of anything. */
function ofAllPods(replicas: readonly ReplicaCounts[]): HealthSign[] {
  const signs = replicas.map(replicaHealth);
  const running = signs.filter(({ status }) => status !== 'idle');
  return running.length > 0 ? running : signs;
}

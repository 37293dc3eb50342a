import { describeDuration } from '../kube/duration';
import type { HealthSign, LatencyThresholds } from './types';

/** What a latency says. Kiali has no such measure. @public */
export function latencyHealth(
  measuredMs: number | undefined,
  thresholds: LatencyThresholds,
): HealthSign {
  const { quantile, degradedMs, failureMs } = thresholds;
  if (measuredMs === undefined || !Number.isFinite(measuredMs)) {
    return {
      about: 'latency',
      status: 'unknown',
      reason: 'no latency was measured',
    };
  }
  const measured = `p${Math.round(quantile * 1000) / 10} is ${describeDuration(
    measuredMs,
  )}`;
  if (measuredMs >= failureMs) {
    return {
      about: 'latency',
      status: 'failing',
      reason: `${measured}, over ${describeDuration(failureMs)}`,
    };
  }
  return measuredMs >= degradedMs
    ? {
        about: 'latency',
        status: 'degraded',
        reason: `${measured}, over ${describeDuration(degradedMs)}`,
      }
    : { about: 'latency', status: 'healthy', reason: measured };
}

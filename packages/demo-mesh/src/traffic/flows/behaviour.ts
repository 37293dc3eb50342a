import type { Workload } from '@meshdeck/istio-config';
import { Latency } from '../Latency';
import type { Operation, ServiceProfile } from '../TrafficProfile';

/** How a workload answers one attempt, as long as nothing it needs fails. */
export interface Behaviour {
  errorRate: number;
  latency: Latency;
}

/** How an application's own failures spread over codes. */
export const ERROR_CODES = [
  { code: 500, share: 0.7 },
  { code: 503, share: 0.3 },
] as const;

const PROBE = { p50Ms: 1.4, p99Ms: 6 };
const UNKNOWN = { errorRate: 0.002, p50Ms: 15, p99Ms: 80 };
const ANNOTATION = 'demo.meshdeck.io/';

/**
 * The behaviour of a workload: what its pod template's annotations `demo.meshdeck.io/error-rate`, `-/p50-ms` and
 * `-/p99-ms` say, else the profile's entry for its version, else that of the first version.
 */
export function behaviourOf(
  workload: Workload,
  profile: ServiceProfile | undefined,
  operation: Operation,
): Behaviour {
  if (isProbe(operation)) {
    return { errorRate: 0, latency: Latency.create(PROBE) };
  }
  const known =
    profile?.versions.find(
      candidate => candidate.version === workload.canonicalRevision,
    ) ??
    profile?.versions[0] ??
    UNKNOWN;
  const annotations: Record<string, unknown> =
    workload.owner?.spec?.template?.metadata?.annotations ??
    workload.pods[0]?.metadata.annotations ??
    {};
  const annotated = (name: string, least: number, most: number) => {
    const value = Number(annotations[`${ANNOTATION}${name}`] ?? NaN);
    return value >= least && value <= most ? value : undefined;
  };
  const p50Ms = annotated('p50-ms', 0.1, 3_600_000) ?? known.p50Ms;
  return {
    errorRate: annotated('error-rate', 0, 1) ?? known.errorRate,
    latency: Latency.create({
      p50Ms,
      p99Ms: Math.max(
        annotated('p99-ms', 0.1, 3_600_000) ?? known.p99Ms,
        p50Ms,
      ),
    }),
  };
}

export function isProbe(operation: Operation): boolean {
  return (
    operation.method === 'GET' &&
    ['/metrics', '/health', '/healthz'].includes(operation.path)
  );
}

import type { Workload } from '@meshdeck/istio-config';
import type { Queries } from '../prometheus/Queries';

/** Requests per second by protocol and code. */
type Rates = Record<string, Record<string, number>>;

export interface RequestHealth {
  inbound: Rates;
  outbound: Rates;
  healthAnnotations: Record<string, string>;
}

export interface HealthStatus {
  status: 'NA' | 'Healthy' | 'Not Ready' | 'Degraded' | 'Failure';
  errorRatio: number;
  totalRequestRate: number;
}

export interface HealthTime {
  atMs: number;
  interval: string;
}

const PRIORITY: HealthStatus['status'][] = [
  'NA',
  'Healthy',
  'Not Ready',
  'Degraded',
  'Failure',
];
/** Kiali's defaults: which codes count as errors, and from which percentage on. */
const TOLERANCES = [
  { protocol: /^http$/, code: /^5\d\d$/, degraded: 0, failure: 10 },
  { protocol: /^http$/, code: /^4\d\d$/, degraded: 10, failure: 20 },
  { protocol: /^grpc$/, code: /^[1-9]$|^1[0-6]$/, degraded: 0, failure: 10 },
  { protocol: /^(http|grpc)$/, code: /^-$/, degraded: 0, failure: 10 },
];

/** Health as Kiali computes it: from request rates, with its default tolerances. */
export class KialiHealth {
  static create(queries: Queries): KialiHealth {
    return new KialiHealth(queries);
  }

  private constructor(private readonly queries: Queries) {}

  service(namespace: string, name: string, time: HealthTime) {
    const requests: RequestHealth = {
      inbound: this.inbound(
        `destination_service_name="${name}",destination_service_namespace="${namespace}"`,
        time,
      ),
      outbound: {},
      healthAnnotations: {},
    };
    return { requests, status: requestStatus(requests) };
  }

  workload({ namespace, name, ...workload }: Workload, time: HealthTime) {
    const requests: RequestHealth = {
      inbound: this.inbound(
        `destination_workload="${name}",destination_workload_namespace="${namespace}"`,
        time,
      ),
      outbound: this.rates(
        `reporter="source",source_workload="${name}",source_workload_namespace="${namespace}"`,
        time,
      ).source,
      healthAnnotations: {},
    };
    const wanted = workload.owner?.spec?.replicas ?? workload.pods.length;
    const workloadStatus = {
      name,
      desiredReplicas: wanted,
      currentReplicas: workload.pods.length,
      availableReplicas: workload.readyPods,
      syncedProxies: workload.dataPlane === 'sidecar' ? workload.readyPods : -1,
    };
    const own = replicaStatus(workloadStatus);
    const byRequests = requestStatus(requests);
    return {
      workloadStatus,
      requests,
      status: { ...byRequests, status: worse(own, byRequests.status) },
    };
  }

  /** The greater rate of both reporters, code by code. */
  private inbound(labels: string, time: HealthTime): Rates {
    const { source, destination } = this.rates(labels, time);
    const result: Rates = structuredClone(source);
    for (const [protocol, codes] of Object.entries(destination)) {
      const known = (result[protocol] ??= {});
      for (const [code, rate] of Object.entries(codes)) {
        known[code] = Math.max(known[code] ?? 0, rate);
      }
    }
    return result;
  }

  private rates(
    labels: string,
    { atMs, interval }: HealthTime,
  ): Record<'source' | 'destination', Rates> {
    const data = this.queries.instant(
      `rate(istio_requests_total{${labels}}[${interval}]) > 0`,
      atMs,
    );
    const result: Record<string, Rates> = { source: {}, destination: {} };
    for (const { metric, value } of data.resultType === 'vector'
      ? data.result
      : []) {
      const rates = result[metric.reporter] ?? {};
      const protocol = (rates[metric.request_protocol] ??= {});
      const code =
        metric.response_code === '0'
          ? '-'
          : metric.grpc_response_status ?? metric.response_code;
      protocol[code] = (protocol[code] ?? 0) + Number(value[1]);
    }
    return { source: result.source, destination: result.destination };
  }
}

export function requestStatus(requests: RequestHealth): HealthStatus {
  let status: HealthStatus['status'] = 'NA';
  let errorRatio = 0;
  let totalRequestRate = 0;
  for (const rates of [requests.inbound, requests.outbound]) {
    for (const [protocol, codes] of Object.entries(rates)) {
      const total = Object.values(codes).reduce((sum, rate) => sum + rate, 0);
      totalRequestRate += total;
      for (const tolerance of TOLERANCES) {
        if (!tolerance.protocol.test(protocol) || total === 0) {
          continue;
        }
        const matching = Object.entries(codes)
          .filter(([code]) => tolerance.code.test(code))
          .reduce((sum, [, rate]) => sum + rate, 0);
        const ratio = (100 * matching) / total;
        const found = judged(ratio, tolerance);
        errorRatio = Math.max(errorRatio, ratio);
        status = worse(status, found);
      }
    }
  }
  return { status, errorRatio, totalRequestRate };
}

function judged(
  ratio: number,
  { degraded, failure }: (typeof TOLERANCES)[number],
): HealthStatus['status'] {
  if (ratio <= 0) {
    return 'Healthy';
  }
  if (ratio >= failure) {
    return 'Failure';
  }
  return ratio >= degraded ? 'Degraded' : 'Healthy';
}

function replicaStatus(replicas: {
  desiredReplicas: number;
  currentReplicas: number;
  availableReplicas: number;
}): HealthStatus['status'] {
  const { desiredReplicas, currentReplicas, availableReplicas } = replicas;
  if (desiredReplicas === 0) {
    return 'Not Ready';
  }
  if (availableReplicas === 0) {
    return 'Failure';
  }
  return desiredReplicas === availableReplicas &&
    desiredReplicas === currentReplicas
    ? 'Healthy'
    : 'Degraded';
}

function worse(
  a: HealthStatus['status'],
  b: HealthStatus['status'],
): HealthStatus['status'] {
  return PRIORITY.indexOf(a) >= PRIORITY.indexOf(b) ? a : b;
}

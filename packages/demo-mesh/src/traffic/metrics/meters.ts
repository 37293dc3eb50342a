import { DURATION_BUCKETS_MS, Latency } from '../Latency';

/**
 * What one set of labels counts, as a vector of amounts. `http`: requests, sum of durations, bytes in, bytes out, then
 * the histogram's buckets. `tcp`: connections opened and closed, bytes sent and received. `cpu`: seconds of CPU time that
 * requests take, of a pod's proxy and of its application. `overflow`: requests that a circuit breaker turned away.
 */
export type MeterKind = 'http' | 'tcp' | 'cpu' | 'overflow';

/** Where the amounts of a `cpu` meter are. */
export const CPU_SLOTS = { proxy: 0, application: 1 } as const;

const BUCKETS_AT = 4;
const REQUEST_BYTES = 640;
const RESPONSE_BYTES = 1_850;
const ERROR_BYTES = 210;

/** One metric that a meter shows. */
export interface MeterMetric {
  name: string;
  /** Which amount of the vector. */
  slot: number;
  /** The bound of a histogram's bucket. */
  le?: string;
}

const DURATION = 'istio_request_duration_milliseconds';
const HTTP_METRICS: readonly MeterMetric[] = [
  { name: 'istio_requests_total', slot: 0 },
  ...DURATION_BUCKETS_MS.map((bound, index) => ({
    name: `${DURATION}_bucket`,
    slot: BUCKETS_AT + index,
    le: String(bound),
  })),
  { name: `${DURATION}_bucket`, slot: 0, le: '+Inf' },
  { name: `${DURATION}_sum`, slot: 1 },
  { name: `${DURATION}_count`, slot: 0 },
  { name: 'istio_request_bytes_sum', slot: 2 },
  { name: 'istio_request_bytes_count', slot: 0 },
  { name: 'istio_response_bytes_sum', slot: 3 },
  { name: 'istio_response_bytes_count', slot: 0 },
];
const TCP_METRICS: readonly MeterMetric[] = [
  { name: 'istio_tcp_connections_opened_total', slot: 0 },
  { name: 'istio_tcp_connections_closed_total', slot: 1 },
  { name: 'istio_tcp_sent_bytes_total', slot: 2 },
  { name: 'istio_tcp_received_bytes_total', slot: 3 },
];

export const METRICS_OF: Record<MeterKind, readonly MeterMetric[]> = {
  http: HTTP_METRICS,
  tcp: TCP_METRICS,
  // Shown with what a container needs without any request.
  cpu: [],
  overflow: [{ name: 'envoy_cluster_upstream_rq_pending_overflow', slot: 0 }],
};

export const METRIC_HELP: Readonly<
  Record<string, { type: 'counter' | 'histogram'; help: string }>
> = {
  envoy_cluster_upstream_rq_pending_overflow: {
    type: 'counter',
    help: 'Requests turned away by a circuit breaker.',
  },
  container_cpu_usage_seconds_total: { type: 'counter', help: 'CPU time.' },
  pilot_xds_pushes: { type: 'counter', help: 'Pushes of configuration.' },
  pilot_total_xds_internal_errors: {
    type: 'counter',
    help: 'Errors while configuration was made.',
  },
  pilot_total_xds_rejects: {
    type: 'counter',
    help: 'Configurations that proxies refused.',
  },
  pilot_proxy_convergence_time: {
    type: 'histogram',
    help: 'Seconds from a change to the proxies having it.',
  },
  istio_requests_total: { type: 'counter', help: 'Requests.' },
  [DURATION]: { type: 'histogram', help: 'Request durations.' },
  istio_request_bytes: { type: 'histogram', help: 'Request sizes.' },
  istio_response_bytes: { type: 'histogram', help: 'Response sizes.' },
  istio_tcp_connections_opened_total: {
    type: 'counter',
    help: 'Connections opened.',
  },
  istio_tcp_connections_closed_total: {
    type: 'counter',
    help: 'Connections closed.',
  },
  istio_tcp_sent_bytes_total: { type: 'counter', help: 'Bytes sent.' },
  istio_tcp_received_bytes_total: { type: 'counter', help: 'Bytes received.' },
};

/** The amounts that requests at a rate of one per second add each second. */
export function httpAmounts(
  result: { code: number },
  latency: Latency,
): Float64Array {
  const shares = latency.bucketShares();
  const amounts = new Float64Array(BUCKETS_AT + shares.length);
  amounts[0] = 1;
  amounts[1] = latency.meanMs;
  amounts[2] = REQUEST_BYTES;
  amounts[3] =
    result.code >= 200 && result.code < 400 ? RESPONSE_BYTES : ERROR_BYTES;
  amounts.set(shares, BUCKETS_AT);
  return amounts;
}

/** The same for connections that carry one exchange each. */
export function tcpAmounts(): Float64Array {
  return Float64Array.of(1, 1, REQUEST_BYTES, RESPONSE_BYTES);
}

/** A connection whose first bytes a policy turned down. */
export function deniedAmounts(): Float64Array {
  return Float64Array.of(1, 1, 0, REQUEST_BYTES);
}

/** A connection that was closed before it carried anything. */
export function refusedAmounts(): Float64Array {
  return Float64Array.of(0, 1, 0, 0);
}

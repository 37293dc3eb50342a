import {
  literal,
  quantileOfRates,
  Select,
  sumOfRates,
  withLabel,
} from './promql';

const REQUESTS = 'istio_requests_total';
const DURATIONS = 'istio_request_duration_milliseconds_bucket';
const EJECTIONS = 'envoy_cluster_outlier_detection_ejections_active';
const OVERFLOWS = 'envoy_cluster_upstream_rq_pending_overflow';

const EDGE_LABELS = [
  'source_workload',
  'source_workload_namespace',
  'source_principal',
  'destination_canonical_revision',
  'response_code',
  'response_flags',
  'connection_security_policy',
];

interface Named {
  namespace: string;
  service: string;
  /** The Services whose requests are its own, itself among them; by default itself alone. */
  behind?: readonly string[];
}

/** Every query that the plugin sends, for one service; `window` is a PromQL duration. */
export interface ServiceQueries {
  /** What each reporter saw (the service's proxies, and the callers', also of what never arrived): per caller, version, code, flag and encryption. */
  edges(window: string): string;
  /** Rates by code and encryption, over time. */
  outcomes(window: string): string;
  /** Rates by version and code, over time. */
  outcomesByVersion(window: string): string;
  /** Milliseconds. */
  quantile(quantile: number, window: string): string;
  /** Milliseconds, by version and, in the label `quantile`, by quantile. */
  quantilesByVersion(quantiles: readonly number[], window: string): string;
  /** Pods that callers' proxies have ejected, as the one that ejected most sees it. */
  ejections(): string;
  /** Requests that callers' proxies turned away because too many waited already. */
  overflows(window: string): string;
}

/** The queries for a service: all of them are scoped to it. */
export function serviceQueries(service: Named, select: Select): ServiceQueries {
  // A waypoint reports for the ambient workloads behind it, which say nothing of HTTP themselves.
  const atServer = {
    reporter: ['destination', 'waypoint'],
    ...placeOf(service),
  };
  const requests = select(REQUESTS, atServer);
  const durations = select(DURATIONS, atServer);
  return {
    edges: window =>
      sumOfRates(select(REQUESTS, placeOf(service)), window, [
        'reporter',
        ...EDGE_LABELS,
      ]),
    outcomes: window =>
      sumOfRates(requests, window, [
        'response_code',
        'connection_security_policy',
      ]),
    outcomesByVersion: window =>
      sumOfRates(requests, window, [
        'destination_canonical_revision',
        'response_code',
      ]),
    quantile: (quantile, window) =>
      quantileOfRates(quantile, durations, window, []),
    quantilesByVersion: (quantiles, window) =>
      quantiles
        .map(quantile =>
          withLabel(
            'quantile',
            String(quantile),
            quantileOfRates(quantile, durations, window, [
              'destination_canonical_revision',
            ]),
          ),
        )
        .join(' or '),
    ejections: () => `max(${select(EJECTIONS, outbound(service))})`,
    overflows: window =>
      sumOfRates(select(OVERFLOWS, outbound(service)), window, []),
  };
}

/** Envoy's clusters for a service: `outbound|port|subset|host`, whatever the mesh's domain. */
function outbound({ namespace, service }: Named) {
  const host = literal(`${service}.${namespace}.svc.`);
  return {
    cluster_name: { matches: `outbound\\|[0-9]+\\|[^|]*\\|${host}.*` },
  };
}

function placeOf(service: Named) {
  const { behind } = service;
  return {
    destination_service_namespace: service.namespace,
    destination_service_name:
      behind && behind.length > 1 ? behind : service.service,
  };
}

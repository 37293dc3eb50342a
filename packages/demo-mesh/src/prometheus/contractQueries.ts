/** The queries on which the stand-in and a real Prometheus must agree, by name, for one Service and one window. */
export function contractQueries(
  namespace: string,
  service: string,
  window: string,
): Record<string, string> {
  const labels = (reporter: string) =>
    `reporter="${reporter}",destination_service_namespace="${namespace}",destination_service_name="${service}"`;
  const requests = (reporter: string, by: string) =>
    `sum(rate(istio_requests_total{${labels(
      reporter,
    )}}[${window}])) by (${by})`;
  const quantile = (q: number) =>
    `histogram_quantile(${q}, sum(rate(istio_request_duration_milliseconds_bucket{${labels(
      'destination',
    )}}[${window}])) by (le, destination_canonical_revision))`;
  return {
    inbound: requests(
      'destination',
      'source_workload, source_workload_namespace, source_principal, destination_canonical_revision, response_code, response_flags, connection_security_policy',
    ),
    bySource: requests(
      'source',
      'destination_canonical_revision, response_code, response_flags, source_workload, source_workload_namespace',
    ),
    errorShare: `sum(rate(istio_requests_total{${labels(
      'destination',
    )},response_code=~"5.."}[${window}])) / sum(rate(istio_requests_total{${labels(
      'destination',
    )}}[${window}]))`,
    increase: `sum(increase(istio_requests_total{${labels(
      'destination',
    )}}[${window}])) by (destination_canonical_revision)`,
    meanDuration: `sum(rate(istio_request_duration_milliseconds_sum{${labels(
      'destination',
    )}}[${window}])) by (destination_canonical_revision) / sum(rate(istio_request_duration_milliseconds_count{${labels(
      'destination',
    )}}[${window}])) by (destination_canonical_revision)`,
    quantile99: quantile(0.99),
    quantile50: quantile(0.5),
  };
}

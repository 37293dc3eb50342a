import { quantileOfRates, Select, sumOfRates } from './promql';

/** Whose calls are looked at, by both names that Istio's metrics have for a side. */
export interface CallSubject {
  services: readonly { namespace: string; name: string }[];
  workloads: readonly { namespace: string; name: string }[];
}

const SIDES = [
  'reporter',
  'source_workload',
  'source_workload_namespace',
  'destination_service',
  'destination_service_name',
  'destination_service_namespace',
];

/** The queries about calls to and from some services; `window` is a PromQL duration. */
export interface CallQueries {
  /** Per caller, service called, version, outcome and encryption. */
  requests(window: string): string;
  /** Milliseconds, p99. */
  latencies(window: string): string;
  /** TCP connections opened. */
  connections(window: string): string;
  /** TCP bytes in the direction of the answers; those of the questions add little. */
  bytes(window: string): string;
}

/**
 * Calls to the services and calls from their workloads, each in one query. Where the services lie in several namespaces,
 * the answer may hold calls of others of the same names: whoever reads it leaves those out.
 */
export function callQueries(subject: CallSubject, select: Select): CallQueries {
  const both = (query: (metric: (name: string) => string) => string) =>
    scopesOf(subject)
      .map(labels => query(name => select(name, labels)))
      .join(' or ');
  const tcp = (name: string, window: string) =>
    both(metric =>
      sumOfRates(metric(name), window, [
        ...SIDES,
        'connection_security_policy',
      ]),
    );
  return {
    requests: window =>
      both(metric =>
        sumOfRates(metric('istio_requests_total'), window, [
          ...SIDES,
          'destination_canonical_revision',
          'response_code',
          'response_flags',
          'connection_security_policy',
        ]),
      ),
    latencies: window =>
      both(metric =>
        quantileOfRates(
          0.99,
          metric('istio_request_duration_milliseconds_bucket'),
          window,
          SIDES,
        ),
      ),
    connections: window => tcp('istio_tcp_connections_opened_total', window),
    bytes: window => tcp('istio_tcp_sent_bytes_total', window),
  };
}

function scopesOf({ services, workloads }: CallSubject) {
  const scopes: Record<string, string | string[]>[] = [
    {
      destination_service_namespace: oneOf(services, 'namespace'),
      destination_service_name: oneOf(services, 'name'),
    },
  ];
  if (workloads.length > 0) {
    scopes.push({
      source_workload_namespace: oneOf(workloads, 'namespace'),
      source_workload: oneOf(workloads, 'name'),
    });
  }
  return scopes;
}

function oneOf(
  things: readonly { namespace: string; name: string }[],
  field: 'namespace' | 'name',
): string | string[] {
  const values = [...new Set(things.map(thing => thing[field]))].sort();
  return values.length === 1 ? values[0] : values;
}

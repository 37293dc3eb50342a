import { Counter, Histogram, Registry } from 'prom-client';
import type { AnyObject } from '../KubeApi';
import { appContainersOf } from '../podSpec';
import { given, type LogEntry } from './accessLog';
import { identityOf, type Inventory } from './Inventory';

const UNKNOWN = 'unknown';
const DOMAIN = '.svc.cluster.local';

const SIDES = ['source', 'destination'] as const;
const LABELS = [
  'reporter',
  ...SIDES.flatMap(side =>
    [
      'workload',
      'workload_namespace',
      'principal',
      'app',
      'version',
      'canonical_service',
      'canonical_revision',
      'cluster',
    ].map(what => `${side}_${what}`),
  ),
  'destination_service',
  'destination_service_name',
  'destination_service_namespace',
  'request_protocol',
  'response_flags',
  'connection_security_policy',
];
const HTTP_LABELS = [...LABELS, 'response_code', 'grpc_response_status'];

/** Those of Istio's own metrics. */
const BUCKETS = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000,
  300000, 600000, 1800000, 3600000,
];

type Labels = Record<string, string>;

/**
 * Istio's own series, made from the proxies' logs of requests: plain Envoy lacks the filter that counts them. Each line of a
 * log is one request or connection at its end.
 */
export class IstioSeries {
  static create(inventory: Inventory) {
    return new IstioSeries(inventory);
  }

  private readonly registry = new Registry();
  private readonly requests = this.counter(
    'istio_requests_total',
    'Requests, from the logs of the proxies.',
    HTTP_LABELS,
  );
  private readonly durations = new Histogram({
    name: 'istio_request_duration_milliseconds',
    help: 'How long requests took, from the logs of the proxies.',
    labelNames: HTTP_LABELS,
    buckets: BUCKETS,
    registers: [this.registry],
  });
  private readonly opened = this.counter(
    'istio_tcp_connections_opened_total',
    'Connections, from the logs of the proxies: counted at their end.',
    LABELS,
  );
  private readonly closed = this.counter(
    'istio_tcp_connections_closed_total',
    'Connections, from the logs of the proxies.',
    LABELS,
  );
  private readonly sent = this.counter(
    'istio_tcp_sent_bytes_total',
    'Bytes answered, from the logs of the proxies.',
    LABELS,
  );
  private readonly received = this.counter(
    'istio_tcp_received_bytes_total',
    'Bytes asked, from the logs of the proxies.',
    LABELS,
  );

  private constructor(private readonly inventory: Inventory) {}

  /** @param pod - whose proxy wrote the entry. */
  take(pod: AnyObject, entry: LogEntry): void {
    const labels = this.labelsOf(pod, entry);
    if (given(entry.method)) {
      const all = {
        ...labels,
        response_code: String(entry.response_code ?? 0),
        grpc_response_status: grpcStatusOf(entry),
      };
      this.requests.inc(all);
      this.durations.observe(all, Number(entry.duration ?? 0));
    } else {
      this.opened.inc(labels);
      this.closed.inc(labels);
      this.sent.inc(labels, Number(entry.bytes_sent ?? 0));
      this.received.inc(labels, Number(entry.bytes_received ?? 0));
    }
  }

  /** As Prometheus reads them. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  private labelsOf(pod: AnyObject, entry: LogEntry): Labels {
    const isInbound = isInboundAt(pod, entry);
    const source = isInbound
      ? this.inventory.podAt(given(entry.downstream_direct_remote_address))
      : pod;
    const destination = isInbound
      ? pod
      : this.inventory.podAt(given(entry.upstream_host));
    const peers = isInbound
      ? { source: given(entry.own_peer), destination: undefined }
      : { source: undefined, destination: given(entry.own_upstream_peer) };
    const secured = given(entry.own_peer) ? 'mutual_tls' : 'none';
    return {
      reporter: isInbound ? 'destination' : 'source',
      ...sideOf('source', source, peers.source),
      ...sideOf('destination', destination, peers.destination),
      ...(isInbound
        ? this.inboundService(pod, entry)
        : outboundService(given(entry.upstream_cluster))),
      request_protocol: protocolOf(entry),
      response_flags: given(entry.response_flags) ?? '-',
      connection_security_policy: isInbound ? secured : UNKNOWN,
    };
  }

  private inboundService(pod: AnyObject, entry: LogEntry): Labels {
    const port = Number(
      given(entry.downstream_local_address)?.split(':').pop(),
    );
    const service = this.inventory.serviceOf(pod, port);
    const { namespace = UNKNOWN, name } = service?.metadata ?? {};
    return name
      ? serviceLabels(`${name}.${namespace}${DOMAIN}`, name, namespace)
      : serviceLabels(UNKNOWN, UNKNOWN, pod.metadata.namespace ?? UNKNOWN);
  }

  private counter(name: string, help: string, labelNames: string[]): Counter {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }
}

/** By the cluster that it went to; where there was none, what comes in has the pod's own address as its aim. */
function isInboundAt(pod: AnyObject, entry: LogEntry): boolean {
  const [direction] = given(entry.upstream_cluster)?.split('|') ?? [];
  if (direction === 'inbound' || direction === 'outbound') {
    return direction === 'inbound';
  }
  const [aim] = given(entry.downstream_local_address)?.split(':') ?? [];
  // A gateway has no app that anything could come in to.
  return aim === pod.status.podIP && appContainersOf(pod).length > 0;
}

function sideOf(
  side: (typeof SIDES)[number],
  pod: AnyObject | undefined,
  principal: string | undefined,
): Labels {
  const identity = pod && identityOf(pod);
  return {
    [`${side}_workload`]: identity?.workload ?? UNKNOWN,
    [`${side}_workload_namespace`]: identity?.namespace ?? UNKNOWN,
    [`${side}_principal`]: principal ?? UNKNOWN,
    [`${side}_app`]: identity?.app ?? UNKNOWN,
    [`${side}_version`]: identity?.version ?? UNKNOWN,
    [`${side}_canonical_service`]: identity?.canonicalService ?? UNKNOWN,
    [`${side}_canonical_revision`]: identity?.canonicalRevision ?? 'latest',
    [`${side}_cluster`]: pod ? 'Kubernetes' : UNKNOWN,
  };
}

/** `outbound|80|v1|auth-service.orion.svc.cluster.local`, or a name without bars. */
function outboundService(cluster: string | undefined): Labels {
  const host = cluster?.split('|')[3];
  if (!host) {
    return serviceLabels(cluster ?? UNKNOWN, cluster ?? UNKNOWN, UNKNOWN);
  }
  const [name, namespace = UNKNOWN] = host.endsWith(DOMAIN)
    ? host.slice(0, -DOMAIN.length).split('.')
    : [host];
  return serviceLabels(host, name, namespace);
}

function serviceLabels(host: string, name: string, namespace: string): Labels {
  return {
    destination_service: host,
    destination_service_name: name,
    destination_service_namespace: namespace,
  };
}

function protocolOf(entry: LogEntry): string {
  if (!given(entry.method)) {
    return 'tcp';
  }
  return given(entry.own_content_type)?.startsWith('application/grpc')
    ? 'grpc'
    : 'http';
}

function grpcStatusOf(entry: LogEntry): string {
  return protocolOf(entry) === 'grpc'
    ? String(given(entry.own_grpc_status) ?? '')
    : '';
}

import type { MeshObjects, Workload } from '@meshdeck/istio-config';
import type { TrafficProfile } from '../traffic/TrafficProfile';
import { hash32 } from '../traffic/seededRandom';
import type { JaegerTag } from './model';
import type { SpanDraft } from './SpanDraft';

/** Who a request is from; the same for all spans of its trace. */
export interface Requester {
  requestId: string;
  headers: Record<string, string>;
}

export function requesterOf(
  traceId: string,
  profile: TrafficProfile,
): Requester {
  const digits = hash32(traceId);
  const { tenants, users } = profile;
  return {
    requestId: [
      traceId.slice(0, 8),
      traceId.slice(8, 12),
      `4${traceId.slice(13, 16)}`,
      `9${traceId.slice(17, 20)}`,
      traceId.slice(20),
    ].join('-'),
    headers: {
      ...(tenants.length > 0
        ? { 'x-tenant-id': tenants[digits % tenants.length] }
        : {}),
      'x-user-id': String(10_000 + (hash32(`${traceId}-user`) % users)),
    },
  };
}

/** The tags that Envoy writes in an Istio mesh; those of the application's own spans are OpenTelemetry's. */
export function spanTags(
  span: SpanDraft,
  requester: Requester,
  set: MeshObjects,
): JaegerTag[] {
  const { shape, branch, workload, code } = span;
  const text = (key: string, value: string): JaegerTag => ({
    key,
    type: 'string',
    value,
  });
  const failed: JaegerTag[] = isFailed(span)
    ? [{ key: 'error', type: 'bool', value: true }]
    : [];
  if (span.kind === 'internal') {
    return [
      text('span.kind', 'internal'),
      text('otel.library.name', `${workload.canonicalService}-http`),
      text('http.method', shape.request.method),
      text('http.route', shape.request.path),
      text('http.status_code', String(code)),
      ...Object.entries(requester.headers).map(([key, value]) =>
        text(key, value),
      ),
      ...failed,
    ];
  }
  const isServer = span.kind === 'server';
  const { service } = branch;
  const host = shape.caller.through?.host ?? `${service.name}:${service.port}`;
  return [
    text('component', 'proxy'),
    text('span.kind', span.kind),
    text('http.method', shape.request.method),
    text('http.url', `http://${host}${shape.request.path}`),
    text('http.protocol', 'HTTP/1.1'),
    text('http.status_code', String(code)),
    text('response_flags', span.flags),
    text('request_size', '640'),
    text('response_size', code >= 200 && code < 400 ? '1850' : '210'),
    text('guid:x-request-id', requester.requestId),
    text('downstream_cluster', '-'),
    text(
      'upstream_cluster',
      isServer
        ? `inbound|${service.port}||`
        : `outbound|${service.port}|${branch.subset ?? ''}|${service.host}`,
    ),
    text('node_id', nodeId(workload, isServer || !shape.caller.through)),
    text('istio.canonical_service', workload.canonicalService),
    text('istio.canonical_revision', workload.canonicalRevision),
    text('istio.mesh_id', set.meshConfig.trustDomain),
    text('istio.namespace', workload.namespace),
    text('istio.cluster_id', 'Kubernetes'),
    ...headerTags(workload, requester, shape.request.headers, set).map(
      ([key, value]) => text(key, value),
    ),
    ...failed,
  ];
}

/** Whether Envoy marks the span as an error. */
export function isFailed({ code, flags }: SpanDraft): boolean {
  return code >= 500 || code === 0 || /UH|UF|NC|UT|DC/.test(flags);
}

function nodeId(workload: Workload, isSidecar: boolean): string {
  const [pod] = workload.pods;
  const address = pod?.status?.podIP ?? '10.244.0.10';
  const name = pod?.metadata.name ?? workload.name;
  const { namespace } = workload;
  return `${
    isSidecar ? 'sidecar' : 'router'
  }~${address}~${name}.${namespace}~${namespace}.svc.cluster.local`;
}

/** The headers that a Telemetry object of the reporting proxy's namespace makes tags of. */
function headerTags(
  workload: Workload,
  requester: Requester,
  headers: Record<string, string>,
  set: MeshObjects,
): [string, string][] {
  const sent: Record<string, string | undefined> = {
    ...requester.headers,
    ...headers,
  };
  return set
    .inNamespace('Telemetry', workload.namespace)
    .flatMap(telemetry => telemetry.spec?.tracing ?? [])
    .flatMap((tracing: any) => Object.entries(tracing?.customTags ?? {}))
    .flatMap(([tag, source]): [string, string][] => {
      const value = sent[(source as any)?.header?.name ?? ''];
      return value === undefined ? [] : [[tag, value]];
    });
}

import type { TraceSpan } from './views/traces';

type Tags = Record<string, string>;

/** What a span says of the HTTP request that it is about. @public */
export interface SpanRequest {
  method?: string;
  /** Without the query, which may hold what is nobody's business. */
  path?: string;
  status?: number;
}

/** Where a proxy sent a request. @public */
export interface SpanDestination {
  host: string;
  subset?: string;
}

/** Reads the names of Envoy and older OpenTelemetry, else the newer ones. @public */
export function spanRequest(tags: Tags): SpanRequest {
  const status = Number(
    tags['http.status_code'] ?? tags['http.response.status_code'],
  );
  return {
    method: tags['http.method'] ?? tags['http.request.method'],
    path: pathOf(
      tags['http.target'] ??
        tags['url.path'] ??
        tags['http.url'] ??
        tags['url.full'] ??
        tags['http.route'],
    ),
    status: Number.isFinite(status) && status > 0 ? status : undefined,
  };
}

/** By Envoy's name of the cluster: `outbound|8080|canary|auth-service.orion.svc.cluster.local`. @public */
export function spanDestination(tags: Tags): SpanDestination | undefined {
  const [direction, , subset, host] = clusterOf(tags).split('|');
  return direction === 'outbound' && host
    ? { host, subset: subset || undefined }
    : undefined;
}

/** Envoy's response flags, as `UH`. @public */
export function responseFlags(tags: Tags): string[] {
  return (tags.response_flags ?? '').split(',').filter(flag => /\w/.test(flag));
}

/** Whether a proxy of the mesh wrote the span, and not the application. @public */
export function isOfProxy(tags: Tags): boolean {
  return tags.component === 'proxy' || clusterOf(tags).includes('|');
}

/** The version of the workload whose span it is; `latest` is what Istio says where nobody named one. @public */
export function spanVersion(tags: Tags): string | undefined {
  const version = tags['istio.canonical_revision'] ?? tags['service.version'];
  return version && version !== 'latest' ? version : undefined;
}

/** A service or a host by its name alone; with its namespace, where that is another than the reader's. @public */
export function serviceNameIn(name: string, namespace: string): string {
  const [placed] = name.split('.svc.');
  const own = `.${namespace}`;
  return placed.endsWith(own) && placed.length > own.length
    ? placed.slice(0, -own.length)
    : placed;
}

/** How long each span was at work itself, in ms by its id: the time that no span below it covers. @public */
export function ownTimes(spans: readonly TraceSpan[]): Map<string, number> {
  const below = new Map<string, TraceSpan[]>();
  for (const span of spans) {
    if (span.parentSpanId !== undefined) {
      const siblings = below.get(span.parentSpanId) ?? [];
      below.set(span.parentSpanId, siblings);
      siblings.push(span);
    }
  }
  return new Map(
    spans.map(span => [span.spanId, ownTime(span, below.get(span.spanId))]),
  );
}

function ownTime(span: TraceSpan, children: TraceSpan[] = []): number {
  const end = span.startMs + span.durationMs;
  let reached = span.startMs;
  let own = 0;
  for (const child of [...children].sort((a, b) => a.startMs - b.startMs)) {
    own += Math.max(0, Math.min(child.startMs, end) - reached);
    reached = Math.max(reached, child.startMs + child.durationMs);
  }
  return own + Math.max(0, end - reached);
}

function clusterOf(tags: Tags): string {
  return tags['upstream_cluster.name'] ?? tags.upstream_cluster ?? '';
}

function pathOf(address: string | undefined): string | undefined {
  return (
    address?.replace(/^[a-z]+:\/\/[^/?#]*/i, '').split(/[?#]/)[0] || undefined
  );
}

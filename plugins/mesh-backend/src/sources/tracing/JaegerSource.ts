import {
  pathSegment,
  type TraceDependencies,
  type TraceSpan,
  type TraceView,
} from '@meshdeck/plugin-mesh-common';
import { formatDuration } from '@meshdeck/istio-config';
import type { TracingEndpoint } from '../../config/MeshSettings';
import { fetchJson, SourceObservation } from '../fetchJson';
import { SourceError } from '../SourceError';
import { dependenciesOf } from './dependenciesOf';
import { JaegerTrace, jaegerTrace } from './jaegerTrace';
import { checkedTags } from './searchTags';
import { SpanNamespaces } from './SpanNamespaces';
import { traceNotFound } from './traceNotFound';
import {
  FoundTraces,
  OPERATIONS_OF_MS,
  SAMPLED_TRACES,
  TracedService,
  TracePeriod,
  TraceSearch,
  TraceSource,
} from './TraceSource';
import { traceSummary } from './traceSummary';

type Tag = [name: string, value: string];

const FAILED: Tag = ['error', 'true'];

/**
 * Jaeger 2 shows them as tags, but with its storage in memory it finds nothing by them: they are no attributes of a span in
 * OpenTelemetry, and of an error it takes the text "true" for false. Source: jaeger v1.76, internal/storage/v2/memory/tenant.go.
 */
const NOT_ALWAYS_TAGS = ['error', 'span.kind', 'otel.status_code'];

/** Where nothing was found by them, so many of the newest traces are looked through. */
const LOOKED_THROUGH = 200;

interface JaegerAnswer<T> {
  data?: T;
  errors?: { code?: number; msg?: string }[] | null;
}

/** Asks Jaeger's query service. */
export class JaegerSource implements TraceSource {
  static create(options: {
    endpoint: TracingEndpoint;
    deadlineMs: number;
    observe?: (observation: SourceObservation) => void;
    now?: () => number;
  }) {
    return new JaegerSource(options);
  }

  private readonly namespaces: SpanNamespaces;
  /** It has found something by one of {@link NOT_ALWAYS_TAGS}: then nothing found is nothing there. */
  private knowsAllTags = false;

  private constructor(
    private readonly options: Parameters<typeof JaegerSource.create>[0],
  ) {
    this.namespaces = SpanNamespaces.create(options.endpoint.serviceName);
  }

  async operations(service: TracedService): Promise<string[]> {
    const { serviceName, namespace } = service;
    // Where the name does not tell the namespace, Jaeger answers for the services of that name in all of them.
    if (this.namespaces.named(serviceName) !== namespace) {
      return this.seenOperations(service);
    }
    const operations = await this.ask<string[]>(
      `/api/services/${pathSegment(serviceName)}/operations`,
    );
    return (operations ?? []).filter(name => typeof name === 'string').sort();
  }

  async search(query: TraceSearch): Promise<FoundTraces> {
    // One more than the limit, to know whether there are more.
    const { traces, isFull, omittedSpans } = await this.find(
      query,
      query.limit + 1,
    );
    return {
      traces: traces
        .map(trace => traceSummary(trace, this.ownOf(query)))
        .sort((a, b) => b.start.localeCompare(a.start))
        .slice(0, query.limit),
      more: isFull || traces.length > query.limit,
      omittedSpans,
    };
  }

  async trace(traceId: string, namespace: string): Promise<TraceView> {
    const found = await this.ask<JaegerTrace[]>(
      `/api/traces/${pathSegment(traceId)}`,
      { notFound: [] },
    );
    const view = found?.[0] && jaegerTrace(found[0]).view;
    if (!view || !this.namespaces.concerns(view, namespace)) {
      throw traceNotFound(traceId);
    }
    return view;
  }

  async dependencies(
    service: TracedService,
    period: TracePeriod,
  ): Promise<TraceDependencies> {
    const limit = SAMPLED_TRACES;
    const { traces } = await this.find({ ...service, ...period, limit }, limit);
    return dependenciesOf(traces, this.ownOf(service));
  }

  private async seenOperations(service: TracedService): Promise<string[]> {
    const to = (this.options.now ?? Date.now)();
    const limit = SAMPLED_TRACES;
    const period = { from: to - OPERATIONS_OF_MS, to };
    const { traces } = await this.find({ ...service, ...period, limit }, limit);
    const own = traces.flatMap(({ spans }) =>
      spans.filter(this.ownOf(service)),
    );
    return [...new Set(own.map(({ operation }) => operation))].sort();
  }

  private ownOf({ serviceName, namespace }: TracedService) {
    return (span: TraceSpan) =>
      span.service === serviceName && this.namespaces.of(span) === namespace;
  }

  /** The newest traces that concern the service's namespace; full where there may be more. */
  private async find(query: TraceSearch, limit: number) {
    const tags = [
      ...checkedTags(query.tags),
      ...(query.errorsOnly ? [FAILED] : []),
    ];
    const found = await this.findTagged(query, tags, limit);
    const stored = tags.filter(([name]) => !NOT_ALWAYS_TAGS.includes(name));
    if (stored.length === tags.length) {
      return found;
    }
    this.knowsAllTags ||= found.traces.length > 0;
    if (this.knowsAllTags) {
      return found;
    }
    const seen = await this.findTagged(query, stored, LOOKED_THROUGH);
    return { ...seen, traces: seen.traces.filter(this.hasTagged(query, tags)) };
  }

  /** Whether a span that the search is for has the tags. */
  private hasTagged(query: TraceSearch, tags: readonly Tag[]) {
    const isOwn = this.ownOf(query);
    return ({ spans }: TraceView) =>
      spans.some(
        span =>
          isOwn(span) &&
          (!query.operation || span.operation === query.operation) &&
          span.durationMs >= (query.minDurationMs ?? 0) &&
          tags.every(([name, value]) =>
            name === 'error'
              ? String(span.error) === value
              : span.tags[name] === value,
          ),
      );
  }

  private async findTagged(
    query: TraceSearch,
    tags: readonly Tag[],
    limit: number,
  ) {
    const parameters = new URLSearchParams({
      service: query.serviceName,
      start: String(query.from * 1000),
      end: String(query.to * 1000),
      limit: String(limit),
    });
    if (query.operation) {
      parameters.set('operation', query.operation);
    }
    if (tags.length) {
      parameters.set('tags', JSON.stringify(Object.fromEntries(tags)));
    }
    if (query.minDurationMs) {
      parameters.set('minDuration', formatDuration(query.minDurationMs));
    }
    const answer = await this.ask<JaegerTrace[]>(`/api/traces?${parameters}`);
    const found = (Array.isArray(answer) ? answer : []).map(jaegerTrace);
    const own = found.filter(
      ({ view }) => !view || this.namespaces.concerns(view, query.namespace),
    );
    return {
      traces: own.flatMap(({ view }) => view ?? []),
      isFull: found.length >= limit,
      omittedSpans: own.reduce((sum, trace) => sum + trace.omittedSpans, 0),
    };
  }

  private async ask<T>(
    path: string,
    options: { notFound?: T } = {},
  ): Promise<T | undefined> {
    const { endpoint, deadlineMs, observe } = this.options;
    const { status, body } = await fetchJson<JaegerAnswer<T>>({
      name: 'The tracing system',
      configKey: 'mesh.tracing.url',
      endpoint,
      path,
      deadlineMs,
      observe,
    });
    if (status === 404 && 'notFound' in options) {
      return options.notFound;
    }
    if (status !== 200 || !body || typeof body !== 'object') {
      throw new SourceError(
        `The tracing system refused (${status}): ${
          body?.errors?.[0]?.msg ?? 'it gave no reason'
        }. Check mesh.tracing.url.`,
      );
    }
    return body.data;
  }
}

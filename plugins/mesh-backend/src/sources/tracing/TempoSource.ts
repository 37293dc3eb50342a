import {
  pathSegment,
  type TraceDependencies,
  type TraceSpan,
  type TraceView,
} from '@meshdeck/plugin-mesh-common';
import type { TracingEndpoint } from '../../config/MeshSettings';
import { fetchJson, SourceObservation } from '../fetchJson';
import { SourceError } from '../SourceError';
import { dependenciesOf } from './dependenciesOf';
import { OtlpResourceSpans, otlpTrace } from './otlpTrace';
import { checkedTags } from './searchTags';
import { SpanNamespaces } from './SpanNamespaces';
import { TempoFound, tempoSummary } from './tempoSummary';
import { traceNotFound } from './traceNotFound';
import * as traceql from './traceql';
import {
  FoundTraces,
  OPERATIONS_OF_MS,
  SAMPLED_TRACES,
  TracedService,
  TracePeriod,
  TraceSearch,
  TraceSource,
} from './TraceSource';

const MOST_OPERATIONS = 500;
/** Of each trace found, to know the first; Tempo gives no more than 100. */
const MOST_OWN_SPANS = 20;
/** What a line of the list says of the service's own span; Tempo tells of a span only what is asked for. */
const SHOWN_FIELDS = [
  'name',
  'status',
  'span.http.status_code',
  'span.http.response.status_code',
  'span.http.method',
  'span.http.request.method',
  'span.http.target',
  'span.http.url',
  'span.http.route',
  'span.url.path',
  'span.response_flags',
  'span.upstream_cluster',
  'span.istio.canonical_revision',
].join(', ');

interface TempoTraceAnswer {
  trace?: {
    resourceSpans?: OtlpResourceSpans[];
    batches?: OtlpResourceSpans[];
  };
  batches?: OtlpResourceSpans[];
}

/** Asks Tempo by TraceQL, so from version 2.0 on. */
export class TempoSource implements TraceSource {
  static create(options: {
    endpoint: TracingEndpoint;
    deadlineMs: number;
    observe?: (observation: SourceObservation) => void;
    now?: () => number;
  }) {
    return new TempoSource(options);
  }

  /** False once a Tempo before 2.2 has refused `select`. */
  private selects = true;

  private readonly namespaces: SpanNamespaces;

  private constructor(
    private readonly options: Parameters<typeof TempoSource.create>[0],
  ) {
    this.namespaces = SpanNamespaces.create(options.endpoint.serviceName);
  }

  async operations(service: TracedService): Promise<string[]> {
    const to = (this.options.now ?? Date.now)();
    const parameters = new URLSearchParams({
      q: traceql.spansWhere(...this.ownSpans(service)),
      ...secondsOf({ from: to - OPERATIONS_OF_MS, to }),
    });
    const { tagValues } = await this.ask<{ tagValues?: { value: string }[] }>(
      `/api/v2/search/tag/name/values?${parameters}`,
    );
    return (Array.isArray(tagValues) ? tagValues : [])
      .map(tag => tag?.value)
      .filter(value => typeof value === 'string')
      .slice(0, MOST_OPERATIONS)
      .sort();
  }

  async search(query: TraceSearch): Promise<FoundTraces> {
    // One more than the limit, to know whether there are more.
    const found = await this.find(query, query.limit + 1);
    const read = found.map(trace => tempoSummary(trace, query));
    return {
      traces: read
        .flatMap(({ summary }) => summary ?? [])
        .sort((a, b) => b.start.localeCompare(a.start))
        .slice(0, query.limit),
      more: found.length > query.limit,
      omittedSpans: read.filter(({ isWhole }) => !isWhole).length,
    };
  }

  async trace(traceId: string, namespace: string): Promise<TraceView> {
    const trace = await this.read(traceId);
    if (!trace || !this.namespaces.concerns(trace, namespace)) {
      throw traceNotFound(traceId);
    }
    return trace;
  }

  /** Half of the time goes to finding the traces, half to reading them, all at once. */
  async dependencies(
    service: TracedService,
    period: TracePeriod,
  ): Promise<TraceDependencies> {
    const limit = SAMPLED_TRACES;
    const deadlineMs = this.options.deadlineMs / 2;
    const { serviceName, namespace } = service;
    const found = await this.find(
      { ...service, ...period, limit },
      limit,
      deadlineMs,
    );
    const traces = await Promise.all(
      found.map(({ traceID }) => this.read(String(traceID), deadlineMs)),
    );
    return dependenciesOf(
      traces.flatMap(trace =>
        trace && this.namespaces.concerns(trace, namespace) ? trace : [],
      ),
      (span: TraceSpan) =>
        span.service === serviceName && this.namespaces.of(span) === namespace,
    );
  }

  /** Where its name does not tell the namespace, the spans themselves have to. */
  private ownSpans({ serviceName, namespace }: TracedService) {
    const isNamed = traceql.fieldIs('resource.service.name', serviceName);
    return this.namespaces.named(serviceName) === namespace
      ? [isNamed]
      : [isNamed, traceql.isOf(namespace)];
  }

  private async find(
    query: TraceSearch,
    limit: number,
    deadlineMs?: number,
  ): Promise<TempoFound[]> {
    const filter = traceql.spansWhere(
      ...this.ownSpans(query),
      ...conditionsOf(query),
    );
    const ask = async (q: string) => {
      const parameters = new URLSearchParams({
        q,
        ...secondsOf(query),
        limit: String(limit),
        spss: String(MOST_OWN_SPANS),
      });
      const { traces } = await this.ask<{ traces?: TempoFound[] }>(
        `/api/search?${parameters}`,
        deadlineMs,
      );
      return Array.isArray(traces) ? traces : [];
    };
    if (!this.selects) {
      return ask(filter);
    }
    try {
      return await ask(`${filter} | select(${SHOWN_FIELDS})`);
    } catch (error) {
      if (!isAnswer(error, 400)) {
        throw error;
      }
      const found = await ask(filter);
      this.selects = false;
      return found;
    }
  }

  /** Undefined where there is no such trace. */
  private async read(
    traceId: string,
    deadlineMs?: number,
  ): Promise<TraceView | undefined> {
    const id = pathSegment(traceId);
    for (const path of [`/api/v2/traces/${id}`, `/api/traces/${id}`]) {
      try {
        const answer = await this.ask<TempoTraceAnswer>(path, deadlineMs);
        const spans =
          answer.trace?.resourceSpans ??
          answer.trace?.batches ??
          answer.batches;
        return otlpTrace(traceId.padStart(32, '0'), spans ?? []).view;
      } catch (error) {
        // Before Tempo 2.7 the first path is as unknown as a trace that is not there.
        if (!isAnswer(error, 404)) {
          throw error;
        }
      }
    }
    return undefined;
  }

  private async ask<T>(
    path: string,
    deadlineMs = this.options.deadlineMs,
  ): Promise<T> {
    const { endpoint, observe } = this.options;
    const { status, body } = await fetchJson<T>({
      name: 'The tracing system',
      configKey: 'mesh.tracing.url',
      endpoint,
      path,
      deadlineMs,
      observe,
    });
    if (status !== 200 || !body || typeof body !== 'object') {
      throw new SourceError(
        `The tracing system refused (${status}). Check mesh.tracing.url, and that mesh.tracing.type is what runs there.`,
        { answered: status },
      );
    }
    return body;
  }
}

function conditionsOf(query: TraceSearch): traceql.SpanCondition[] {
  return [
    query.operation
      ? traceql.fieldIs('name', query.operation)
      : traceql.hasName(),
    ...(query.minDurationMs ? [traceql.lastsAtLeast(query.minDurationMs)] : []),
    ...(query.errorsOnly ? [traceql.failed()] : []),
    ...checkedTags(query.tags).map(([name, value]) =>
      traceql.tagIs(name, value),
    ),
  ];
}

function secondsOf({ from, to }: TracePeriod) {
  return {
    start: String(Math.floor(from / 1000)),
    end: String(Math.ceil(to / 1000)),
  };
}

function isAnswer(error: unknown, status: number): boolean {
  return error instanceof SourceError && error.answered === status;
}

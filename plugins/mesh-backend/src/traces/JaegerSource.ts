import {
  pathSegment,
  type TraceDependencies,
  type TraceSummary,
  type TraceView,
} from '@meshdeck/plugin-mesh-common';
import type { TracingEndpoint } from '../config';
import { fetchJson, SourceObservation } from '../sources/fetchJson';
import { SourceError } from '../sources/SourceError';
import { concernsNamespace } from './concernsNamespace';
import { dependenciesOf } from './dependenciesOf';
import { JaegerTrace, jaegerTrace } from './jaegerTrace';
import { checkedTags } from './searchTags';
import { traceNotFound } from './traceNotFound';
import {
  SAMPLED_TRACES,
  TracePeriod,
  TraceSearch,
  TraceSource,
} from './TraceSource';
import { traceSummary } from './traceSummary';

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
  }) {
    return new JaegerSource(options);
  }

  private constructor(
    private readonly options: Parameters<typeof JaegerSource.create>[0],
  ) {}

  async operations(serviceName: string): Promise<string[]> {
    const operations = await this.ask<string[]>(
      `/api/services/${pathSegment(serviceName)}/operations`,
    );
    return (operations ?? []).filter(name => typeof name === 'string').sort();
  }

  async search(
    query: TraceSearch,
  ): Promise<{ traces: TraceSummary[]; more: boolean }> {
    // One more than the limit, to know whether there are more.
    const found = await this.find(query, query.limit + 1);
    const traces = found
      .map(trace => traceSummary(trace, query.serviceName))
      .sort((a, b) => b.start.localeCompare(a.start));
    return {
      traces: traces.slice(0, query.limit),
      more: traces.length > query.limit,
    };
  }

  async trace(traceId: string, namespace: string): Promise<TraceView> {
    const found = await this.ask<JaegerTrace[]>(
      `/api/traces/${pathSegment(traceId)}`,
      { notFound: [] },
    );
    const trace = found?.[0] && jaegerTrace(found[0]);
    if (!trace || !concernsNamespace(trace, namespace)) {
      throw traceNotFound(traceId);
    }
    return trace;
  }

  async dependencies(
    serviceName: string,
    period: TracePeriod,
  ): Promise<TraceDependencies> {
    const limit = SAMPLED_TRACES;
    const found = await this.find({ serviceName, ...period, limit }, limit);
    return dependenciesOf(serviceName, found);
  }

  private async find(query: TraceSearch, limit: number): Promise<TraceView[]> {
    const tags = Object.fromEntries([
      ...checkedTags(query.tags),
      ...(query.errorsOnly ? [['error', 'true']] : []),
    ]);
    const parameters = new URLSearchParams({
      service: query.serviceName,
      start: String(query.from * 1000),
      end: String(query.to * 1000),
      limit: String(limit),
    });
    if (query.operation) {
      parameters.set('operation', query.operation);
    }
    if (Object.keys(tags).length) {
      parameters.set('tags', JSON.stringify(tags));
    }
    if (query.minDurationMs) {
      parameters.set('minDuration', `${Math.round(query.minDurationMs)}ms`);
    }
    const found = await this.ask<JaegerTrace[]>(`/api/traces?${parameters}`);
    return (found ?? []).flatMap(trace => jaegerTrace(trace) ?? []);
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

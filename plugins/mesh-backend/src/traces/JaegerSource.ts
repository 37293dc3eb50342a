import { NotFoundError } from '@backstage/errors';
import type { TraceSummary, TraceView } from '@meshdeck/plugin-mesh-common';
import type { TracingEndpoint } from '../config';
import { fetchJson, SourceObservation } from '../sources/fetchJson';
import { SourceError } from '../sources/SourceError';
import type { TraceSearch, TraceSource } from './TraceSource';
import { JaegerTrace, summaryOf, traceViewOf } from './jaegerTrace';

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
      `/api/services/${encodeURIComponent(serviceName)}/operations`,
    );
    return (operations ?? []).filter(name => typeof name === 'string').sort();
  }

  /** Newest first. One more than the limit is asked for, to know whether there are more. */
  async search(
    query: TraceSearch,
  ): Promise<{ traces: TraceSummary[]; more: boolean }> {
    const tags = {
      ...query.tags,
      ...(query.errorsOnly ? { error: 'true' } : {}),
    };
    const parameters = new URLSearchParams({
      service: query.serviceName,
      start: String(query.from * 1000),
      end: String(query.to * 1000),
      limit: String(query.limit + 1),
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
    const traces = (found ?? [])
      .flatMap(trace => summaryOf(trace, query.serviceName) ?? [])
      .sort((a, b) => b.start.localeCompare(a.start));
    return {
      traces: traces.slice(0, query.limit),
      more: traces.length > query.limit,
    };
  }

  /** @throws NotFoundError where there is none, or none of it in `namespace`: traces of others stay theirs. */
  async trace(traceId: string, namespace: string): Promise<TraceView> {
    const found = await this.ask<JaegerTrace[]>(
      `/api/traces/${encodeURIComponent(traceId)}`,
      { notFound: [] },
    );
    const trace = found?.[0];
    const view = trace && traceViewOf(trace);
    const concerned = view?.spans.some(
      span =>
        span.tags['istio.namespace'] === namespace ||
        span.service.endsWith(`.${namespace}`) ||
        !span.service.includes('.'),
    );
    if (!view || !concerned) {
      throw new NotFoundError(
        `There is no trace ${traceId}. It may be older than what the tracing system keeps.`,
      );
    }
    return view;
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

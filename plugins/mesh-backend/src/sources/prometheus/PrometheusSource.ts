import { itemsOf } from '@meshdeck/istio-config';
import type { PrometheusEndpoint } from '../../config/MeshSettings';
import { endpointIdentity } from '../endpointIdentity';
import { fetchJson, SourceObservation } from '../fetchJson';
import type { SourceCache } from '../SourceCache';
import { SourceError } from '../SourceError';
import { Select, selecting } from './promql';

/** One series of an answer; points are [epoch seconds, value], oldest first, finite values only. */
export type Series = {
  labels: Record<string, string>;
  points: [number, number][];
};

interface PrometheusAnswer {
  status?: 'success' | 'error';
  error?: string;
  data?: {
    resultType?: string;
    result?: {
      metric?: Record<string, string>;
      value?: [number, string];
      values?: [number, string][];
    }[];
  };
}

/** An alert that is pending or firing. */
export type PrometheusAlert = {
  name: string;
  state: 'pending' | 'firing';
  labels: Record<string, string>;
  annotations: Record<string, string>;
  activeAt?: string;
};

/** Asks Prometheus. `scope` names what is looked at: its questions are good for one refresh period, whoever asks. */
export class PrometheusSource {
  static create(options: {
    endpoint: PrometheusEndpoint;
    deadlineMs: number;
    cache: SourceCache;
    /** Where several clusters share it: what the labels of a cluster's own series are. */
    cluster?: { label: string; name: string };
    observe?: (observation: SourceObservation) => void;
    now?: () => number;
  }) {
    return new PrometheusSource(options);
  }

  /** Selects series of this cluster, and of no other that shares the source. */
  readonly select: Select;
  private readonly identity: string;

  private constructor(
    private readonly options: Parameters<typeof PrometheusSource.create>[0],
  ) {
    const { cluster, endpoint } = options;
    this.select = selecting(cluster && { [cluster.label]: cluster.name });
    this.identity = endpointIdentity(endpoint);
  }

  /** The interval for rates of "now". */
  get rateInterval(): string {
    return this.options.endpoint.rateInterval;
  }

  /** The value of each series now. */
  query(scope: string, promql: string): Promise<Series[]> {
    return this.cached(scope, `instant ${promql}`, () =>
      this.series('query', { query: promql }),
    );
  }

  /** Each series over `seconds`, at `points` instants, up to `beforeSeconds` ago. */
  queryRange(
    scope: string,
    promql: string,
    range: { seconds: number; points: number; beforeSeconds?: number },
  ): Promise<Series[]> {
    const { seconds, points, beforeSeconds = 0 } = range;
    const step = Math.max(Math.round(seconds / points), 1);
    // Instants lie on multiples of the step, so that a graph does not dance while it refreshes.
    const end =
      Math.floor((this.options.now ?? Date.now)() / 1000 / step) * step -
      beforeSeconds;
    return this.cached(
      scope,
      `range ${step} ${seconds} ${beforeSeconds} ${promql}`,
      () =>
        this.series('query_range', {
          query: promql,
          start: String(end - seconds),
          end: String(end),
          step: String(step),
        }),
      // What is long past is drawn faintly: a tenth of the chart may be missing at its end.
      beforeSeconds > 0 ? seconds * 100 : 0,
    );
  }

  /** Every alert of this cluster that is pending or firing. Where several share the source, one without the label is nobody's. */
  async alerts(): Promise<PrometheusAlert[]> {
    const { cluster } = this.options;
    const alerts = await this.cached('alerts', 'alerts', () =>
      this.allAlerts(),
    );
    return cluster
      ? alerts.filter(({ labels }) => labels[cluster.label] === cluster.name)
      : alerts;
  }

  private async allAlerts(): Promise<PrometheusAlert[]> {
    const data = await this.ask<{ alerts?: unknown }>('/api/v1/alerts');
    return itemsOf(data.alerts)
      .filter(alert => ['pending', 'firing'].includes(alert?.state))
      .map(({ state, ...alert }) => {
        const labels = textsIn(alert.labels);
        const { activeAt } = textsIn(alert);
        return {
          name: labels.alertname ?? 'unnamed',
          state,
          labels,
          annotations: textsIn(alert.annotations),
          activeAt: Number.isNaN(Date.parse(activeAt)) ? undefined : activeAt,
        };
      });
  }

  private cached<T extends Series[] | PrometheusAlert[]>(
    scope: string,
    question: string,
    ask: () => Promise<T>,
    goodForMs?: number,
  ): Promise<T> {
    return this.options.cache.answer<T>(
      { scope, question: `${this.identity} ${question}`, goodForMs },
      ask,
    );
  }

  private async series(
    path: 'query' | 'query_range',
    parameters: Record<string, string>,
  ): Promise<Series[]> {
    const data = await this.ask<PrometheusAnswer['data']>(
      `/api/v1/${path}`,
      new URLSearchParams(parameters),
    );
    if (!Array.isArray(data?.result)) {
      throw this.refusal(200);
    }
    return data.result.map(series => ({
      labels: textsIn(series?.metric),
      points: pointsOf(series?.values ?? (series?.value && [series.value])),
    }));
  }

  private async ask<T>(path: string, form?: URLSearchParams): Promise<T> {
    const { endpoint, deadlineMs, observe } = this.options;
    const { body, status } = await fetchJson<PrometheusAnswer>({
      name: 'Prometheus',
      configKey: 'mesh.prometheus.url',
      endpoint,
      path,
      form,
      deadlineMs,
      observe,
    });
    if (body?.status !== 'success' || !body.data) {
      throw this.refusal(status, body?.error);
    }
    return body.data as T;
  }

  private refusal(status: number, reason = 'it gave no reason'): SourceError {
    return new SourceError(
      `Prometheus refused the query (${status}): ${reason}. Check mesh.prometheus.url.`,
    );
  }
}

/** The fields that are text; whatever else a source puts there is nothing. */
function textsIn(fields: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields ?? {}).filter(
      (field): field is [string, string] => typeof field[1] === 'string',
    ),
  );
}

function pointsOf(values: unknown): Series['points'] {
  const points: Series['points'] = [];
  for (const point of Array.isArray(values) ? values : []) {
    const [at, value] = Array.isArray(point) ? point.map(Number) : [];
    if (Number.isFinite(at) && Number.isFinite(value)) {
      points.push([at, value]);
    }
  }
  return points;
}

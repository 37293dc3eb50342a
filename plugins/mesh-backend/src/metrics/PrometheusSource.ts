import type { PrometheusEndpoint } from '../config';
import { fetchJson } from '../sources/fetchJson';
import { SourceError } from '../sources/SourceError';

/** One series of an answer; points are [epoch seconds, value], oldest first, finite values only. */
export interface Series {
  labels: Record<string, string>;
  points: [number, number][];
}

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

const CACHE_MS = 5000;
const MOST_CACHED = 2000;

/** Asks Prometheus. The same question within seconds is asked once, whoever asks. */
export class PrometheusSource {
  static create(options: {
    endpoint: PrometheusEndpoint;
    deadlineMs: number;
    now?: () => number;
  }) {
    return new PrometheusSource(options);
  }

  private readonly cache = new Map<
    string,
    { at: number; answer: Promise<Series[]> }
  >();

  private constructor(
    private readonly options: Parameters<typeof PrometheusSource.create>[0],
  ) {}

  /** The interval for rates of "now". */
  get rateInterval(): string {
    return this.options.endpoint.rateInterval;
  }

  /** The value of each series now. */
  query(promql: string): Promise<Series[]> {
    return this.cached(`instant ${promql}`, () =>
      this.ask('query', { query: promql }),
    );
  }

  /** The course of each series over the last `seconds`, at `points` instants. */
  queryRange(
    promql: string,
    range: { seconds: number; points: number },
  ): Promise<Series[]> {
    const step = Math.max(Math.round(range.seconds / range.points), 1);
    // Instants lie on multiples of the step, so that a graph does not dance while it refreshes.
    const end = Math.floor(this.now() / 1000 / step) * step;
    return this.cached(`range ${step} ${range.seconds} ${promql}`, () =>
      this.ask('query_range', {
        query: promql,
        start: String(end - range.seconds),
        end: String(end),
        step: String(step),
      }),
    );
  }

  private now(): number {
    return (this.options.now ?? Date.now)();
  }

  private cached(key: string, ask: () => Promise<Series[]>): Promise<Series[]> {
    const known = this.cache.get(key);
    if (known && this.now() - known.at < CACHE_MS) {
      return known.answer;
    }
    if (this.cache.size >= MOST_CACHED) {
      this.cache.clear();
    }
    const answer = ask();
    this.cache.set(key, { at: this.now(), answer });
    answer.catch(() => this.cache.delete(key));
    return answer;
  }

  private async ask(
    path: 'query' | 'query_range',
    parameters: Record<string, string>,
  ): Promise<Series[]> {
    const { endpoint, deadlineMs } = this.options;
    const { body, status } = await fetchJson<PrometheusAnswer>({
      name: 'Prometheus',
      configKey: 'mesh.prometheus.url',
      url: `${endpoint.url}/api/v1/${path}`,
      headers: endpoint.headers,
      form: new URLSearchParams(parameters),
      deadlineMs,
    });
    if (body?.status !== 'success' || !Array.isArray(body.data?.result)) {
      throw new SourceError(
        `Prometheus refused the query (${status}): ${
          body?.error ?? 'it gave no reason'
        }. Check mesh.prometheus.url.`,
      );
    }
    return body.data.result.map(({ metric, value, values }) => ({
      labels: metric ?? {},
      points: (values ?? (value ? [value] : []))
        .map(([at, text]): [number, number] => [at, Number(text)])
        .filter(([, number]) => Number.isFinite(number)),
    }));
  }
}

import type {
  Figure,
  Placement,
  TimeWindow,
} from '@meshdeck/plugin-mesh-common';
import type { Sources } from '../sources/Sources';
import type { Series } from './PrometheusSource';
import { serviceQueries } from './serviceQueries';
import { isFailure, Traffic } from './Traffic';
import { CHART_POINTS, rateWindow, windowSeconds } from './window';

/** The course of the numbers of a service, or of one of its versions. */
export interface Course {
  requestsPerSecond: Figure;
  errorShare: Figure;
  p99Ms: Figure;
}

/** What Prometheus knows of a service. Undefined where no Prometheus is configured for the cluster. */
export class MetricsService {
  static create(options: { sources: Sources }) {
    return new MetricsService(options.sources);
  }

  private constructor(private readonly sources: Sources) {}

  /** The requests of the last `window`; `now` stands for the shortest sensible one. */
  traffic(
    placement: Placement,
    window: TimeWindow | 'now',
  ): Promise<Traffic> | undefined {
    const source = this.sources.prometheus(placement.cluster);
    if (!source) {
      return undefined;
    }
    const queries = serviceQueries(placement);
    const interval = window === 'now' ? source.rateInterval : window;
    return source
      .query(placement.id, queries.edges(interval))
      .then(Traffic.fromReports);
  }

  /** Rates, errors, p99 and mTLS over the window. */
  course(
    placement: Placement,
    window: TimeWindow,
  ): Promise<Course & { mtlsShare: Figure }> | undefined {
    const source = this.sources.prometheus(placement.cluster);
    if (!source) {
      return undefined;
    }
    const queries = serviceQueries(placement);
    const interval = rateWindow(window, source.rateInterval);
    const range = { seconds: windowSeconds(window), points: CHART_POINTS };
    return Promise.all([
      source.queryRange(placement.id, queries.outcomes(interval), range),
      source.queryRange(placement.id, queries.quantile(0.99, interval), range),
    ]).then(([outcomes, p99]) => ({
      ...courseOf(outcomes, p99),
      mtlsShare: shareFigure(
        outcomes,
        labels => labels.connection_security_policy === 'mutual_tls',
      ),
    }));
  }

  /** The course of each version, by canonical revision. */
  courseByVersion(
    placement: Placement,
    window: TimeWindow,
  ): Promise<Map<string, Course>> | undefined {
    const source = this.sources.prometheus(placement.cluster);
    if (!source) {
      return undefined;
    }
    const queries = serviceQueries(placement);
    const interval = rateWindow(window, source.rateInterval);
    const range = { seconds: windowSeconds(window), points: CHART_POINTS };
    return Promise.all([
      source.queryRange(
        placement.id,
        queries.outcomesByVersion(interval),
        range,
      ),
      source.queryRange(
        placement.id,
        queries.quantileByVersion(0.99, interval),
        range,
      ),
    ]).then(([outcomes, p99]) => {
      const versionOf = ({ labels }: Series) =>
        labels.destination_canonical_revision || 'unknown';
      const versions = new Set([...outcomes, ...p99].map(versionOf));
      return new Map(
        [...versions].map(version => [
          version,
          courseOf(
            outcomes.filter(series => versionOf(series) === version),
            p99.filter(series => versionOf(series) === version),
          ),
        ]),
      );
    });
  }
}

function courseOf(outcomes: Series[], p99: Series[]): Course {
  return {
    requestsPerSecond: figure([...sumByInstant(outcomes).entries()]),
    errorShare: shareFigure(outcomes, labels =>
      isFailure({ code: labels.response_code ?? '0' }),
    ),
    p99Ms: figure(p99[0]?.points ?? []),
  };
}

function shareFigure(
  series: Series[],
  picks: (labels: Record<string, string>) => boolean,
): Figure {
  const all = sumByInstant(series);
  const part = sumByInstant(series.filter(({ labels }) => picks(labels)));
  return figure(
    [...all.entries()]
      .filter(([, value]) => value > 0)
      .map(([at, value]) => [at, (part.get(at) ?? 0) / value]),
  );
}

function sumByInstant(series: Series[]): Map<number, number> {
  const sums = new Map<number, number>();
  for (const { points } of series) {
    for (const [at, value] of points) {
      sums.set(at, (sums.get(at) ?? 0) + value);
    }
  }
  return new Map([...sums.entries()].sort(([a], [b]) => a - b));
}

function figure(points: [number, number][]): Figure {
  return { value: points.at(-1)?.[1], points };
}

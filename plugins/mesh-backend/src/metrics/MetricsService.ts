import type {
  Figure,
  OverviewAlert,
  Placement,
  TimeWindow,
} from '@meshdeck/plugin-mesh-common';
import type { Sources } from '../sources/Sources';
import { alertsAbout } from './alertsAbout';
import { callQueries, CallSubject } from '../sources/prometheus/callQueries';
import { figure } from './figure';
import {
  partName,
  PodGroup,
  podUseQuery,
} from '../sources/prometheus/podQueries';
import type { Series } from '../sources/prometheus/PrometheusSource';
import { serviceQueries } from '../sources/prometheus/serviceQueries';
import { Traffic } from './Traffic';
import { CHART_POINTS, rateWindow, windowSeconds } from '../sources/timeWindow';
import {
  trendOf,
  shareFigure,
  DAY_SECONDS,
  aDayLater,
  type Trend,
  type VersionTrend,
} from './trends';

/** The quantiles of each version that are compared. */
const QUANTILES = [0.5, 0.99];

/** cAdvisor is often scraped less often than proxies are: a rate of its counters needs more time. */
const LEAST_CPU_WINDOW = '2m';

/** What the containers of a pod use, by name: cores and bytes over time, as the mean of some pods. */
export interface PodUse {
  cpu: ReadonlyMap<string, Series['points']>;
  memory: ReadonlyMap<string, Series['points']>;
}

/** Calls to and from some services, as each reporter saw them. */
export interface CallSeries {
  requests: Series[];
  latencies: Series[];
  connections: Series[];
  bytes: Series[];
}

/** Whose requests are counted. */
export interface MeasuredPlace extends Placement {
  /** The Services whose requests are its own; by default itself alone. */
  behind?: readonly string[];
  /** Whether requests to it may pass everybody by who counts them at the server. */
  hasAmbient?: boolean;
}

/** What Prometheus knows of a service. Undefined where no Prometheus is configured for the cluster. */
export class MetricsService {
  static create(options: { sources: Sources }) {
    return new MetricsService(options.sources);
  }

  private constructor(private readonly sources: Sources) {}

  /** The requests of the last `window`; `now` stands for the shortest sensible one. */
  traffic(
    placement: MeasuredPlace,
    window: TimeWindow | 'now',
  ): Promise<Traffic> | undefined {
    const source = this.sources.prometheus(placement.cluster);
    if (!source) {
      return undefined;
    }
    const queries = serviceQueries(placement, source.select);
    const interval = window === 'now' ? source.rateInterval : window;
    return source
      .query(placement.id, queries.edges(interval))
      .then(reports => Traffic.fromReports(reports, placement));
  }

  /** The calls of the last `window` to and from some services of a cluster: four queries, each answered by itself. */
  calls(
    placement: Placement,
    window: TimeWindow,
    subject: CallSubject,
  ): { [Name in keyof CallSeries]: Promise<Series[]> } | undefined {
    const source = this.sources.prometheus(placement.cluster);
    if (!source) {
      return undefined;
    }
    const queries = callQueries(subject, source.select);
    const ask = (query: string) => source.query(placement.id, query);
    return {
      requests: ask(queries.requests(window)),
      latencies: ask(queries.latencies(window)),
      connections: ask(queries.connections(window)),
      bytes: ask(queries.bytes(window)),
    };
  }

  /** Rates, errors, p99 and mTLS over the window: two queries. */
  trend(
    placement: MeasuredPlace,
    window: TimeWindow,
  ): Promise<Trend & { mtlsShare: Figure }> | undefined {
    return this.outcomes(placement, window, 0)?.then(([outcomes, p99]) => ({
      ...trendOf(outcomes, p99),
      mtlsShare: shareFigure(
        outcomes,
        labels => labels.connection_security_policy === 'mutual_tls',
      ),
    }));
  }

  /** Rates, errors and p99 over the same window a day before, under the instants of today: two queries. */
  trendOfDayBefore(
    placement: MeasuredPlace,
    window: TimeWindow,
  ): Promise<Trend> | undefined {
    return this.outcomes(placement, window, DAY_SECONDS)?.then(
      ([outcomes, p99]) => trendOf(outcomes.map(aDayLater), p99.map(aDayLater)),
    );
  }

  private outcomes(
    placement: MeasuredPlace,
    window: TimeWindow,
    beforeSeconds: number,
  ): Promise<[outcomes: Series[], p99: Series[]]> | undefined {
    const source = this.sources.prometheus(placement.cluster);
    if (!source) {
      return undefined;
    }
    const queries = serviceQueries(placement, source.select);
    const interval = rateWindow(window, source.rateInterval);
    const range = {
      seconds: windowSeconds(window),
      points: CHART_POINTS,
      beforeSeconds,
    };
    const ask = (query: string) =>
      source.queryRange(placement.id, query, range);
    return Promise.all([
      ask(queries.outcomes(interval)),
      ask(queries.quantile(0.99, interval)),
    ]);
  }

  /** The alerts about a service; asked once per refresh period for all services of a cluster. */
  alerts(placement: Placement): Promise<OverviewAlert[]> | undefined {
    return this.sources
      .prometheus(placement.cluster)
      ?.alerts()
      .then(alerts => alertsAbout(placement, alerts));
  }

  /** Pods that callers' proxies keep away from, as the one that ejected most sees it. */
  ejectedPods(placement: Placement): Promise<number | undefined> | undefined {
    const source = this.sources.prometheus(placement.cluster);
    return source
      ?.query(
        placement.id,
        serviceQueries(placement, source.select).ejections(),
      )
      .then(lastOf);
  }

  /** Requests that callers' proxies turned away, per second. */
  overflows(placement: Placement): Promise<number | undefined> | undefined {
    const source = this.sources.prometheus(placement.cluster);
    return source
      ?.query(
        placement.id,
        serviceQueries(placement, source.select).overflows(source.rateInterval),
      )
      .then(lastOf);
  }

  /** The trend of each version, by canonical revision: two queries. */
  trendByVersion(
    placement: Placement,
    window: TimeWindow,
  ): Promise<Map<string, VersionTrend>> | undefined {
    const source = this.sources.prometheus(placement.cluster);
    if (!source) {
      return undefined;
    }
    const queries = serviceQueries(placement, source.select);
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
        queries.quantilesByVersion(QUANTILES, interval),
        range,
      ),
    ]).then(([outcomes, quantiles]) => {
      const versionOf = ({ labels }: Series) =>
        labels.destination_canonical_revision || 'unknown';
      const versions = new Set([...outcomes, ...quantiles].map(versionOf));
      return new Map(
        [...versions].map(version => {
          const ofVersion = (series: Series) => versionOf(series) === version;
          const [p50, p99] = QUANTILES.map(quantile =>
            quantiles.filter(
              series =>
                ofVersion(series) &&
                series.labels.quantile === String(quantile),
            ),
          );
          return [
            version,
            {
              ...trendOf(outcomes.filter(ofVersion), p99),
              p50Ms: figure(p50[0]?.points ?? []),
            },
          ];
        }),
      );
    });
  }

  /** What the containers of each group of pods use, in the order of the groups: one query. Undefined where there are no pods, too. */
  podUse(
    placement: Placement,
    window: TimeWindow,
    groups: readonly PodGroup[],
  ): Promise<PodUse[]> | undefined {
    const source = this.sources.prometheus(placement.cluster);
    const withPods = groups.filter(({ pods }) => pods.length > 0);
    if (!source || withPods.length === 0) {
      return undefined;
    }
    const answer = source.queryRange(
      placement.id,
      podUseQuery(
        withPods,
        rateWindow(window, source.rateInterval, LEAST_CPU_WINDOW),
        source.select,
      ),
      { seconds: windowSeconds(window), points: CHART_POINTS },
    );
    return answer.then(series =>
      groups.map(group => {
        const at = withPods.indexOf(group);
        const used = (resource: 'cpu' | 'memory') => {
          const part = partName({ group: at, resource });
          return new Map(
            series
              .filter(({ labels }) => labels.part === part)
              .map(({ labels, points }) => [labels.container, points]),
          );
        };
        return { cpu: used('cpu'), memory: used('memory') };
      }),
    );
  }
}

function lastOf([series]: Series[]): number | undefined {
  return series?.points.at(-1)?.[1];
}

import type { SourceStatus } from '@meshdeck/plugin-mesh-common';
import type { ClusterStores } from '../cluster/ClusterStores';
import { PerCluster } from '../cluster/PerCluster';
import type { Series } from '../sources/prometheus/PrometheusSource';
import { Traffic } from '../metrics/Traffic';
import { settled } from '../sources/settled';
import type { Sources } from '../sources/Sources';
import { fleetServices } from './fleetFacts';
import { fleetQueries } from './fleetQueries';
import { LastKnown } from './LastKnown';

/** A source that failed is asked again after this. */
const RETRY_MS = 2000;
/** Histograms of more services cost Prometheus more than a column is worth. */
const MOST_FOR_P99 = 1000;
/** Numbers that are older than so many refresh periods are not shown while there are newer ones to wait for. */
const USABLE_PERIODS = 3;

/** What Prometheus says of one service. */
export interface ServiceNumbers {
  traffic: Traffic;
  p99Ms?: number;
}

/** By `namespace/name`. A service without an entry was not called. */
export type NumbersByService = ReadonlyMap<string, ServiceNumbers>;

/** Without a value where Prometheus did not say who was called. */
interface KnownNumbers {
  value?: NumbersByService;
  source: SourceStatus;
}

const stillAdding: KnownNumbers = {
  source: {
    id: 'prometheus',
    status: 'ok',
    message:
      'Prometheus is adding up the requests of all services for the first time; the numbers follow by themselves.',
  },
};

/** The numbers of all services of each cluster: three queries per refresh period, while somebody looks. */
export class FleetNumbers {
  static create(options: {
    clusters: ClusterStores;
    sources: Sources;
    refreshMs: number;
    /** How long a reader waits for the first numbers. */
    patienceMs: number;
  }) {
    return new FleetNumbers(options);
  }

  private readonly clusters: PerCluster<LastKnown<KnownNumbers>>;

  private constructor(
    private readonly options: Parameters<typeof FleetNumbers.create>[0],
  ) {
    this.clusters = PerCluster.create(options.clusters);
  }

  async get(cluster: string): Promise<KnownNumbers> {
    const { refreshMs, patienceMs } = this.options;
    const kept = this.clusters.getOrMake(cluster, () =>
      LastKnown.create({ renew: () => this.ask(cluster) }),
    );
    const numbers = await kept.get({
      isFresh: ({ source }, ageMs) =>
        ageMs < (source.status === 'down' ? RETRY_MS : refreshMs),
      isUsable: (_numbers, ageMs) => ageMs < refreshMs * USABLE_PERIODS,
      patienceMs,
    });
    return numbers ?? stillAdding;
  }

  private async ask(cluster: string): Promise<KnownNumbers> {
    const { clusters, sources } = this.options;
    const prometheus = sources.prometheus(cluster);
    const set = clusters.peek(cluster)?.set;
    const isSmall = !set || fleetServices(set).length <= MOST_FOR_P99;
    const ask = (which: keyof ReturnType<typeof fleetQueries>) =>
      prometheus?.query(
        `fleet ${cluster}`,
        fleetQueries(prometheus.select, prometheus.rateInterval)[which],
      );
    const { values, source } = await settled(
      'prometheus',
      {
        requests: ask('arrived'),
        failuresOnTheWay: ask('failedOnTheWay'),
        // What is too slow for histograms may do for the rest.
        latencies: isSmall ? ask('p99') : undefined,
      },
      { absent: 'No Prometheus is configured: set mesh.prometheus.url.' },
    );
    return { value: values.requests && numbersOf(values), source };
  }
}

function numbersOf({
  requests = [],
  failuresOnTheWay = [],
  latencies = [],
}: {
  requests?: Series[];
  failuresOnTheWay?: Series[];
  latencies?: Series[];
}): NumbersByService {
  const reports = new Map<string, Series[]>();
  const file = (series: Series[], reporter: string) => {
    for (const { labels, points } of series) {
      const key = serviceOf(labels);
      const list = reports.get(key) ?? [];
      reports.set(key, list);
      list.push({ labels: { ...labels, reporter }, points });
    }
  };
  file(requests, 'destination');
  file(failuresOnTheWay, 'source');
  const quantiles = new Map(
    latencies.map(({ labels, points }) => [
      serviceOf(labels),
      points.at(-1)?.[1],
    ]),
  );
  return new Map(
    [...reports].map(([key, own]) => [
      key,
      { traffic: Traffic.fromReports(own), p99Ms: quantiles.get(key) },
    ]),
  );
}

function serviceOf(labels: Record<string, string>): string {
  return `${labels.destination_service_namespace}/${labels.destination_service_name}`;
}

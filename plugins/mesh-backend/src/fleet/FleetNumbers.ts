import type { ClusterStores } from '../cluster/ClusterStores';
import type { PrometheusSource, Series } from '../metrics/PrometheusSource';
import { Traffic } from '../metrics/Traffic';
import { Settled, settled } from '../sources/settled';
import type { Sources } from '../sources/Sources';
import { fleetServices } from './fleetFacts';
import { fleetQueries } from './fleetQueries';
import { LastKnown } from './LastKnown';

/** A source that failed is asked again after this. */
const RETRY_MS = 2000;
/** Histograms of more services cost Prometheus more than a column is worth. */
const MOST_FOR_P99 = 1000;
/** Numbers that are older than so many beats are not shown while there are newer ones to wait for. */
const USABLE_BEATS = 3;

/** What Prometheus says of one service. */
export interface ServiceNumbers {
  traffic: Traffic;
  p99Ms?: number;
}

/** By `namespace/name`. A service without an entry was not called. */
export type NumbersByService = ReadonlyMap<string, ServiceNumbers>;

const stillAdding: Settled<NumbersByService> = {
  source: {
    id: 'prometheus',
    status: 'ok',
    message:
      'Prometheus is adding up the requests of all services for the first time; the numbers follow by themselves.',
  },
};

/** The numbers of all services of each cluster: three queries a beat, while somebody looks. */
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

  private readonly clusters = new Map<
    string,
    LastKnown<Settled<NumbersByService>>
  >();

  private constructor(
    private readonly options: Parameters<typeof FleetNumbers.create>[0],
  ) {}

  async get(cluster: string): Promise<Settled<NumbersByService>> {
    const { refreshMs, patienceMs } = this.options;
    const kept =
      this.clusters.get(cluster) ??
      LastKnown.create({ renew: () => this.ask(cluster) });
    this.clusters.set(cluster, kept);
    const numbers = await kept.get({
      isFresh: ({ source }, ageMs) =>
        ageMs < (source.status === 'down' ? RETRY_MS : refreshMs),
      isUsable: (_numbers, ageMs) => ageMs < refreshMs * USABLE_BEATS,
      patienceMs,
    });
    return numbers ?? stillAdding;
  }

  private ask(cluster: string): Promise<Settled<NumbersByService>> {
    const { clusters, sources } = this.options;
    const prometheus = sources.prometheus(cluster);
    const set = clusters.peek(cluster)?.set;
    const isSmall = !set || fleetServices(set).length <= MOST_FOR_P99;
    return settled(
      'prometheus',
      prometheus &&
        numbersOf(prometheus, { scope: `fleet ${cluster}`, withP99: isSmall }),
      { absent: 'No Prometheus is configured: set mesh.prometheus.url.' },
    );
  }
}

async function numbersOf(
  prometheus: PrometheusSource,
  { scope, withP99 }: { scope: string; withP99: boolean },
): Promise<NumbersByService> {
  const { rateInterval } = prometheus;
  const [arrived, failed, p99] = await Promise.all([
    prometheus.query(scope, fleetQueries.arrived(rateInterval)),
    prometheus.query(scope, fleetQueries.failedOnTheWay(rateInterval)),
    withP99 ? quantilesOf(prometheus, scope) : [],
  ]);
  const reports = new Map<string, Series[]>();
  const file = (series: Series[], reporter: string) => {
    for (const { labels, points } of series) {
      const key = serviceOf(labels);
      const list = reports.get(key) ?? [];
      reports.set(key, list);
      list.push({ labels: { ...labels, reporter }, points });
    }
  };
  file(arrived, 'destination');
  file(failed, 'source');
  const quantiles = new Map(
    p99.map(({ labels, points }) => [serviceOf(labels), points.at(-1)?.[1]]),
  );
  return new Map(
    [...reports].map(([key, own]) => [
      key,
      { traffic: Traffic.fromReports(own), p99Ms: quantiles.get(key) },
    ]),
  );
}

/** What is too slow for histograms may do for the rest. */
async function quantilesOf(
  prometheus: PrometheusSource,
  scope: string,
): Promise<Series[]> {
  const { value = [] } = await settled(
    'prometheus',
    prometheus.query(scope, fleetQueries.p99(prometheus.rateInterval)),
  );
  return value;
}

function serviceOf(labels: Record<string, string>): string {
  return `${labels.destination_service_namespace}/${labels.destination_service_name}`;
}

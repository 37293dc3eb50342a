import { HEALTH_WINDOW, type SourceStatus } from '@meshdeck/plugin-mesh-common';
import type { ClusterStores } from '../cluster/ClusterStores';
import { PerCluster } from '../cluster/PerCluster';
import type {
  PrometheusAlert,
  Series,
} from '../sources/prometheus/PrometheusSource';
import { settled } from '../sources/settled';
import type { Sources } from '../sources/Sources';
import { fleetServices } from './fleetFacts';
import { fleetQueries } from './fleetQueries';
import { withoutNamed } from './withoutNamed';
import { LastKnown } from './LastKnown';

/** A source that failed is asked again after this. */
const RETRY_MS = 2000;
/** Histograms of more services cost Prometheus more than a column is worth. */
const MOST_FOR_P99 = 1000;
/** Numbers that are older than so many refresh periods are not shown while there are newer ones to wait for. */
const USABLE_PERIODS = 3;

/** What Prometheus says of one service. */
export interface ServiceNumbers {
  reports: readonly Series[];
  p99Ms?: number;
}

/** By `namespace/name`. A service without an entry was not called. */
export type NumbersByService = ReadonlyMap<string, ServiceNumbers>;

/** Without a value where Prometheus did not say who was called. */
export interface KnownNumbers {
  value?: NumbersByService;
  /** Those that fire, of the whole cluster. */
  alerts?: readonly PrometheusAlert[];
  source: SourceStatus;
}

const pending: KnownNumbers = {
  source: {
    id: 'prometheus',
    status: 'ok',
    message:
      'Prometheus is adding up the requests of all services for the first time; the numbers follow by themselves.',
  },
};

/** The numbers of all services of each cluster: seven queries per refresh period, while somebody looks. */
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
    return numbers ?? pending;
  }

  private async ask(cluster: string): Promise<KnownNumbers> {
    const { clusters, sources } = this.options;
    const prometheus = sources.prometheus(cluster);
    const set = clusters.peek(cluster)?.set;
    const isSmall = !set || fleetServices(set).length <= MOST_FOR_P99;
    const ask = (which: keyof ReturnType<typeof fleetQueries>) =>
      prometheus?.query(
        `fleet ${cluster}`,
        fleetQueries(prometheus.select, HEALTH_WINDOW)[which],
      );
    const { values, source } = await settled(
      'prometheus',
      {
        requests: ask('fine'),
        failures: ask('notFine'),
        plaintext: ask('plaintext'),
        callersThatAreRefused: ask('fineOfRefused'),
        answersOnTheWay: ask('answeredOnTheWay'),
        callsPastTheWaypoint: ask('passedBy'),
        alerts: prometheus?.alerts(),
        // What is too slow for histograms may do for the rest.
        latencies: isSmall ? ask('p99') : undefined,
      },
      { absent: 'No Prometheus is configured: set mesh.prometheus.url.' },
    );
    const isKnown = values.requests && values.failures;
    const { alerts } = values;
    return {
      value: isKnown && numbersOf(values),
      alerts: alerts?.filter(({ state }) => state === 'firing'),
      source,
    };
  }
}

type Answers = Partial<
  Record<
    | 'requests'
    | 'failures'
    | 'plaintext'
    | 'callersThatAreRefused'
    | 'answersOnTheWay'
    | 'callsPastTheWaypoint'
    | 'latencies',
    Series[]
  >
>;

function numbersOf({
  requests = [],
  failures = [],
  plaintext = [],
  callersThatAreRefused = [],
  answersOnTheWay = [],
  callsPastTheWaypoint = [],
  latencies = [],
}: Answers): NumbersByService {
  const reports = new Map<string, Series[]>();
  const file = (series: readonly Series[], reporter: string) => {
    for (const { labels, points } of series) {
      const key = serviceOf(labels);
      const list = reports.get(key) ?? [];
      reports.set(key, list);
      list.push({ labels: { ...labels, reporter }, points });
    }
  };
  const named = [...plaintext, ...callersThatAreRefused];
  file(withoutNamed(requests, named), 'destination');
  file(named, 'destination');
  file(failures, 'destination');
  file(answersOnTheWay, 'source');
  file(callsPastTheWaypoint, 'source');
  const quantiles = new Map(
    latencies.map(({ labels, points }) => [
      serviceOf(labels),
      points.at(-1)?.[1],
    ]),
  );
  return new Map(
    [...reports].map(([key, own]) => [
      key,
      { reports: own, p99Ms: quantiles.get(key) },
    ]),
  );
}

function serviceOf(labels: Record<string, string>): string {
  return `${labels.destination_service_namespace}/${labels.destination_service_name}`;
}

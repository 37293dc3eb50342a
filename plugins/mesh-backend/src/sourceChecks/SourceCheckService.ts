import type {
  DiagnosisView,
  SourceDiagnosis,
} from '@meshdeck/plugin-mesh-common';
import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import type { ClusterStores } from '../cluster/ClusterStores';
import type { MeshSettings } from '../config/MeshSettings';
import { endpointIdentity } from '../sources/endpointIdentity';
import { readText } from '../sources/readText';
import type { SourceCache } from '../sources/SourceCache';
import { SourceError } from '../sources/SourceError';
import type { Sources } from '../sources/Sources';
import { askProbe, ProbeAnswer, probesOf } from './probes';

const CLUSTERS_KEY = 'kubernetes.clusterLocatorMethods';
/** The part of the deadline that the probes may take. */
const SHARE_OF_DEADLINE = 0.7;
/** From this part of it on an answer is called slow. */
const SLOW_SHARE = 0.5;
const MOST_BYTES = 1024 * 1024;
const SOURCE_KEYS = {
  prometheus: 'mesh.prometheus.url',
  traces: 'mesh.tracing.url',
  kiali: 'mesh.kiali.url',
  grafana: 'mesh.grafana.url',
} as const;

/** Row of the view, as it can be kept in a cache. */
type Row = {
  cluster: string;
  id: SourceDiagnosis['id'];
  status: SourceDiagnosis['status'];
  configKey: string;
  version?: string;
  latencyMs?: number;
  message?: string;
};
type Outcome = Pick<Row, 'status' | 'version' | 'latencyMs' | 'message'>;

/** Asks every source of every cluster whether it is there, all at once; sources that clusters share are asked once. */
export class SourceCheckService {
  static create(options: {
    clusters: ClusterStores;
    access: MeshClusterAccess;
    sources: Sources;
    settings: MeshSettings;
    cache: SourceCache;
  }) {
    return new SourceCheckService(options);
  }

  private constructor(
    private readonly options: Parameters<typeof SourceCheckService.create>[0],
  ) {}

  /** The same for all who ask within a refresh period. Never fails: what does is part of the answer. */
  view(): Promise<DiagnosisView> {
    return this.options.cache.answer(
      { scope: 'source checks', question: 'every source' },
      async () => ({
        checkedAt: new Date().toISOString(),
        sources: await this.rows(),
      }),
    );
  }

  private async rows(): Promise<Row[]> {
    try {
      const names = await this.options.clusters.names();
      const asked = new Map<unknown, Promise<Outcome>>();
      const rows = names.map(cluster => this.cluster(cluster, names, asked));
      return (await Promise.all(rows)).flat();
    } catch (error) {
      if (!(error instanceof SourceError)) {
        throw error;
      }
      return [
        {
          cluster: '',
          id: 'kubernetes',
          status: 'down',
          configKey: CLUSTERS_KEY,
          message: error.message,
        },
      ];
    }
  }

  /** Other clusters whose numbers come from the same Prometheus, and nothing tells them apart. */
  private mixedWith(cluster: string, all: readonly string[]): string[] {
    const { settings } = this.options;
    const identityOf = (name: string) => {
      const { prometheus } = settings.sourcesOf(name);
      return prometheus && !prometheus.clusterLabel
        ? endpointIdentity(prometheus)
        : undefined;
    };
    const own = identityOf(cluster);
    return all.filter(
      name => name !== cluster && own !== undefined && identityOf(name) === own,
    );
  }

  private cluster(
    cluster: string,
    all: readonly string[],
    asked: Map<unknown, Promise<Outcome>>,
  ): Promise<Row[]> {
    const { settings, sources } = this.options;
    const configured = settings.sourcesOf(cluster);
    const kiali = sources.kiali(cluster);
    const questions = new Map<
      Row['id'],
      { endpoint: unknown; ask: () => Promise<ProbeAnswer> }
    >(
      probesOf(configured).map(probe => [
        probe.id,
        {
          endpoint: probe.endpoint,
          ask: () => askProbe(probe, this.deadlineMs),
        },
      ]),
    );
    if (kiali) {
      questions.set('kiali', {
        endpoint: configured.kiali,
        ask: async () => ({ version: await kiali.version() }),
      });
    }
    const others = Object.entries(SOURCE_KEYS).map(
      async ([name, configKey]): Promise<Row> => {
        const id = name as keyof typeof SOURCE_KEYS;
        const question = questions.get(id);
        if (!question) {
          const message = `Not configured: set ${configKey}.`;
          return { cluster, id, configKey, status: 'absent', message };
        }
        const { endpoint, ask } = question;
        const answer = asked.get(endpoint) ?? this.timed(ask);
        asked.set(endpoint, answer);
        const outcome = await answer;
        const mixed = id === 'prometheus' ? this.mixedWith(cluster, all) : [];
        return {
          cluster,
          id,
          configKey,
          ...outcome,
          message: outcome.message ?? describeMixture(mixed),
        };
      },
    );
    return Promise.all([this.kubernetes(cluster), ...others]);
  }

  private async kubernetes(cluster: string): Promise<Row> {
    const row = { cluster, id: 'kubernetes', configKey: CLUSTERS_KEY } as const;
    const outcome = await this.timed(() => this.kubernetesVersion(cluster));
    const store = this.options.clusters.peek(cluster)?.source;
    const isBehind = store?.status === 'stale' || store?.status === 'down';
    return outcome.status === 'ok' && isBehind
      ? { ...row, ...outcome, status: 'down', message: store.message }
      : { ...row, ...outcome, message: outcome.message ?? store?.message };
  }

  private async kubernetesVersion(cluster: string): Promise<ProbeAnswer> {
    const signal = AbortSignal.timeout(this.deadlineMs);
    try {
      const path = '/version';
      const request = { path, signal };
      const response = await this.options.access.request(cluster, request);
      const body = response.body as AsyncIterable<Uint8Array> | null;
      const text = await readText({ body }, MOST_BYTES);
      if (!response.ok) {
        throw new Error(`it answered ${response.status}`);
      }
      const { gitVersion } = JSON.parse(text);
      return {
        version: typeof gitVersion === 'string' ? gitVersion : undefined,
      };
    } catch (error) {
      const why = signal.aborted
        ? `no answer within ${this.deadlineMs / 1000} s`
        : (error as Error).message;
      throw new SourceError(
        `The API server of cluster ${cluster} cannot be asked (${why}). Check that it runs, and its url and credentials under ${CLUSTERS_KEY}.`,
      );
    }
  }

  private async timed(ask: () => Promise<ProbeAnswer>): Promise<Outcome> {
    const began = performance.now();
    const elapsed = () => Math.round(performance.now() - began);
    try {
      const { version } = await ask();
      const latencyMs = elapsed();
      const { deadlineMs } = this.options.settings;
      return {
        status: 'ok',
        version,
        latencyMs,
        message:
          latencyMs > this.deadlineMs * SLOW_SHARE
            ? `It answers slowly: ${latencyMs} ms for the smallest question, and a view waits ${deadlineMs} ms in all. Give it more resources, or raise mesh.deadlineMs.`
            : undefined,
      };
    } catch (error) {
      if (!(error instanceof SourceError)) {
        throw error;
      }
      return { status: 'down', latencyMs: elapsed(), message: error.message };
    }
  }

  private get deadlineMs(): number {
    return this.options.settings.deadlineMs * SHARE_OF_DEADLINE;
  }
}

function describeMixture(others: readonly string[]): string | undefined {
  return others.length > 0
    ? `It answers for ${others.join(
        ', ',
      )}, too, so the numbers of services of the same name are added up. Set mesh.prometheus.clusterLabel to the label that tells the clusters apart, or give each cluster its own under mesh.clusters.`
    : undefined;
}

import type { LoggerService } from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import { ownField } from '@meshdeck/istio-config';
import type {
  MeshCluster,
  MeshClusterAccess,
  MeshClusterRequest,
} from '@meshdeck/plugin-mesh-node';
import { readText } from '../sources/readText';

/** There in every cluster, and the same in no two of them. */
const IDENTITY = '/api/v1/namespaces/kube-system';
/** A URL under `kubernetes:` may come to lead elsewhere. */
const GOOD_FOR_MS = 600_000;
const MOST_BYTES = 1024 * 1024;

/**
 * Sends what changes a cluster through the entry that is configured for writing to it, so that watching needs no account
 * that may write. Before the first write the two must have shown that they lead to the same cluster.
 */
export class WriterAccess implements MeshClusterAccess {
  static create(options: {
    access: MeshClusterAccess;
    /** The writer's entry by the cluster's name. */
    writers: ReadonlyMap<string, string>;
    logger: LoggerService;
    now?: () => number;
  }) {
    return new WriterAccess(options);
  }

  private readonly checkedAt = new Map<string, number>();
  private saidMissing = false;

  private constructor(
    private readonly options: Parameters<typeof WriterAccess.create>[0],
  ) {}

  /** Without the writers' entries: they are the same clusters once more. */
  async clusters(): Promise<MeshCluster[]> {
    const all = await this.options.access.clusters();
    const writers = new Set(this.options.writers.values());
    const missing = [...writers].filter(
      writer => !all.some(({ name }) => name === writer),
    );
    if (missing.length && !this.saidMissing) {
      this.saidMissing = true;
      this.options.logger.warn(
        `mesh.clusters: writeThrough names ${missing.join(
          ', ',
        )}, which the kubernetes backend does not know. Nothing can be changed there.`,
      );
    }
    return all.filter(({ name }) => !writers.has(name));
  }

  async request(
    cluster: string,
    request: MeshClusterRequest,
  ): Promise<Response> {
    const { access, writers } = this.options;
    const isRead = (request.method ?? 'GET') === 'GET';
    const writer = isRead ? undefined : writers.get(cluster);
    if (writer === undefined) {
      return access.request(cluster, request);
    }
    await this.checkSame(cluster, writer, request.signal);
    return access.request(writer, request);
  }

  /** @throws NotAllowedError where the writer leads to another cluster, or does not show to which. */
  private async checkSame(
    cluster: string,
    writer: string,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const now = (this.options.now ?? Date.now)();
    const checkedAt = this.checkedAt.get(cluster);
    if (checkedAt !== undefined && now - checkedAt < GOOD_FOR_MS) {
      return;
    }
    const [own, other] = await Promise.all([
      this.identityOf(cluster, signal),
      this.identityOf(writer, signal),
    ]);
    if (own !== other) {
      throw new NotAllowedError(
        `mesh.clusters: writeThrough of ${cluster} is ${writer}, which leads to another cluster. Nothing was written. Correct it, or the url of ${writer} under kubernetes.clusterLocatorMethods.`,
      );
    }
    this.checkedAt.set(cluster, now);
  }

  private async identityOf(
    cluster: string,
    signal: AbortSignal | undefined,
  ): Promise<string> {
    const request = { path: IDENTITY, signal };
    const response = await this.options.access.request(cluster, request);
    const body: unknown = JSON.parse(await readText(response, MOST_BYTES));
    const uid: unknown = ownField(ownField(body, 'metadata'), 'uid');
    if (typeof uid !== 'string') {
      throw new NotAllowedError(
        `${cluster} does not show which cluster it is (${response.status}). Nothing was written. Grant its account get on the namespace kube-system.`,
      );
    }
    return uid;
  }
}

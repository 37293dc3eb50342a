import type { LoggerService } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import { SourceError } from '../sources/SourceError';
import type { ClusterReader } from './ClusterReader';
import { ClusterSnapshot, ClusterStore } from './ClusterStore';

const REFRESH_MS = 60_000;
const RETRY_MS = 2000;
/** The part of a view's deadline that waiting for a first read may take. */
const SHARE_OF_DEADLINE = 0.25;

/** What all clusters' stores held at one moment, to compare by. */
export type ClustersState = string;

/** The stores of all clusters that the portal knows; new clusters join, gone ones leave. */
export class ClusterStores implements ClusterReader {
  static create(options: {
    access: MeshClusterAccess;
    logger: LoggerService;
    deadlineMs: number;
  }) {
    return new ClusterStores(options);
  }

  private readonly stores = new Map<string, ClusterStore>();
  private readonly listeners = new Set<(cluster: string) => void>();
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private known: Promise<void> | undefined;
  private failure: string | undefined;

  private constructor(
    private readonly options: Parameters<typeof ClusterStores.create>[0],
  ) {}

  start(): void {
    this.known = this.refresh();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.stores.forEach(store => store.stop());
  }

  /** The clusters' names. @throws SourceError where they could not be asked for yet. */
  async names(): Promise<string[]> {
    await this.known;
    if (this.stores.size === 0 && this.failure) {
      throw new SourceError(
        `The list of clusters cannot be read (${this.failure}). Check kubernetes.clusterLocatorMethods and that the kubernetes backend is installed.`,
      );
    }
    return [...this.stores.keys()];
  }

  /** A cluster's store, ready or with the reason why it is not; undefined for a cluster that is not configured. */
  async get(cluster: string): Promise<ClusterStore | undefined> {
    await this.known;
    const store = this.stores.get(cluster);
    await store?.whenReady(this.options.deadlineMs * SHARE_OF_DEADLINE);
    return store;
  }

  async snapshot(cluster: string): Promise<ClusterSnapshot> {
    const store = await this.get(cluster);
    if (!store) {
      throw new NotFoundError(
        `The portal knows no cluster ${cluster}. Add it under kubernetes.clusterLocatorMethods in app-config.yaml.`,
      );
    }
    return store.snapshot();
  }

  /** Whether each cluster has been read once, or is known to be out of reach. */
  isReady(): boolean {
    return (
      this.stores.size > 0 &&
      [...this.stores.values()].every(store => {
        const { ready, source } = store.snapshot();
        return ready || source.since !== undefined;
      })
    );
  }

  /** Whether the portal knows a cluster of this name now. */
  has(cluster: string): boolean {
    return this.stores.has(cluster);
  }

  /** What is known of a cluster, without waiting. */
  peek(cluster: string): ClusterSnapshot | undefined {
    return this.stores.get(cluster)?.snapshot();
  }

  /** To be compared with {@link isUnchanged}. */
  state(): ClustersState {
    return [...this.stores]
      .map(([name, store]) => `${name}@${store.version}`)
      .join();
  }

  /** Of one cluster; see {@link ClusterStore.version}. */
  versionOf(cluster: string): string {
    return this.stores.get(cluster)?.version ?? '';
  }

  isUnchanged(state: ClustersState): boolean {
    return this.state() === state;
  }

  /** Seconds since each cluster was last heard of; 0 while it is followed. */
  *silences(): Iterable<[cluster: string, seconds: number]> {
    for (const [name, store] of this.stores) {
      const { since } = store.snapshot().source;
      yield [name, since ? (Date.now() - Date.parse(since)) / 1000 : 0];
    }
  }

  /** Calls back soon after a cluster changed or left, with its name. */
  onChange(listener: (cluster: string) => void): void {
    this.listeners.add(listener);
  }

  private async refresh(): Promise<void> {
    const { access, logger } = this.options;
    let wait = REFRESH_MS;
    try {
      const clusters = await access.clusters();
      this.failure = undefined;
      const names = new Set(clusters.map(({ name }) => name));
      for (const [name, store] of this.stores) {
        if (!names.has(name)) {
          store.stop();
          this.stores.delete(name);
          this.listeners.forEach(listener => listener(name));
        }
      }
      for (const name of names) {
        if (!this.stores.has(name) && !this.stopped) {
          const store = ClusterStore.create({ cluster: name, access, logger });
          this.stores.set(name, store);
          store.onChange(() =>
            this.listeners.forEach(listener => listener(name)),
          );
          store.start();
        }
      }
    } catch (error) {
      this.failure = (error as Error).message;
      logger.warn(`Cannot list the clusters: ${this.failure}`);
      wait = RETRY_MS;
    }
    if (!this.stopped) {
      this.timer = setTimeout(() => {
        const next = this.refresh();
        // Who asks while there is nothing yet waits for the next try, not for the one that failed.
        if (this.stores.size === 0) {
          this.known = next;
        }
      }, wait);
      this.timer.unref();
    }
  }
}

import type { LoggerService } from '@backstage/backend-plugin-api';
import { KubeObject, MeshConfigSet, SetChange } from '@meshdeck/istio-config';
import type { SourceStatus } from '@meshdeck/plugin-mesh-common';
import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import { ClusterPulse } from './ClusterPulse';
import { ResourceWatcher, WatchState } from './ResourceWatcher';
import { WATCHED_RESOURCES, WatchedResource } from './watchedResources';

const TELL_AFTER_MS = 50;

/** What the store knows at one moment. */
export interface ClusterSnapshot {
  set: MeshConfigSet;
  source: SourceStatus;
  /** False until every needed resource has been listed once, or is known to be out of reach. */
  ready: boolean;
}

/** Holds the objects of one cluster and follows their changes. */
export class ClusterStore {
  static create(options: {
    cluster: string;
    access: MeshClusterAccess;
    logger: LoggerService;
    resources?: readonly WatchedResource[];
    /** How often the server is asked whether it is there, and how long it may take. */
    pulse?: { everyMs: number; deadlineMs: number };
  }) {
    return new ClusterStore(options);
  }

  private current = MeshConfigSet.create([]);
  private pending: SetChange[] = [];
  private changes = 0;
  private readonly listeners = new Set<() => void>();
  private telling: NodeJS.Timeout | undefined;
  private readonly states = new Map<string, WatchState>();
  /** The kinds that were listed once, or that the server refused: a later loss of contact makes neither unknown again. */
  private readonly answered = new Set<string>();
  private readonly listed = new Set<string>();
  private readonly watchers: ResourceWatcher[];
  private ready = false;
  private readonly waiting = new Set<() => void>();
  private readonly pulse: ClusterPulse;

  private constructor(
    private readonly options: Parameters<typeof ClusterStore.create>[0],
  ) {
    this.watchers = this.resources.map(resource => this.watcherOf(resource));
    this.pulse = ClusterPulse.create({
      cluster: options.cluster,
      access: options.access,
      ...options.pulse,
      onSilence: () => this.change([]),
      onBack: () => {
        this.change([]);
        this.watchers.forEach(watcher => watcher.reconnect());
      },
    });
  }

  private get resources(): readonly WatchedResource[] {
    return this.options.resources ?? WATCHED_RESOURCES;
  }

  start(): void {
    this.watchers.forEach(watcher => watcher.start());
    this.pulse.start();
  }

  stop(): void {
    clearTimeout(this.telling);
    this.watchers.forEach(watcher => watcher.stop());
    this.pulse.stop();
  }

  /** Another value whenever an object, or what is known of the cluster's health, is another one. */
  get version(): string {
    return `${this.changes}${this.loss() ? '!' : ''}`;
  }

  /**
   * Whether the store holds all objects of these kinds as they are now: listed, and not lost since. What is missing from
   * it then is not there. Ready is less: a kind that may not be read is ready, too.
   */
  holdsAll(kinds: readonly string[]): boolean {
    return (
      !this.loss() &&
      kinds.every(
        kind =>
          this.listed.has(kind) &&
          // A watch of which no event has come yet may not have begun for who looks through a proxy.
          ['starting', 'following'].includes(
            this.states.get(kind)?.type ?? 'lost',
          ),
      )
    );
  }

  /** Calls back soon after each change, once for a burst of them. */
  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  snapshot(): ClusterSnapshot {
    return {
      set: this.settledSet(),
      source: this.status(),
      ready: this.isReady(),
    };
  }

  /** Resolves once the store is ready, is known to be out of reach, or after the deadline. */
  async whenReady(deadlineMs: number): Promise<void> {
    if (this.isReady() || this.loss()) {
      return;
    }
    await new Promise<void>(resolve => {
      const timer = setTimeout(done, deadlineMs);
      const waiting = this.waiting;
      function done() {
        clearTimeout(timer);
        waiting.delete(done);
        resolve();
      }
      waiting.add(done);
    });
  }

  private watcherOf(resource: WatchedResource): ResourceWatcher {
    const { cluster, access, logger } = this.options;
    const { filedAs: kind } = resource;
    this.states.set(kind, { type: 'starting' });
    return ResourceWatcher.create({
      cluster,
      resource,
      access,
      logger,
      listener: {
        onList: objects => {
          this.answered.add(kind);
          this.listed.add(kind);
          this.change(this.replacement(kind, objects));
        },
        onPut: object => this.change([{ type: 'put', object }]),
        onRemove: ({ apiVersion, metadata: { namespace, name } }) =>
          this.change([
            {
              type: 'remove',
              kind: resource.kind,
              apiVersion,
              namespace,
              name,
            },
          ]),
        onState: state => {
          this.states.set(kind, state);
          if (state.type === 'absent' || state.type === 'forbidden') {
            this.answered.add(kind);
          }
          this.change([]);
          if (this.isReady() || this.loss()) {
            [...this.waiting].forEach(done => done());
          }
        },
      },
    });
  }

  /** Changes wait until somebody looks: a burst of them then costs what one costs. */
  private change(changes: SetChange[]): void {
    this.changes++;
    for (const change of changes) {
      this.pending.push(change);
    }
    this.telling ??= setTimeout(() => {
      this.telling = undefined;
      this.listeners.forEach(listener => listener());
    }, TELL_AFTER_MS);
    this.telling.unref();
  }

  private settledSet(): MeshConfigSet {
    if (this.pending.length) {
      this.current = this.current.with(this.pending);
      this.pending = [];
    }
    return this.current;
  }

  /** The changes that turn what is held of a kind into what was listed. */
  private replacement(kind: string, objects: KubeObject[]): SetChange[] {
    const keyOf = (object: KubeObject) =>
      `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
    const there = new Set(objects.map(keyOf));
    const gone = this.settledSet()
      .all(kind)
      .filter(object => !there.has(keyOf(object)))
      .map(
        ({
          apiVersion,
          kind: ownKind,
          metadata: { namespace, name },
        }): SetChange => ({
          type: 'remove',
          kind: ownKind,
          apiVersion,
          namespace,
          name,
        }),
      );
    return [
      ...gone,
      ...objects.map((object): SetChange => ({ type: 'put', object })),
    ];
  }

  /** Stays so: what has answered once has answered. */
  private isReady(): boolean {
    this.ready ||= this.resources.every(
      ({ filedAs, needed }) => !needed || this.answered.has(filedAs),
    );
    return this.ready;
  }

  /** The oldest loss of contact there is, where there is one. */
  private loss(): { since: Date; message: string } | undefined {
    const silent = this.pulse.silence();
    const lost = [...this.states.values()].filter(
      state => state.type === 'lost',
    );
    return [...(silent ? [silent] : []), ...lost].sort(
      (a, b) => a.since.getTime() - b.since.getTime(),
    )[0];
  }

  private status(): SourceStatus {
    const id = 'kubernetes' as const;
    const { cluster } = this.options;
    const lost = this.loss();
    if (lost) {
      const since = lost.since.toISOString();
      return this.isReady()
        ? {
            id,
            status: 'stale',
            since,
            asOf: since,
            message: `Cluster ${cluster} does not answer (${lost.message}). What you see is its last known state; it is tried again every few seconds.`,
          }
        : {
            id,
            status: 'down',
            since,
            message: `Cluster ${cluster} does not answer (${lost.message}). Check that it runs, and its entry under kubernetes.clusterLocatorMethods.`,
          };
    }
    if (!this.isReady()) {
      return {
        id,
        status: 'down',
        message: `Cluster ${cluster} is being read for the first time.`,
      };
    }
    const forbidden = [...this.states.entries()]
      .filter(([, state]) => state.type === 'forbidden')
      .map(([kind]) => kind);
    return {
      id,
      status: 'ok',
      asOf: new Date().toISOString(),
      message: forbidden.length
        ? `The portal may not read ${forbidden.join(
            ', ',
          )} in cluster ${cluster}, so what depends on them is missing. Grant its account list and watch on them.`
        : undefined,
    };
  }
}

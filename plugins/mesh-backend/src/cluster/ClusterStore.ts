import type { LoggerService } from '@backstage/backend-plugin-api';
import { KubeObject, MeshObjects, SetChange } from '@meshdeck/istio-config';
import type { SourceStatus } from '@meshdeck/plugin-mesh-common';
import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import { isDeepStrictEqual } from 'util';
import { ClusterHeartbeat } from './ClusterHeartbeat';
import {
  ClusterCondition,
  clusterStatus,
  lossOf,
  UnreadKind,
  unreadKinds,
} from './clusterStatus';
import { ResourceWatcher, WatchState } from './ResourceWatcher';
import { WATCHED_RESOURCES, WatchedResource } from './watchedResources';

const TELL_AFTER_MS = 50;
/** Changes that wait to be looked at. */
const MOST_PENDING = 10_000;
/** So long, a kind that did not answer yet is nothing to speak of. */
const STARTING_MS = 5000;

/** What the store knows at one moment. */
export interface ClusterSnapshot {
  set: MeshObjects;
  source: SourceStatus;
  /** False until every essential resource has been listed once, or is known to be out of reach. */
  ready: boolean;
  /** Other kinds of which nobody knows now what there is. What needs one of them has to wait; see {@link changeObstacle}. */
  unread: readonly UnreadKind[];
}

/** Holds the objects of one cluster and follows their changes. */
export class ClusterStore {
  static create(options: {
    cluster: string;
    access: MeshClusterAccess;
    logger: LoggerService;
    resources?: readonly WatchedResource[];
    /** How often the server is asked whether it is there, and how long it may take. */
    heartbeat?: { everyMs: number; deadlineMs: number };
  }) {
    return new ClusterStore(options);
  }

  private current = MeshObjects.create([]);
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
  private startedAt = Date.now();
  private readonly waiting = new Set<() => void>();
  private readonly heartbeat: ClusterHeartbeat;

  private constructor(
    private readonly options: Parameters<typeof ClusterStore.create>[0],
  ) {
    this.watchers = this.resources.map(resource => this.watcherOf(resource));
    this.heartbeat = ClusterHeartbeat.create({
      cluster: options.cluster,
      access: options.access,
      ...options.heartbeat,
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
    this.startedAt = Date.now();
    this.watchers.forEach(watcher => watcher.start());
    this.heartbeat.start();
  }

  stop(): void {
    clearTimeout(this.telling);
    this.watchers.forEach(watcher => watcher.stop());
    this.heartbeat.stop();
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
    const condition = this.condition();
    return {
      set: this.settledSet(),
      source: clusterStatus(condition),
      ready: condition.isReady,
      unread: unreadKinds(condition),
    };
  }

  /**
   * Resolves once the store is ready, is known to be out of reach, or after the deadline. Right after a start it waits for the
   * kinds that are not essential, too, as long as that is nothing to speak of.
   */
  async whenReady(deadlineMs: number): Promise<void> {
    if (this.hasBegun() || this.loss()) {
      return;
    }
    const startingMs = this.startedAt + STARTING_MS - Date.now();
    await new Promise<void>(resolve => {
      const timer = setTimeout(
        done,
        this.isReady() ? Math.min(startingMs, deadlineMs) : deadlineMs,
      );
      const waiting = this.waiting;
      function done() {
        clearTimeout(timer);
        waiting.delete(done);
        resolve();
      }
      waiting.add(done);
    });
  }

  private loss() {
    return lossOf(this.condition());
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
          if (this.states.get(kind)?.type === 'starting') {
            this.states.set(kind, { type: 'following' });
          }
          this.tellWaiting();
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
          const before = this.states.get(kind);
          this.states.set(kind, state);
          if (state.type === 'absent' || state.type === 'forbidden') {
            this.answered.add(kind);
          }
          // One that fails again and again says nothing new.
          if (!isDeepStrictEqual(before, state)) {
            this.change([]);
          }
          this.tellWaiting();
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
    // Nobody may look for days.
    if (this.pending.length > MOST_PENDING) {
      this.settledSet();
    }
    this.telling ??= setTimeout(() => {
      this.telling = undefined;
      this.listeners.forEach(listener => listener());
    }, TELL_AFTER_MS);
    this.telling.unref();
  }

  private settledSet(): MeshObjects {
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
      ({ filedAs, isEssential }) => !isEssential || this.answered.has(filedAs),
    );
    return this.ready;
  }

  /** Whether nothing is under way that belongs to a start. */
  private hasBegun(): boolean {
    return (
      this.isReady() &&
      (Date.now() - this.startedAt >= STARTING_MS ||
        [...this.states.values()].every(({ type }) => type !== 'starting'))
    );
  }

  private tellWaiting(): void {
    if (this.hasBegun() || this.loss()) {
      [...this.waiting].forEach(done => done());
    }
  }

  private condition(): ClusterCondition {
    return {
      cluster: this.options.cluster,
      isReady: this.isReady(),
      silence: this.heartbeat.silence(),
      essential: this.statesOf(({ isEssential }) => isEssential),
      others: this.statesOf(({ isEssential }) => !isEssential),
      isStarting: Date.now() - this.startedAt < STARTING_MS,
    };
  }

  private statesOf(
    picks: (resource: WatchedResource) => boolean,
  ): ClusterCondition['others'] {
    return this.resources.filter(picks).map(({ filedAs }) => ({
      kind: filedAs,
      state: this.states.get(filedAs)!,
    }));
  }
}

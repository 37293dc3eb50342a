import { createHash } from 'node:crypto';
import type { KubeObject } from '@meshdeck/istio-config';
import type { ClusterChange, ClusterObjects } from '../ClusterObjects';
import { serverSideApply } from './apply/serverSideApply';
import { withoutNulls } from './json';
import { prepared, withDefaults } from './defaults';
import { prune } from './pruning';
import {
  apiVersionOf,
  findKind,
  qualifiedName,
  type ResourceType,
} from './resources';

/** A change as watches see it. */
export interface StoreEvent {
  type: ClusterChange['type'];
  resource: ResourceType;
  resourceVersion: number;
  /** The object after the change; of a deletion, its last state. */
  object: KubeObject;
  /** The object before the change. */
  previous: KubeObject | undefined;
}

/** History that was asked for and is gone. */
export class HistoryGoneError extends Error {}

const DEFAULT_HISTORY_LIMIT = 10_000;

/**
 * The objects of the stand-in cluster with their recent history. It numbers and timestamps what it is given and
 * leaves all rules to its callers; objects are frozen, so whoever holds one holds a snapshot.
 */
export class ObjectStore implements ClusterObjects {
  static create(options: { clock: () => Date; historyLimit?: number }) {
    return new ObjectStore(
      options.clock,
      options.historyLimit ?? DEFAULT_HISTORY_LIMIT,
    );
  }

  private readonly byResource = new Map<string, Map<string, KubeObject>>();
  private readonly sorted = new Map<string, readonly KubeObject[]>();
  private readonly watchers = new Set<(event: StoreEvent) => void>();
  private history: StoreEvent[] = [];
  private everything: readonly KubeObject[] | undefined;
  private current: number;
  private compacted: number;
  private readonly pending: StoreEvent[] = [];
  private isNotifying = false;

  private constructor(
    private readonly clock: () => Date,
    private readonly historyLimit: number,
  ) {
    // Starting with the time lets a client that watched an earlier run find its version expired, not in the future.
    this.current = Math.max(1, Math.floor(clock().getTime() / 100));
    this.compacted = this.current;
  }

  get resourceVersion(): number {
    return this.current;
  }

  /** Watches can go back to this version and not further. */
  get oldestResourceVersion(): number {
    return this.compacted;
  }

  now(): string {
    return `${this.clock().toISOString().slice(0, 19)}Z`;
  }

  all(): readonly KubeObject[] {
    this.everything ??= [...this.byResource.values()].flatMap(objects => [
      ...objects.values(),
    ]);
    return this.everything;
  }

  subscribe(listener: (change: ClusterChange) => void): () => void {
    return this.onEvent(({ type, object }) => listener({ type, object }));
  }

  /** Like `subscribe`, with what watches need besides. */
  onEvent(listener: (event: StoreEvent) => void): () => void {
    const watcher = (event: StoreEvent) => listener(event);
    this.watchers.add(watcher);
    return () => {
      this.watchers.delete(watcher);
    };
  }

  /** Adds or replaces objects as `kubectl apply --server-side` would have left them; given timestamps stay. */
  load(objects: readonly KubeObject[]): void {
    for (const object of objects) {
      const resource = findKind(object.apiVersion, object.kind);
      if (!resource) {
        throw new Error(
          `The stand-in cluster doesn't know the kind ${object.kind} of ${object.apiVersion}`,
        );
      }
      const given = withoutNulls(object);
      const { managedFields: _, ...metadata } = given.metadata;
      const { object: config } = prune({
        ...given,
        apiVersion: apiVersionOf(resource),
        metadata,
      });
      const { status, ...desired } = config;
      const owned = serverSideApply({
        type: resource,
        live: prepared(resource, withDefaults(resource, config)),
        config: resource.status ? (desired as KubeObject) : config,
        manager: 'kubectl',
        force: true,
        time: metadata.creationTimestamp ?? this.now(),
      });
      this.put(resource, owned);
    }
  }

  find(
    resource: ResourceType,
    namespace: string | undefined,
    name: string,
  ): KubeObject | undefined {
    return this.byResource
      .get(qualifiedName(resource))
      ?.get(keyOf(namespace, name));
  }

  /** The objects of one kind, ordered as lists are. */
  list(resource: ResourceType): readonly KubeObject[] {
    const id = qualifiedName(resource);
    const known = this.sorted.get(id);
    if (known) return known;
    const objects = sortedByKey(this.byResource.get(id) ?? new Map());
    this.sorted.set(id, objects);
    return objects;
  }

  /** The objects of one kind as they were at an earlier version. */
  listAt(
    resource: ResourceType,
    resourceVersion: number,
  ): readonly KubeObject[] {
    if (resourceVersion === this.current) return this.list(resource);
    const later = this.eventsSince(resourceVersion).filter(
      event => event.resource === resource,
    );
    if (later.length === 0) return this.list(resource);
    const objects = new Map(this.byResource.get(qualifiedName(resource)));
    for (const { object, previous } of later.reverse()) {
      const { namespace, name } = object.metadata;
      if (previous) objects.set(keyOf(namespace, name), previous);
      else objects.delete(keyOf(namespace, name));
    }
    return sortedByKey(objects);
  }

  /** What happened after a version, or an error where that is no longer known. */
  eventsSince(resourceVersion: number): StoreEvent[] {
    if (resourceVersion < this.compacted) throw new HistoryGoneError();
    let from = this.history.length;
    while (from > 0 && this.history[from - 1].resourceVersion > resourceVersion)
      from--;
    return this.history.slice(from);
  }

  /** Stores an object, new or changed, under the next version. */
  put(resource: ResourceType, object: KubeObject): KubeObject {
    const { namespace, name } = object.metadata;
    const previous = this.find(resource, namespace, name);
    this.current++;
    const stamped = this.stamped(resource, object);
    const stored = deepFreeze({
      ...stamped,
      metadata: { ...stamped.metadata, resourceVersion: `${this.current}` },
    });
    const id = qualifiedName(resource);
    const objects = this.byResource.get(id) ?? new Map<string, KubeObject>();
    this.byResource.set(id, objects);
    objects.set(keyOf(namespace, name), stored);
    this.record({
      type: previous ? 'MODIFIED' : 'ADDED',
      resource,
      resourceVersion: this.current,
      object: stored,
      previous,
    });
    return stored;
  }

  /** The object with what the store adds, apart from its version. */
  stamped(resource: ResourceType, object: KubeObject): KubeObject {
    const { namespace, name, ...metadata } = object.metadata;
    const previous = this.find(resource, namespace, name)?.metadata;
    const seed = `${qualifiedName(resource)}/${namespace}/${name}#${
      this.current
    }`;
    return {
      ...object,
      apiVersion: apiVersionOf(resource),
      metadata: {
        ...object.metadata,
        uid: previous?.uid ?? metadata.uid ?? uidOf(seed),
        creationTimestamp:
          previous?.creationTimestamp ??
          metadata.creationTimestamp ??
          this.now(),
        ...(resource.generation
          ? { generation: metadata.generation ?? 1 }
          : {}),
      },
    };
  }

  delete(
    resource: ResourceType,
    namespace: string | undefined,
    name: string,
  ): KubeObject | undefined {
    const previous = this.find(resource, namespace, name);
    if (!previous) return undefined;
    this.current++;
    this.byResource
      .get(qualifiedName(resource))!
      .delete(keyOf(namespace, name));
    const object = deepFreeze({
      ...previous,
      metadata: { ...previous.metadata, resourceVersion: `${this.current}` },
    });
    this.record({
      type: 'DELETED',
      resource,
      resourceVersion: this.current,
      object,
      previous,
    });
    return object;
  }

  /** Forgets the history, as etcd does every few minutes: watches and pages of before answer 410. */
  compact(): void {
    // A version of its own, so that what was listed just before is expired as well.
    this.current++;
    this.compacted = this.current;
    this.history = [];
  }

  private record(event: StoreEvent): void {
    this.everything = undefined;
    this.sorted.delete(qualifiedName(event.resource));
    this.history.push(event);
    if (this.history.length > this.historyLimit * 1.1) {
      const dropped = this.history.length - this.historyLimit;
      this.compacted = this.history[dropped - 1].resourceVersion;
      this.history = this.history.slice(dropped);
    }
    this.notify(event);
  }

  /** A listener may write in turn; the others then still hear of both writes in order. */
  private notify(event: StoreEvent): void {
    this.pending.push(event);
    if (this.isNotifying) return;
    this.isNotifying = true;
    const errors: unknown[] = [];
    for (let next = this.pending.shift(); next; next = this.pending.shift()) {
      for (const watcher of [...this.watchers]) {
        try {
          watcher(next);
        } catch (error) {
          errors.push(error);
        }
      }
    }
    this.isNotifying = false;
    if (errors.length > 0) throw errors[0];
  }
}

function keyOf(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}/${name}`;
}

function sortedByKey(objects: Map<string, KubeObject>): readonly KubeObject[] {
  return [...objects.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, object]) => object);
}

function uidOf(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value))
    return value;
  Object.freeze(value);
  Object.values(value).forEach(deepFreeze);
  return value;
}

import type { KubeObject, KubeObjectRef } from '@meshdeck/istio-config';
import { refOf } from '@meshdeck/istio-config';
import type { CanaryHistory, CanaryMove } from '@meshdeck/plugin-mesh-common';
import { LRUCache } from 'lru-cache';
import type { ChangePipeline } from '../changes/ChangePipeline';
import type { ClusterStores } from '../cluster/ClusterStores';
import { movesBetween } from './moves';
import { timeOf } from '../rollouts/reading';

const KINDS = ['VirtualService', 'HTTPRoute', 'GRPCRoute', 'Canary', 'Rollout'];
const MOST_MOVES = 50;
const MOST_OBJECTS = 2000;
const MOST_NOTES = 500;
/** A burst of changes costs one look. */
const LOOK_AFTER_MS = 500;

/** Who made a change from this portal, and why. */
interface Note {
  who: string;
  why?: string;
}

type KnownMove = CanaryMove & { resourceVersion?: string };

/** What the store held of a kind when it was last looked at. */
interface Seen {
  list: readonly KubeObject[];
  objects: Map<string, KubeObject>;
}

/**
 * Remembers how weights and phases moved while the portal looked on: of each object the latest moves, of the objects those that
 * moved last. What happened before it started, nobody tells it.
 */
export class WeightHistory {
  static create(options: {
    clusters: Pick<ClusterStores, 'onChange' | 'peek'>;
    changes: Pick<ChangePipeline, 'onWritten'>;
    now?: () => number;
  }) {
    const { clusters, changes, now = Date.now } = options;
    const history = new WeightHistory(clusters, now);
    changes.onWritten(({ cluster, object, who, why }) => {
      if (who) {
        history.note(cluster, object, { who, why });
      }
    });
    return history;
  }

  private readonly since: string;
  private readonly seen = new Map<string, Map<string, Seen>>();
  private readonly moves = new LRUCache<string, KnownMove[]>({
    max: MOST_OBJECTS,
  });
  private readonly notes = new LRUCache<string, Note>({ max: MOST_NOTES });
  private readonly due = new Set<string>();

  private constructor(
    private readonly clusters: Pick<ClusterStores, 'onChange' | 'peek'>,
    private readonly now: () => number,
  ) {
    this.since = new Date(now()).toISOString();
    clusters.onChange(cluster => this.scheduleCheck(cluster));
  }

  /** The moves of some objects, newest first. */
  of(cluster: string, refs: readonly KubeObjectRef[]): CanaryHistory {
    this.look(cluster);
    const moves = refs
      .flatMap(ref => this.moves.get(keyOf(cluster, ref)) ?? [])
      .map(({ resourceVersion: _version, ...move }) => move)
      .sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
    return { since: this.since, moves: moves.slice(0, MOST_MOVES) };
  }

  /** Somebody changed an object from here; the change may have been seen already. */
  private note(cluster: string, object: KubeObject, by: Note): void {
    const key = keyOf(cluster, refOf(object));
    const { resourceVersion } = object.metadata;
    this.notes.set(`${key} ${resourceVersion}`, by);
    for (const move of this.moves.get(key) ?? []) {
      if (move.resourceVersion === resourceVersion) {
        Object.assign(move, by);
      }
    }
  }

  private scheduleCheck(cluster: string): void {
    if (this.due.has(cluster)) {
      return;
    }
    this.due.add(cluster);
    setTimeout(() => {
      this.due.delete(cluster);
      this.look(cluster);
    }, LOOK_AFTER_MS).unref();
  }

  private look(cluster: string): void {
    const set = this.clusters.peek(cluster)?.set;
    if (!set) {
      this.seen.delete(cluster);
      return;
    }
    const kinds = this.seen.get(cluster) ?? new Map<string, Seen>();
    this.seen.set(cluster, kinds);
    for (const kind of KINDS) {
      const list = set.all(kind);
      const before = kinds.get(kind);
      // The set keeps its list of a kind as long as nothing of the kind changes.
      if (before?.list === list) {
        continue;
      }
      const objects = new Map<string, KubeObject>();
      for (const object of list) {
        const key = keyOf(cluster, refOf(object));
        objects.set(key, object);
        const old = before?.objects.get(key);
        if (old && old !== object) {
          this.compare(key, old, object);
        }
      }
      kinds.set(kind, { list, objects });
    }
  }

  private compare(key: string, before: KubeObject, after: KubeObject): void {
    const moves = movesBetween(before, after);
    if (moves.length === 0) {
      return;
    }
    const { resourceVersion } = after.metadata;
    const owner = ownerOf(after);
    const note = this.notes.get(`${key} ${resourceVersion}`);
    const news = moves.map(({ what, why }) => ({
      at: this.timeOfMove(owner?.time),
      object: refOf(after),
      what,
      who: note?.who ?? owner?.manager,
      why: note?.why ?? why,
      resourceVersion,
    }));
    const known = this.moves.get(key) ?? [];
    this.moves.set(key, [...news, ...known].slice(0, MOST_MOVES));
  }

  /** The API server's time where it fits: not before the portal looked on, nor in the future. */
  private timeOfMove(told: unknown): string {
    const now = new Date(this.now()).toISOString();
    const time = timeOf(told);
    return time && time >= this.since && time <= now ? time : now;
  }
}

/** The newest entry of managedFields, which the store keeps of these kinds where it owns what the history tells of. */
function ownerOf({ metadata }: KubeObject) {
  const entries = Array.isArray(metadata.managedFields)
    ? metadata.managedFields
    : [];
  let newest: (typeof entries)[number] | undefined;
  for (const entry of entries) {
    if (!newest || String(entry?.time) >= String(newest.time)) {
      newest = entry;
    }
  }
  return newest;
}

function keyOf(cluster: string, ref: KubeObjectRef): string {
  return `${cluster} ${ref.kind} ${ref.namespace ?? ''}/${ref.name}`;
}

import type { KubeObject, MeshConfigSet } from '@meshdeck/istio-config';
import type { ClusterChange } from '../ClusterObjects';

/** A stretch of time with one configuration in force; it lasts until the next begins. */
export interface Epoch {
  index: number;
  fromMs: number;
  set: MeshConfigSet;
}

/** Changes that follow each other this fast count as one. */
const TOGETHER_MS = 250;
/** What never changes how traffic flows. */
const IRRELEVANT = new Set([
  'Event',
  'Lease',
  'Endpoints',
  'EndpointSlice',
  'HorizontalPodAutoscaler',
]);

/** The cluster's configurations since the start of the history, oldest first. */
export class Epochs {
  static create(options: {
    set: MeshConfigSet;
    fromMs: number;
    clock: () => number;
  }): Epochs {
    return new Epochs(
      [{ index: 0, fromMs: options.fromMs, set: options.set }],
      options.clock,
    );
  }

  /** Up to here others have read, and the past does not change. */
  private sealed = 0;

  private constructor(
    private readonly list: Epoch[],
    private readonly clock: () => number,
  ) {}

  record(change: ClusterChange): void {
    const last = this.list[this.list.length - 1];
    const { kind, metadata } = change.object;
    const before = last.set.get(kind, metadata.namespace, metadata.name);
    if (
      IRRELEVANT.has(kind) ||
      (change.type === 'DELETED' && !before) ||
      (change.type !== 'DELETED' &&
        before &&
        substance(before) === substance(change.object))
    ) {
      return;
    }
    const set = last.set.with([
      change.type === 'DELETED'
        ? {
            type: 'remove',
            kind,
            namespace: metadata.namespace,
            name: metadata.name,
          }
        : { type: 'put', object: change.object },
    ]);
    const now = this.clock();
    const joins = last.index > this.sealed && now - last.fromMs < TOGETHER_MS;
    if (joins) {
      this.list[last.index] = { ...last, set };
    } else {
      this.list.push({
        index: this.list.length,
        fromMs: Math.max(now, last.fromMs),
        set,
      });
    }
  }

  /** All of them. What has been handed out stays as it is. */
  all(): readonly Epoch[] {
    this.sealed = this.list.length - 1;
    return this.list;
  }

  /** The one in force at a time. */
  at(timeMs: number): Epoch {
    const list = this.all();
    for (let index = list.length - 1; index > 0; index--) {
      if (list[index].fromMs <= timeMs) {
        return list[index];
      }
    }
    return list[0];
  }
}

/** What of an object can matter to traffic. */
function substance(object: KubeObject): string {
  const { labels, annotations, ownerReferences, deletionTimestamp } =
    object.metadata;
  return JSON.stringify([
    object.spec,
    object.data,
    labels,
    annotations,
    ownerReferences,
    deletionTimestamp,
    object.kind === 'Pod'
      ? object.status?.conditions?.map((condition: any) => [
          condition?.type,
          condition?.status,
        ])
      : undefined,
  ]);
}

import {
  KUBERNETES_GATEWAY,
  KubeObject,
  MeshObjects,
} from '@meshdeck/istio-config';
import type { ClusterChange } from '../ClusterObjects';

/** A stretch of time with one configuration in force; it lasts until the next begins. */
export interface Epoch {
  index: number;
  fromMs: number;
  set: MeshObjects;
  /** The namespaces of the objects that changed when it began; an empty name stands for objects without a namespace. */
  touched: ReadonlySet<string>;
}

/** So many configurations are remembered; older changes then count as if they had come later. */
const MOST_EPOCHS = 100;
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
    set: MeshObjects;
    fromMs: number;
    clock: () => number;
  }): Epochs {
    return new Epochs(
      [
        {
          index: 0,
          fromMs: options.fromMs,
          set: options.set,
          touched: new Set(),
        },
      ],
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
    const { apiVersion, kind, metadata } = change.object;
    const { namespace, name } = metadata;
    const before = last.set.get(filedUnder(change.object), namespace, name);
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
            apiVersion,
            kind,
            namespace,
            name,
          }
        : { type: 'put', object: change.object },
    ]);
    const now = this.clock();
    const joins = last.index > this.sealed && now - last.fromMs < TOGETHER_MS;
    if (joins) {
      const touched = new Set([...last.touched, namespace ?? '']);
      this.list[this.list.length - 1] = { ...last, set, touched };
      return;
    }
    this.list.push({
      index: last.index + 1,
      fromMs: Math.max(now, last.fromMs),
      set,
      touched: new Set([namespace ?? '']),
    });
    this.forgetOldest();
  }

  /** The first of all stays; the change after it is put down to the next one. */
  private forgetOldest(): void {
    if (this.list.length > MOST_EPOCHS) {
      const [, gone, next] = this.list;
      const touched = new Set([...gone.touched, ...next.touched]);
      this.list.splice(1, 2, { ...next, touched });
    }
  }

  /** All of them. What has been handed out stays as it is. */
  all(): readonly Epoch[] {
    this.sealed = this.list[this.list.length - 1].index;
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

/** Two API groups have a Gateway. */
function filedUnder({ apiVersion, kind }: KubeObject): string {
  return kind === 'Gateway' && apiVersion.startsWith('gateway.')
    ? KUBERNETES_GATEWAY
    : kind;
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

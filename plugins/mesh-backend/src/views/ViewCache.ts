import type { Placement, SourceStatus } from '@meshdeck/plugin-mesh-common';
import { createHash } from 'crypto';
import { LRUCache } from 'lru-cache';
import type { ClusterStores } from '../cluster/ClusterStores';
import type { MeshMeters } from '../meters/MeshMeters';
import type { Beat } from '../sources/Beat';

const MOST_VIEWS = 5000;
/** A view that lacks a source is built again sooner than the beat: the source may be back. */
const ILL_MS = 2000;

/** A view and its text as it is sent; the text is made once, however many read it. */
export class BuiltView<T> {
  private text: Buffer | undefined;
  private tag: string | undefined;

  constructor(readonly value: T) {}

  get json(): Buffer {
    this.text ??= Buffer.from(JSON.stringify(this.value));
    return this.text;
  }

  get etag(): string {
    this.tag ??= `"${createHash('sha1')
      .update(this.json)
      .digest('base64url')}"`;
    return this.tag;
  }
}

interface Kept {
  /** Of the cluster. */
  version: string;
  beat: number;
  view: Promise<BuiltView<any>>;
  isBuilt: boolean;
  /** When it is to be built again whatever the beat, because it lacks a source. */
  retryAt: number;
}

/** What a view is of. */
export interface ViewKey {
  name: string;
  placement: Placement;
  /** Everything else that makes it what it is. */
  question: string;
}

/**
 * Views as they were built last: good until the cluster changes or the beat ends. Whoever comes in the beat after gets
 * the last one at once while it is built anew; nobody waits for a source that was read seconds ago. Nothing in a view
 * depends on who asks.
 */
export class ViewCache {
  static create(options: {
    clusters: ClusterStores;
    beat: Beat;
    meters?: MeshMeters;
    /** Called for each reader. */
    onRead?: (placement: Placement) => void;
  }) {
    return new ViewCache(options);
  }

  private readonly views = new LRUCache<string, Kept>({ max: MOST_VIEWS });

  private constructor(
    private readonly options: Parameters<typeof ViewCache.create>[0],
  ) {}

  get<T extends { sources: SourceStatus[] }>(
    key: ViewKey,
    build: () => Promise<T>,
  ): Promise<BuiltView<T>> {
    const { clusters, beat, meters, onRead } = this.options;
    onRead?.(key.placement);
    const { id, cluster } = key.placement;
    const name = `${key.name} ${id} ${key.question}`;
    const version = clusters.versionOf(cluster);
    const now = beat.of(id);
    const known = this.views.get(name);
    if (known?.version === version && Date.now() < known.retryAt) {
      const age = now - known.beat;
      if (age === 0 || (age === 1 && known.isBuilt)) {
        meters?.viewServed(key.name, 'kept', 0);
        if (age === 1) {
          this.renew(name, known, () =>
            this.build(key.name, { version, beat: now }, build),
          );
        }
        return known.view;
      }
    }
    const kept = this.build(key.name, { version, beat: now }, build);
    this.views.set(name, kept);
    kept.view.catch(() => this.forget(name, kept));
    return kept.view;
  }

  /** Builds behind the reader's back; the old view stays until the new one is there. */
  private renew(name: string, old: Kept, build: () => Kept): void {
    old.beat += 1;
    const next = build();
    next.view
      .then(() => {
        if (this.views.get(name) === old) {
          this.views.set(name, next);
        }
      })
      .catch(() => this.forget(name, old));
  }

  private forget(name: string, kept: Kept): void {
    if (this.views.get(name) === kept) {
      this.views.delete(name);
    }
  }

  private build<T extends { sources: SourceStatus[] }>(
    kind: string,
    at: { version: string; beat: number },
    build: () => Promise<T>,
  ): Kept {
    const began = performance.now();
    const kept: Kept = {
      ...at,
      isBuilt: false,
      retryAt: Infinity,
      view: build().then(value => {
        kept.isBuilt = true;
        if (value.sources.some(({ status }) => status === 'down')) {
          kept.retryAt = Date.now() + ILL_MS;
        }
        this.options.meters?.viewServed(
          kind,
          'built',
          performance.now() - began,
        );
        return new BuiltView(value);
      }),
    };
    return kept;
  }
}

import type { Placement, SourceStatus } from '@meshdeck/plugin-mesh-common';
import { createHash } from 'crypto';
import { LRUCache } from 'lru-cache';
import type { ClusterReader } from '../cluster/ClusterReader';
import type { ClusterStores } from '../cluster/ClusterStores';
import type { MeshMeters } from '../meters/MeshMeters';
import type { RefreshPeriod } from '../sources/RefreshPeriod';
import { NotedReader } from './NotedReader';

const MOST_VIEWS = 5000;
/** A view of a crowded place may be as large as a thousand others. */
const MOST_BYTES = 256 * 1024 * 1024;
/** What a view counts for until it is built. */
const EXPECTED_BYTES = 16 * 1024;
/** A view is kept as a value and as text. */
const BYTES_PER_LETTER = 4;
/** A view that lacks a source is built again sooner than the refresh period: the source may be back. */
const RETRY_AFTER_FAILURE_MS = 2000;
/** How many views are rebuilt behind their readers' backs, at most. */
const RENEWALS_PER_SECOND = 20;
/** And while this process has no time left, for then each of them keeps a reader waiting. */
const RENEWALS_WHILE_BUSY = 5;
/** How many refresh periods old a view may get while the budget is used up. */
const MOST_PERIODS = 4;

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
  /** Of the cluster: the last one that is known to say nothing else. */
  version: string;
  /** Whether what it was built from is still so; absent until it is built. */
  isCurrent?: () => boolean;
  /** The refresh period whose answers it holds. */
  builtIn: number;
  /** The last refresh period in which it was to be rebuilt. */
  triedIn: number;
  view: Promise<BuiltView<any>>;
  isBuilt: boolean;
  /** About how much memory it takes. */
  bytes: number;
  /** When it is to be built again whatever the refresh period, because it lacks a source. */
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
 * Views as they were built last: good until something of the cluster that they were built from changes, or the refresh period
 * ends. Whoever comes in a refresh period after gets the last one at once while it is rebuilt; nobody waits for a source that
 * was read seconds ago. Nothing in a view depends on who asks.
 */
export class ViewCache {
  static create(options: {
    clusters: ClusterStores;
    period: RefreshPeriod;
    meters?: MeshMeters;
    /** Whether this process has had no time left since it was asked last. */
    isBusy: () => boolean;
    mostBytes?: number;
  }) {
    return new ViewCache(options);
  }

  private readonly views: LRUCache<string, Kept>;
  private budget = { second: 0, left: RENEWALS_PER_SECOND };

  private constructor(
    private readonly options: Parameters<typeof ViewCache.create>[0],
  ) {
    this.views = new LRUCache({
      max: MOST_VIEWS,
      maxSize: options.mostBytes ?? MOST_BYTES,
      sizeCalculation: ({ bytes }, name) => bytes + name.length,
    });
  }

  /** About how much memory the views take. */
  get bytes(): number {
    return this.views.calculatedSize;
  }

  get<T extends { sources: SourceStatus[] }>(
    key: ViewKey,
    build: (clusters: ClusterReader) => Promise<T>,
  ): Promise<BuiltView<T>> {
    const { clusters, period, meters } = this.options;
    const { id, cluster } = key.placement;
    const name = `${key.name} ${id} ${key.question}`;
    const version = clusters.versionOf(cluster);
    const now = period.of(id);
    const known = this.views.get(name);
    if (known && Date.now() < known.retryAt && isCurrent(known, version)) {
      const age = now - known.builtIn;
      const isDue = age > 0 && now !== known.triedIn;
      const mayRenew = isDue && known.isBuilt && this.mayRenew();
      // Older than a refresh period it is shown only while the budget is used up: the reader waits for a new one otherwise.
      if (age <= 1 || (known.isBuilt && age <= MOST_PERIODS && !mayRenew)) {
        meters?.viewServed(key.name, 'kept', 0);
        if (mayRenew) {
          this.renew(name, known, now, () =>
            this.build(key.name, { version, builtIn: now }, build),
          );
        }
        return known.view;
      }
    }
    const kept = this.build(key.name, { version, builtIn: now }, build);
    this.views.set(name, kept);
    kept.view.then(
      () => this.weigh(name, kept),
      () => this.forget(name, kept),
    );
    return kept.view;
  }

  /** Only once it is built anybody knows how large it is. */
  private weigh(name: string, kept: Kept): void {
    if (this.views.peek(name) === kept) {
      // The cache weighs only what is new to it.
      this.views.delete(name);
      this.views.set(name, kept);
    }
  }

  /** Builds behind the reader's back; the old view stays until the new one is there. */
  private renew(name: string, old: Kept, now: number, build: () => Kept): void {
    old.triedIn = now;
    const next = build();
    next.view
      .then(() => {
        if (this.views.peek(name) === old) {
          this.views.set(name, next);
        }
      })
      .catch(() => this.forget(name, old));
  }

  /** A budget: with a thousand services open at once, the sources and this process still have time for others. */
  private mayRenew(): boolean {
    const second = Math.floor(Date.now() / 1000);
    if (second !== this.budget.second) {
      const left = this.options.isBusy()
        ? RENEWALS_WHILE_BUSY
        : RENEWALS_PER_SECOND;
      this.budget = { second, left };
    }
    if (this.budget.left === 0) {
      return false;
    }
    this.budget.left -= 1;
    return true;
  }

  private forget(name: string, kept: Kept): void {
    if (this.views.peek(name) === kept) {
      this.views.delete(name);
    }
  }

  private build<T extends { sources: SourceStatus[] }>(
    kind: string,
    at: { version: string; builtIn: number },
    build: (clusters: ClusterReader) => Promise<T>,
  ): Kept {
    const began = performance.now();
    const reader = new NotedReader(this.options.clusters);
    const kept: Kept = {
      ...at,
      triedIn: at.builtIn,
      isBuilt: false,
      bytes: EXPECTED_BYTES,
      retryAt: Infinity,
      view: build(reader).then(value => {
        kept.isBuilt = true;
        kept.isCurrent = () => reader.isCurrent();
        if (value.sources.some(({ status }) => status === 'down')) {
          kept.retryAt = Date.now() + RETRY_AFTER_FAILURE_MS;
        }
        this.options.meters?.viewServed(
          kind,
          'built',
          performance.now() - began,
        );
        const built = new BuiltView(value);
        kept.bytes = built.json.length * BYTES_PER_LETTER + reader.bytes;
        return built;
      }),
    };
    return kept;
  }
}

/** A cluster changes all the time, and seldom in what one view shows. */
function isCurrent(kept: Kept, version: string): boolean {
  if (kept.version !== version && kept.isCurrent?.()) {
    kept.version = version;
  }
  return kept.version === version;
}

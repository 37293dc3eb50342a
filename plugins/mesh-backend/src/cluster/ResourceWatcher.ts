import type { LoggerService } from '@backstage/backend-plugin-api';
import type { KubeObject } from '@meshdeck/istio-config';
import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import { readText } from '../sources/readText';
import { Backoff } from './Backoff';
import { readLines } from './readLines';
import {
  Forbidden,
  NotServed,
  type Listed,
  parseJson,
  ResourceEndpoint,
  WatchExpired,
} from './ResourceEndpoint';
import type { WatchedResource } from './watchedResources';

const PAGE_SIZE = 500;
/** Objects of the largest size that etcd takes still fit into a page of this size. */
const LEAST_PAGE_SIZE = 10;
/** For a page of a list. */
const ANSWER_DEADLINE_MS = 30_000;
/** Of one page of a list, or one event of a watch: what is larger is no API server's answer. */
const MOST_BYTES = 24 * 1024 * 1024;
const WATCH_SECONDS = 300;
/** A watch that says nothing, not even a bookmark, for longer than its own end is dead. */
const SILENCE_MS = (WATCH_SECONDS + 30) * 1000;
/**
 * What refuses a watch does so sooner. A proxy passes the head of an answer on with its first byte, and a quiet kind's
 * first byte is a bookmark, minutes later; a server that hangs is noticed by its heartbeat.
 */
const ACCEPTED_MS = 2000;
/** What lasted so long works; what ended sooner may go on ending, and is not started again at once. */
const STEADY_MS = 10_000;
const LOSS_BACKOFF_MS = { first: 250, most: 4000 };
/** After a watch that ended at once, or whose place the server had forgotten. Nothing is lost meanwhile, only late. */
const UNSTEADY_BACKOFF_MS = { first: 250, most: 15_000 };
/** Reading what is far too much costs. */
const OVERSIZE_BACKOFF_MS = { first: 8000, most: 300_000 };
/** A server that is just starting refuses what it will grant a moment later, so the first pauses are short. */
const REFUSAL_BACKOFF_MS = { first: 1000, most: 60_000 };

/** How a resource's watch stands. */
export type WatchState =
  | { type: 'starting' }
  | { type: 'following' }
  /** The cluster has no such resource. */
  | { type: 'absent' }
  | { type: 'forbidden'; message: string }
  | { type: 'lost'; since: Date; message: string };

/** What a watcher tells its store. */
export interface WatchListener {
  /** All there is, after a list. */
  onList(objects: KubeObject[]): void;
  onPut(object: KubeObject): void;
  onRemove(object: KubeObject): void;
  onState(state: WatchState): void;
}

interface Page {
  metadata: { resourceVersion: string; continue?: string };
  items: Listed[];
}

type WatchEvent =
  | { type: 'ERROR'; object?: { code?: number; message?: string } }
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'; object: Listed };

/**
 * Follows one resource of one cluster: lists it in pages, then watches from there with bookmarks, and starts over when
 * the server has forgotten the place (410) or the connection ends. Ends only when it is stopped.
 */
export class ResourceWatcher {
  static create(options: {
    cluster: string;
    resource: WatchedResource;
    access: MeshClusterAccess;
    listener: WatchListener;
    logger: LoggerService;
    random?: () => number;
  }) {
    return new ResourceWatcher(options);
  }

  private readonly endpoint: ResourceEndpoint;
  private isStopped = false;
  /** Of this try; each has its own, so that nothing that is over hangs on to it. */
  private connection = new AbortController();
  private endPause: (() => void) | undefined;
  /** The resourceVersion reached; a watch goes on from there. */
  private position: string | undefined;
  private pageSize = PAGE_SIZE;
  private followingSince: number | undefined;
  private lostSince: Date | undefined;
  private readonly backoffs = {
    loss: Backoff.create(LOSS_BACKOFF_MS),
    unsteady: Backoff.create(UNSTEADY_BACKOFF_MS),
    oversize: Backoff.create(OVERSIZE_BACKOFF_MS),
    refusal: Backoff.create(REFUSAL_BACKOFF_MS),
  };

  private constructor(
    private readonly options: Parameters<typeof ResourceWatcher.create>[0],
  ) {
    this.endpoint = ResourceEndpoint.create(options);
  }

  start(): void {
    void this.run();
  }

  stop(): void {
    this.isStopped = true;
    this.reconnect();
  }

  /** Ends the connection, or the pause, and goes on from the place reached: after a silence a connection may be dead without knowing. */
  reconnect(): void {
    this.connection.abort();
    this.endPause?.();
  }

  private async run(): Promise<void> {
    while (!this.isStopped) {
      const pauseMs = await this.attempt();
      if (pauseMs > 0 && !this.isStopped) {
        await this.pause(pauseMs);
      }
    }
  }

  /** Follows until something ends it, and answers how long to rest then. */
  private async attempt(): Promise<number> {
    this.connection = new AbortController();
    this.followingSince = undefined;
    try {
      this.position ??= await this.list();
      await this.watch();
      if (this.wasSteady()) {
        this.resetBackoffs();
        return 0;
      }
      return this.backoffs.unsteady.next();
    } catch (error) {
      if (this.connection.signal.aborted) {
        return 0;
      }
      if (this.wasSteady()) {
        this.resetBackoffs();
      }
      if (error instanceof WatchExpired) {
        this.position = undefined;
        return this.backoffs.unsteady.next();
      }
      return this.report(error as Error);
    }
  }

  /** Whether the watch lasted long enough to trust the next one. */
  private wasSteady(): boolean {
    return (
      this.followingSince !== undefined &&
      Date.now() - this.followingSince >= STEADY_MS
    );
  }

  private resetBackoffs(): void {
    Object.values(this.backoffs).forEach(pause => pause.reset());
  }

  /** Tells the store, and answers how long to wait before the next try. */
  private report(error: Error): number {
    const { listener, logger, cluster, resource } = this.options;
    if (error instanceof NotServed) {
      listener.onState({ type: 'absent' });
      return this.backoffs.refusal.next();
    }
    if (error instanceof Forbidden) {
      listener.onState({ type: 'forbidden', message: error.message });
      return this.backoffs.refusal.next();
    }
    if (!this.lostSince) {
      this.lostSince = new Date();
      logger.warn(
        `Lost ${resource.plural} of cluster ${cluster}: ${error.message}`,
      );
    }
    listener.onState({
      type: 'lost',
      since: this.lostSince,
      message: error.message,
    });
    return error instanceof RangeError
      ? this.backoffs.oversize.next()
      : this.backoffs.loss.next();
  }

  /** About so long: many watchers that lost one server do not all come back at once. */
  private pause(ms: number): Promise<void> {
    const random = this.options.random ?? Math.random;
    return new Promise(resolve => {
      const timer = setTimeout(() => this.endPause?.(), ms * (0.5 + random()));
      this.endPause = () => {
        clearTimeout(timer);
        this.endPause = undefined;
        resolve();
      };
    });
  }

  private async list(): Promise<string> {
    const objects: KubeObject[] = [];
    let next: string | undefined;
    let version = '';
    do {
      const page = await this.page(next);
      version = page.metadata.resourceVersion;
      next = page.metadata.continue || undefined;
      for (const item of page.items) {
        objects.push(this.endpoint.toObject(item));
      }
    } while (next);
    this.options.listener.onList(objects);
    return version;
  }

  /** Large objects come in smaller pages. @throws RangeError where even a small one is too large. */
  private async page(next: string | undefined): Promise<Page> {
    const response = await this.endpoint.request(
      { limit: String(this.pageSize), continue: next },
      AbortSignal.any([
        AbortSignal.timeout(ANSWER_DEADLINE_MS),
        this.connection.signal,
      ]),
    );
    const text = await readText(response, MOST_BYTES).catch(error => {
      if (error instanceof RangeError && this.pageSize > LEAST_PAGE_SIZE) {
        return undefined;
      }
      throw error;
    });
    if (text === undefined) {
      this.pageSize = Math.max(Math.floor(this.pageSize / 7), LEAST_PAGE_SIZE);
      return this.page(next);
    }
    const body = parseJson<Page>(text);
    if (!Array.isArray(body?.items)) {
      throw new Error('the API server answered a list without items');
    }
    return body as Page;
  }

  /** Follows from the position reached, until the server ends the watch in good order. */
  private async watch(): Promise<void> {
    const silence = new AbortController();
    let timer = setTimeout(() => silence.abort(), SILENCE_MS);
    // Not before: a server that is gone would look well at every try.
    const accepted = setTimeout(() => this.follow(), ACCEPTED_MS);
    const heard = () => {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
    };
    try {
      const response = await this.endpoint.request(
        {
          watch: 'true',
          allowWatchBookmarks: 'true',
          resourceVersion: this.position,
          timeoutSeconds: String(WATCH_SECONDS),
        },
        AbortSignal.any([silence.signal, this.connection.signal]),
      );
      heard();
      clearTimeout(accepted);
      if (this.followingSince === undefined) {
        this.follow();
      }
      for await (const line of readLines(response, MOST_BYTES)) {
        heard();
        this.position = this.take(line) ?? this.position;
      }
    } finally {
      clearTimeout(timer);
      clearTimeout(accepted);
    }
  }

  private follow(): void {
    this.followingSince = Date.now();
    this.lostSince = undefined;
    this.options.listener.onState({ type: 'following' });
  }

  private take(line: string): string | undefined {
    const event = JSON.parse(line) as WatchEvent;
    if (event.type === 'ERROR') {
      if (event.object?.code === 410) {
        throw new WatchExpired();
      }
      throw new Error(event.object?.message ?? 'the watch failed');
    }
    const { type, object } = event;
    if (type === 'DELETED') {
      this.options.listener.onRemove(this.endpoint.toObject(object));
    } else if (type !== 'BOOKMARK') {
      this.options.listener.onPut(this.endpoint.toObject(object));
    }
    return object?.metadata?.resourceVersion;
  }
}

import type { LoggerService } from '@backstage/backend-plugin-api';
import type { KubeObject } from '@meshdeck/istio-config';
import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import { readText } from '../sources/readText';
import { GrowingPause } from './GrowingPause';
import { readLines } from './readLines';
import { trimObject } from './trimObject';
import {
  collectionPath,
  fieldSelectorOf,
  WatchedResource,
} from './watchedResources';

const PAGE_SIZE = 500;
const LIST_DEADLINE_MS = 30_000;
/** Of one page of a list, or one event of a watch: what is larger is no API server's answer. */
const MOST_BYTES = 24 * 1024 * 1024;
/** Of a refusal. */
const MOST_STATUS_BYTES = 1024 * 1024;
const WATCH_SECONDS = 300;
/** A watch that says nothing, not even a bookmark, for longer than its own end is dead. */
const SILENCE_MS = (WATCH_SECONDS + 30) * 1000;
const LOSS_PAUSE_MS = { first: 250, most: 4000 };
const OVERSIZE_PAUSE_MS = 8000;
/** A server that is just starting refuses what it will grant a moment later, so the first pauses are short. */
const REFUSAL_PAUSE_MS = { first: 1000, most: 60_000 };

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

class WatchExpired extends Error {}
class NotServed extends Error {}
class Forbidden extends Error {}

/**
 * Follows one resource of one cluster: lists it in pages, then watches from there with bookmarks, and begins anew when
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

  private readonly stopping = new AbortController();
  private connection = new AbortController();
  private groupVersion: string | undefined;
  /** The resourceVersion reached; a watch goes on from there. */
  private position: string | undefined;
  private lostSince: Date | undefined;
  private readonly losses = GrowingPause.create(LOSS_PAUSE_MS);
  private readonly refusals = GrowingPause.create(REFUSAL_PAUSE_MS);

  private constructor(
    private readonly options: Parameters<typeof ResourceWatcher.create>[0],
  ) {}

  start(): void {
    void this.run();
  }

  stop(): void {
    this.stopping.abort();
  }

  /** Ends the connection and goes on from the place reached: after a silence it may be dead without knowing. */
  reconnect(): void {
    this.connection.abort();
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        this.connection = new AbortController();
        this.position ??= await this.list();
        await this.watch();
      } catch (error) {
        if (this.stopping.signal.aborted) {
          return;
        }
        if (error instanceof WatchExpired) {
          this.position = undefined;
          continue;
        }
        if (this.connection.signal.aborted) {
          continue;
        }
        await this.pause(this.report(error as Error));
      }
    }
  }

  /** Tells the store, and answers how long to wait before the next try. */
  private report(error: Error): number {
    const { listener, logger, cluster, resource } = this.options;
    if (error instanceof NotServed) {
      listener.onState({ type: 'absent' });
      return this.refusals.next();
    }
    if (error instanceof Forbidden) {
      listener.onState({ type: 'forbidden', message: error.message });
      return this.refusals.next();
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
    // Reading what is far too much costs; it is not tried often.
    const wait =
      error instanceof RangeError ? OVERSIZE_PAUSE_MS : this.losses.next();
    return wait * (0.5 + (this.options.random ?? Math.random)());
  }

  private pause(ms: number): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, ms);
      this.stopping.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
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
        objects.push(this.toObject(item));
      }
    } while (next);
    this.options.listener.onList(objects);
    return version;
  }

  private async page(next: string | undefined): Promise<{
    metadata: { resourceVersion: string; continue?: string };
    items: any[];
  }> {
    const response = await this.request(
      {
        limit: String(PAGE_SIZE),
        continue: next,
        fieldSelector: fieldSelectorOf(this.options.resource),
      },
      AbortSignal.timeout(LIST_DEADLINE_MS),
    );
    const body = parse(await readText(response, MOST_BYTES));
    if (!Array.isArray(body?.items)) {
      throw new Error('the API server answered a list without items');
    }
    return body;
  }

  /** Follows from the position reached, until the server ends the watch in good order. */
  private async watch(): Promise<void> {
    const silence = new AbortController();
    let timer = setTimeout(() => silence.abort(), SILENCE_MS);
    try {
      const response = await this.request(
        {
          watch: 'true',
          allowWatchBookmarks: 'true',
          resourceVersion: this.position,
          timeoutSeconds: String(WATCH_SECONDS),
          fieldSelector: fieldSelectorOf(this.options.resource),
        },
        silence.signal,
      );
      // Not before: a server that is gone would look well at every try.
      this.follow();
      for await (const line of readLines(response, MOST_BYTES)) {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), SILENCE_MS);
        this.position = this.take(line) ?? this.position;
      }
    } finally {
      clearTimeout(timer);
    }
  }

  private follow(): void {
    this.lostSince = undefined;
    this.losses.reset();
    this.refusals.reset();
    this.options.listener.onState({ type: 'following' });
  }

  private take(line: string): string | undefined {
    const { type, object } = JSON.parse(line) as { type: string; object: any };
    if (type === 'ERROR') {
      if (object?.code === 410) {
        throw new WatchExpired();
      }
      throw new Error(object?.message ?? 'the watch failed');
    }
    if (type === 'DELETED') {
      this.options.listener.onRemove(this.toObject(object));
    } else if (type !== 'BOOKMARK') {
      this.options.listener.onPut(this.toObject(object));
    }
    return object?.metadata?.resourceVersion;
  }

  /** Items of a list carry neither kind nor version. */
  private toObject(item: any): KubeObject {
    return trimObject({
      ...item,
      apiVersion: this.groupVersion,
      kind: this.options.resource.kind,
    });
  }

  private async request(
    query: Record<string, string | undefined>,
    signal: AbortSignal,
  ): Promise<Response> {
    const { access, cluster, resource } = this.options;
    const candidates = this.groupVersion
      ? [this.groupVersion]
      : resource.groupVersions;
    for (const groupVersion of candidates) {
      const response = await access.request(cluster, {
        path: collectionPath(groupVersion, resource.plural),
        query,
        signal: AbortSignal.any([
          signal,
          this.stopping.signal,
          this.connection.signal,
        ]),
      });
      if (response.ok) {
        this.groupVersion = groupVersion;
        return response;
      }
      const text = await readText(response, MOST_STATUS_BYTES);
      const status = parse(text);
      // The proxy answers 404 for a cluster it does not know, too; only the API server's own words count: a Status, or
      // plain text for a version that no group of it has.
      if (
        response.status === 404 &&
        (status?.kind === 'Status' || text.startsWith('404 page not found'))
      ) {
        continue;
      }
      throw failureOf(response.status, status);
    }
    this.groupVersion = undefined;
    throw new NotServed();
  }
}

function parse(text: string): any {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function failureOf(code: number, status: any): Error {
  const message: string =
    status?.message ?? status?.error?.message ?? `it answered ${code}`;
  if (code === 410) {
    return new WatchExpired();
  }
  // A 401 is another matter: the portal's credentials are wrong or have run out, and may come right by themselves.
  return code === 403 ? new Forbidden(message) : new Error(message);
}

import type { ServerResponse } from 'node:http';
import type { KubeObject } from '@meshdeck/istio-config';
import {
  HistoryGoneError,
  type ObjectStore,
  type StoreEvent,
} from './ObjectStore';
import { versionOf } from './paging';
import { apiVersionOf, type ResourceType } from './resources';
import { selection, type Selector } from './selectors';
import { expired, invalid } from './StatusError';

export interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: object;
}

export interface WatchOptions {
  store: ObjectStore;
  resource: ResourceType;
  version: string;
  namespace?: string;
  query: URLSearchParams;
  /** The form in which an object is sent. */
  render: (object: KubeObject) => object;
  bookmarkIntervalMs: number;
}

/** Real servers end a watch after about this time if the client doesn't say when. */
const DEFAULT_TIMEOUT_S = 40 * 60;
const MAX_TIMER_MS = 2 ** 31 - 1;
/** A client that doesn't read is cut off; it will list again. */
const MAX_UNSENT_BYTES = 64 * 1024 * 1024;

/** What a change means to a watch with a selector: objects come and go as they begin and cease to match. */
function selected(
  { type, object, previous, resourceVersion }: StoreEvent,
  isSelected: Selector,
): { type: StoreEvent['type']; object: KubeObject } | undefined {
  const was = previous !== undefined && isSelected(previous);
  const is = type !== 'DELETED' && isSelected(object);
  if (is) return { type: was ? 'MODIFIED' : 'ADDED', object };
  if (!was) return undefined;
  const metadata = {
    ...previous.metadata,
    resourceVersion: `${resourceVersion}`,
  };
  return { type: 'DELETED', object: { ...previous, metadata } };
}

function assertInitialEvents(query: URLSearchParams): boolean {
  const wanted = query.get('sendInitialEvents');
  if (wanted === null) return false;
  if (query.get('resourceVersionMatch') !== 'NotOlderThan') {
    throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', [
      {
        reason: 'FieldValueForbidden',
        message:
          'Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
        field: 'resourceVersionMatch',
      },
    ]);
  }
  return wanted === 'true' || wanted === '1';
}

/** Streams changes into a response until it times out or the returned function ends it. */
export function streamWatch(
  res: ServerResponse,
  options: WatchOptions,
): () => void {
  const { store, resource, namespace, query } = options;
  const isSelected = selection({
    resource,
    namespace,
    labels: query.get('labelSelector') ?? undefined,
    fields: query.get('fieldSelector') ?? undefined,
  });
  const from = versionOf(query);
  const sendsInitialEvents = assertInitialEvents(query);
  const hasBookmarks =
    query.get('allowWatchBookmarks') === 'true' ||
    query.get('allowWatchBookmarks') === '1';

  res.writeHead(200, {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-cache, private',
  });
  res.flushHeaders();

  const write = (event: WatchEvent) => {
    res.write(`${JSON.stringify(event)}\n`);
    if (res.writableLength > MAX_UNSENT_BYTES) res.destroy();
  };
  const tell = (event: StoreEvent) => {
    if (event.resource !== resource) return;
    const told = selected(event, isSelected);
    if (told) write({ type: told.type, object: options.render(told.object) });
  };
  const bookmark = (annotations?: Record<string, string>) =>
    write({
      type: 'BOOKMARK',
      object: {
        kind: resource.kind,
        apiVersion: apiVersionOf(resource, options.version),
        metadata: {
          resourceVersion: `${store.resourceVersion}`,
          creationTimestamp: null,
          ...(annotations ? { annotations } : {}),
        },
      },
    });

  if (!from || sendsInitialEvents) {
    for (const object of store.list(resource).filter(isSelected))
      write({ type: 'ADDED', object: options.render(object) });
    if (sendsInitialEvents && hasBookmarks)
      bookmark({ 'k8s.io/initial-events-end': 'true' });
  } else {
    try {
      store.eventsSince(from).forEach(tell);
    } catch (error) {
      if (!(error instanceof HistoryGoneError)) throw error;
      const { status } = expired(
        `too old resource version: ${from} (${store.oldestResourceVersion})`,
      );
      write({ type: 'ERROR', object: status });
      res.end();
      return () => {};
    }
  }

  const unsubscribe = store.onEvent(tell);
  const timers: NodeJS.Timeout[] = [];
  const stop = () => {
    unsubscribe();
    timers.forEach(clearTimeout);
  };
  res.once('close', stop);
  const seconds = Number(query.get('timeoutSeconds')) || DEFAULT_TIMEOUT_S;
  timers.push(
    setTimeout(() => {
      stop();
      if (hasBookmarks) bookmark();
      res.end();
    }, Math.min(seconds * 1000, MAX_TIMER_MS)),
  );
  if (hasBookmarks)
    timers.push(setInterval(bookmark, options.bookmarkIntervalMs));
  return () => {
    stop();
    res.destroy();
  };
}

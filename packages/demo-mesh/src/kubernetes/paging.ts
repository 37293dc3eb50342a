import type { KubeObject } from '@meshdeck/istio-config';
import { HistoryGoneError, type ObjectStore } from './ObjectStore';
import type { ResourceType } from './resources';
import { selection } from './selectors';
import { badRequest, expired, invalid, StatusError } from './StatusError';

export interface Page {
  items: readonly KubeObject[];
  resourceVersion: string;
  continue?: string;
  remainingItemCount?: number;
}

interface Continuation {
  /** The version of the first page; 0 goes on with what there is now. */
  rv: number;
  /** The key of the last object sent. */
  start: string;
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

function encode(continuation: Continuation): string {
  return Buffer.from(
    JSON.stringify({ v: 'meta.k8s.io/v1', ...continuation }),
  ).toString('base64url');
}

function decode(token: string): Continuation {
  try {
    const { rv, start } = JSON.parse(
      Buffer.from(token, 'base64url').toString(),
    ) as Continuation;
    if (Number.isSafeInteger(rv) && typeof start === 'string')
      return { rv, start };
  } catch {
    // The answer is the same as for a token that reads but says nothing.
  }
  throw badRequest('continue key is not valid: illegal base64 data');
}

/** A `resourceVersion` of a query: nothing, 0 or a version. */
export function versionOf(
  query: URLSearchParams,
  kind: string = 'ListOptions',
): number | undefined {
  const text = query.get('resourceVersion') ?? '';
  if (text === '') return undefined;
  const version = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(version)) {
    throw invalid({ group: 'meta.k8s.io', kind }, '', [
      {
        reason: 'FieldValueInvalid',
        message: `Invalid value: ${JSON.stringify(
          text,
        )}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`,
        field: 'resourceVersion',
      },
    ]);
  }
  return version;
}

function limitOf(query: URLSearchParams): number {
  const limit = Number(query.get('limit') ?? 0);
  if (!Number.isSafeInteger(limit) || limit < 0)
    throw badRequest(`limit: Invalid value: ${query.get('limit')}`);
  return limit;
}

function snapshot(
  store: ObjectStore,
  resource: ResourceType,
  query: URLSearchParams,
  continuation: Continuation | undefined,
): { version: number; objects: readonly KubeObject[] } {
  const current = store.resourceVersion;
  if (continuation) {
    const version = continuation.rv || current;
    try {
      return { version, objects: store.listAt(resource, version) };
    } catch (error) {
      if (!(error instanceof HistoryGoneError)) throw error;
      throw expired(
        'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
        encode({ rv: 0, start: continuation.start }),
      );
    }
  }
  const wanted = versionOf(query);
  if (wanted !== undefined && wanted > current) {
    throw new StatusError(
      504,
      'Timeout',
      `Timeout: Too large resource version: ${wanted}, current: ${current}`,
      {
        causes: [
          {
            reason: 'ResourceVersionTooLarge',
            message: 'Too large resource version',
          },
        ],
        retryAfterSeconds: 1,
      },
    );
  }
  if (wanted && query.get('resourceVersionMatch') === 'Exact') {
    try {
      return { version: wanted, objects: store.listAt(resource, wanted) };
    } catch (error) {
      if (!(error instanceof HistoryGoneError)) throw error;
      throw expired('The resourceVersion for the provided list is too old.');
    }
  }
  return { version: current, objects: store.list(resource) };
}

/** One page of a list; the pages of one list all show the state of the first. */
export function listPage(
  store: ObjectStore,
  resource: ResourceType,
  namespace: string | undefined,
  query: URLSearchParams,
): Page {
  const limit = limitOf(query);
  const token = query.get('continue');
  const continuation = token ? decode(token) : undefined;
  if (continuation && versionOf(query)) {
    throw badRequest(
      'specifying resource version is not allowed when using continue',
    );
  }
  const labels = query.get('labelSelector') ?? undefined;
  const fields = query.get('fieldSelector') ?? undefined;
  const isSelected = selection({ resource, namespace, labels, fields });
  const { version, objects } = snapshot(store, resource, query, continuation);
  const left = objects.filter(
    object =>
      (!continuation || keyOf(object) > continuation.start) &&
      isSelected(object),
  );
  const resourceVersion = `${version}`;
  if (limit === 0 || left.length <= limit)
    return { items: left, resourceVersion };
  const items = left.slice(0, limit);
  const start = keyOf(items[limit - 1]);
  return {
    items,
    resourceVersion,
    continue: encode({ rv: version, start }),
    // Servers don't count what a selector leaves out.
    ...(labels || fields ? {} : { remainingItemCount: left.length - limit }),
  };
}

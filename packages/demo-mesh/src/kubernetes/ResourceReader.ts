import { send } from './media';
import type { ObjectStore } from './ObjectStore';
import { listPage } from './paging';
import {
  answer,
  asListItems,
  namespaceOf,
  targetOf,
  type ResourceCall,
} from './resourceCall';
import { apiVersionOf, inVersion } from './resources';
import { notFound } from './StatusError';
import { partial } from './table';
import { streamWatch } from './watch';

/** Answers get, list and watch. */
export class ResourceReader {
  static create(options: { store: ObjectStore; bookmarkIntervalMs: number }) {
    return new ResourceReader(options.store, options.bookmarkIntervalMs);
  }

  private readonly watches = new Set<() => void>();

  private constructor(
    private readonly store: ObjectStore,
    private readonly bookmarkIntervalMs: number,
  ) {}

  endWatches(): void {
    for (const end of this.watches) end();
    this.watches.clear();
  }

  get(call: ResourceCall): void {
    const { resource, namespace, name } = targetOf(call);
    const object = this.store.find(resource, namespace, name);
    if (!object) throw notFound(resource, name);
    answer(call, 200, object);
  }

  list(call: ResourceCall): void {
    const { res, resource, attributes, query, representation } = call;
    const page = listPage(this.store, resource, namespaceOf(call), query);
    const metadata = {
      resourceVersion: page.resourceVersion,
      ...(page.continue ? { continue: page.continue } : {}),
      ...(page.remainingItemCount
        ? { remainingItemCount: page.remainingItemCount }
        : {}),
    };
    const items = page.items.map(item => inVersion(item, call.apiVersion));
    if (representation.as === 'Table') {
      send(res, 200, call.table.render(items, metadata));
    } else if (representation.as === 'PartialObjectMetadata') {
      send(res, 200, {
        kind: 'PartialObjectMetadataList',
        apiVersion: 'meta.k8s.io/v1',
        metadata,
        items: items.map(partial),
      });
    } else {
      const list = {
        kind: `${resource.kind}List`,
        apiVersion: apiVersionOf(resource, attributes.version),
        metadata,
        items: asListItems(resource, items),
      };
      send(res, 200, list, representation.format);
    }
  }

  watch(call: ResourceCall): void {
    const { res, resource, attributes, query, representation } = call;
    const { table } = call;
    const end = streamWatch(res, {
      store: this.store,
      resource,
      version: attributes.version,
      namespace: namespaceOf(call),
      query,
      bookmarkIntervalMs: this.bookmarkIntervalMs,
      render: stored => {
        const object = inVersion(stored, call.apiVersion);
        if (representation.as === 'Table') {
          const { resourceVersion } = object.metadata;
          return table.render([object], { resourceVersion });
        }
        return representation.as ? partial(object) : object;
      },
    });
    this.watches.add(end);
    res.once('close', () => this.watches.delete(end));
  }
}

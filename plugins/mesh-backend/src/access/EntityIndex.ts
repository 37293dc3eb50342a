import type { AuthService, LoggerService } from '@backstage/backend-plugin-api';
import { CATALOG_FILTER_EXISTS } from '@backstage/catalog-client';
import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  KUBERNETES_ANNOTATION,
  KUBERNETES_LABEL_SELECTOR_QUERY_ANNOTATION,
} from '@backstage/plugin-kubernetes-common';
import { ANNOTATION_MESHDECK_SERVICES } from '@meshdeck/plugin-mesh-common';

const FRESH_MS = 60_000;
const PAGE_SIZE = 500;
/** Of the spec only who owns it: that of an API may be megabytes. */
const FIELDS = ['kind', 'apiVersion', 'metadata', 'relations', 'spec.owner'];

interface Known {
  entity: Entity;
  at: number;
}

/**
 * The entities that the mesh concerns, as this plugin itself may read them, at most a minute old. Whoever answers a
 * person from it must have asked for that person's permission to read the entity.
 */
export class EntityIndex {
  static create(options: {
    auth: AuthService;
    catalog: CatalogService;
    logger: LoggerService;
    now?: () => number;
  }) {
    return new EntityIndex(options);
  }

  private readonly known = new Map<string, Known>();
  private readonly underWay = new Map<string, Promise<Entity | undefined>>();
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  private constructor(
    private readonly options: Parameters<typeof EntityIndex.create>[0],
  ) {}

  start(): void {
    void this.refresh();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** An entity, from memory where it is recent. */
  async get(entityRef: string): Promise<Entity | undefined> {
    const known = this.known.get(entityRef);
    return known && this.now() - known.at < FRESH_MS
      ? known.entity
      : this.fresh(entityRef);
  }

  /** An entity as the catalog has it now; asked once, however many wait for it. */
  fresh(entityRef: string): Promise<Entity | undefined> {
    const underWay = this.underWay.get(entityRef);
    if (underWay) {
      return underWay;
    }
    const answer = this.read(entityRef).finally(() =>
      this.underWay.delete(entityRef),
    );
    this.underWay.set(entityRef, answer);
    return answer;
  }

  /** Every entity with an annotation of the mesh. */
  all(): Entity[] {
    return [...this.known.values()].map(({ entity }) => entity);
  }

  private async read(entityRef: string): Promise<Entity | undefined> {
    const entity = await this.options.catalog.getEntityByRef(entityRef, {
      credentials: await this.options.auth.getOwnServiceCredentials(),
    });
    if (entity) {
      return this.keep(entity);
    }
    this.known.delete(entityRef);
    return undefined;
  }

  private keep({ spec, ...rest }: Entity): Entity {
    const entity = spec?.owner
      ? { ...rest, spec: { owner: spec.owner } }
      : rest;
    this.known.set(stringifyEntityRef(entity), { entity, at: this.now() });
    return entity;
  }

  private async refresh(): Promise<void> {
    const began = this.now();
    try {
      const credentials = await this.options.auth.getOwnServiceCredentials();
      let cursor: string | undefined;
      do {
        const page = await this.options.catalog.queryEntities(
          cursor
            ? { cursor, fields: FIELDS, limit: PAGE_SIZE }
            : {
                filter: [
                  KUBERNETES_ANNOTATION,
                  KUBERNETES_LABEL_SELECTOR_QUERY_ANNOTATION,
                  ANNOTATION_MESHDECK_SERVICES,
                ].map(name => ({
                  [`metadata.annotations.${name}`]: CATALOG_FILTER_EXISTS,
                })),
                fields: FIELDS,
                limit: PAGE_SIZE,
              },
          { credentials },
        );
        page.items.forEach(entity => this.keep(entity));
        cursor = page.pageInfo.nextCursor;
      } while (cursor && !this.stopped);
      for (const [ref, { at }] of this.known) {
        if (at < began - FRESH_MS) {
          this.known.delete(ref);
        }
      }
    } catch (error) {
      this.options.logger.warn(
        `Cannot list the entities of the mesh: ${(error as Error).message}`,
      );
    }
    if (!this.stopped) {
      this.timer = setTimeout(() => void this.refresh(), FRESH_MS / 2);
      this.timer.unref();
    }
  }

  private now(): number {
    return (this.options.now ?? Date.now)();
  }
}

import type { AuthService } from '@backstage/backend-plugin-api';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { LABEL_MESHDECK_ONBOARDED } from '@meshdeck/plugin-mesh-common';
import { OnboardedPlace } from './OnboardedPlace';

const PAGE_SIZE = 500;

/**
 * The onboarded entities that the catalog has: as it says, and as this process told it since. The catalog takes a moment to
 * show what it was told, and after a restart it alone knows what was told before.
 */
export class CatalogState {
  static create(options: { auth: AuthService; catalog: CatalogService }) {
    return new CatalogState(options);
  }

  private readonly places = new Map<string, OnboardedPlace>();
  private readonly told = new Map<string, string>();

  private constructor(
    private readonly options: Parameters<typeof CatalogState.create>[0],
  ) {}

  known(): ReadonlyMap<string, OnboardedPlace> {
    return this.places;
  }

  /** Whether the catalog was told otherwise by this process, or not at all. */
  differs(entity: Entity): boolean {
    return this.told.get(stringifyEntityRef(entity)) !== JSON.stringify(entity);
  }

  /** Asks the catalog what it has. */
  async read(): Promise<void> {
    const credentials = await this.options.auth.getOwnServiceCredentials();
    const filter = { [`metadata.labels.${LABEL_MESHDECK_ONBOARDED}`]: 'true' };
    const fields = ['kind', 'metadata'];
    let cursor: string | undefined;
    do {
      const page = await this.options.catalog.queryEntities(
        cursor
          ? { cursor, fields, limit: PAGE_SIZE }
          : { filter, fields, limit: PAGE_SIZE },
        { credentials },
      );
      for (const entity of page.items) {
        const ref = stringifyEntityRef(entity);
        const place = OnboardedPlace.of(entity);
        if (place && !this.told.has(ref)) {
          this.places.set(ref, place);
        }
      }
      cursor = page.pageInfo.nextCursor;
    } while (cursor);
  }

  /** What the catalog was told. */
  note(change: { added: readonly Entity[]; removed: readonly string[] }): void {
    for (const entity of change.added) {
      const ref = stringifyEntityRef(entity);
      const place = OnboardedPlace.of(entity);
      if (place) {
        this.places.set(ref, place);
        this.told.set(ref, JSON.stringify(entity));
      }
    }
    for (const ref of change.removed) {
      this.places.delete(ref);
      this.told.delete(ref);
    }
  }
}

import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import {
  type FleetChange,
  type FleetChangesPage,
  type FleetChangesQuery,
  placementId,
} from '@meshdeck/plugin-mesh-common';
import { VisibleEntities } from '../access/VisibleEntities';
import type { ChangeMemory } from '../memory/ChangeMemory';
import type { ChangePosition, ChangesOfAll } from '../memory/ChangesOfAll';
import { toldOf } from '../memory/ChangesService';

const USUAL_LIMIT = 50;

/** What was changed from this portal, of all services whose entities the reader may see. */
export class FleetChangesService {
  static create(options: {
    memory: Pick<ChangeMemory, 'undoneBy' | 'endsOf' | 'now'>;
    all: ChangesOfAll;
    permissions: PermissionsService;
  }) {
    return new FleetChangesService(options);
  }

  private constructor(
    private readonly options: Parameters<typeof FleetChangesService.create>[0],
  ) {}

  /** @throws InputError where the cursor is none. */
  async page(
    { cursor, limit = USUAL_LIMIT }: FleetChangesQuery,
    credentials: BackstageCredentials,
  ): Promise<FleetChangesPage> {
    const { memory, all, permissions } = this.options;
    const visible = VisibleEntities.create({ permissions, credentials });
    const of = (await visible.isUnlimited())
      ? undefined
      : [...(await visible.among(await all.entities()))];
    const found = await all.newest({
      of,
      behind: cursor === undefined ? undefined : positionOf(cursor),
      most: limit + 1,
    });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const told = await toldOf(memory, page);
    return {
      changes: told.map(
        ({ change: { cluster, namespace, service, entityRef }, told: one }) => {
          const place = { cluster, namespace, service };
          const change: FleetChange = {
            ...one,
            placement: { ...place, id: placementId(place) },
            entityRef,
          };
          return change;
        },
      ),
      next: last && found.length > limit ? `${last.at}.${last.id}` : undefined,
    };
  }
}

function positionOf(cursor: string): ChangePosition {
  const [, number, id] = /^(\d{1,15})\.([0-9a-f-]{36})$/.exec(cursor) ?? [];
  if (id === undefined) {
    throw new InputError(
      'cursor: expected the `next` of another page of changes',
    );
  }
  return { number: Number(number), id };
}

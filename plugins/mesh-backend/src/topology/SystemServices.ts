import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import {
  Entity,
  RELATION_PART_OF,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { catalogEntityReadPermission } from '@backstage/plugin-catalog-common/alpha';
import {
  meshServiceReadPermission,
  Placement,
} from '@meshdeck/plugin-mesh-common';
import type { EntityIndex } from '../access/EntityIndex';
import { VisibleEntities } from '../access/VisibleEntities';
import type { PlacementService } from '../placements/PlacementService';

/** Finds the services of the system that an entity belongs to, as far as the reader may see them. */
export class SystemServices {
  static create(options: {
    entities: EntityIndex;
    placements: PlacementService;
    permissions: PermissionsService;
  }) {
    return new SystemServices(options);
  }

  private constructor(
    private readonly services: Parameters<typeof SystemServices.create>[0],
  ) {}

  /**
   * In the cluster of `placement`. Of an entity that is in its namespace too only that one counts: the others are other
   * environments.
   */
  async of(
    placement: Placement,
    entity: Entity,
    credentials: BackstageCredentials,
  ): Promise<Placement[]> {
    const systems = systemsOf(entity);
    const relatives = this.services.entities
      .all()
      .filter(other => systemsOf(other).some(ref => systems.includes(ref)));
    const visible = await this.visible(relatives, credentials);
    const found = await Promise.all(
      visible.map(async other => {
        const { placements } = await this.services.placements.placements(other);
        const here = placements.filter(
          ({ cluster }) => cluster === placement.cluster,
        );
        const beside = here.filter(
          ({ namespace }) => namespace === placement.namespace,
        );
        return beside.length > 0 ? beside : here;
      }),
    );
    return [
      ...new Map(
        [placement, ...found.flat()].map(one => [one.id, one]),
      ).values(),
    ];
  }

  private async visible(
    entities: Entity[],
    credentials: BackstageCredentials,
  ): Promise<Entity[]> {
    const { permissions } = this.services;
    const refs = entities.map(entity => stringifyEntityRef(entity));
    const seen = await Promise.all(
      [meshServiceReadPermission, catalogEntityReadPermission].map(permission =>
        VisibleEntities.create({ permissions, credentials, permission }).among(
          refs,
        ),
      ),
    );
    return entities.filter((_entity, index) =>
      seen.every(those => those.has(refs[index])),
    );
  }
}

function systemsOf(entity: Entity): string[] {
  return (entity.relations ?? [])
    .filter(
      ({ type, targetRef }) =>
        type === RELATION_PART_OF &&
        parseEntityRef(targetRef).kind === 'system',
    )
    .map(({ targetRef }) => targetRef);
}

import type { Router } from 'express';
import type { EntityAccess } from '../access/EntityAccess';
import type { EntityIndex } from '../access/EntityIndex';
import type { PlacementService } from '../placements/PlacementService';
import { ENTITY } from './paths';

/** The route that says where an entity runs. */
export function addPlacements(
  router: Router,
  services: {
    access: EntityAccess;
    entities: EntityIndex;
    placements: PlacementService;
  },
): void {
  const { access, entities, placements } = services;
  router.get(`${ENTITY}/placements`, async (req, res) => {
    const view = await access.entity(
      req,
      'placements-read',
      async ({ entity, entityRef }) => {
        const known = await placements.placements(entity);
        // Somebody may be mending the entity right now.
        const recent = known.problems.length
          ? await entities.fresh(entityRef)
          : undefined;
        return recent ? placements.placements(recent) : known;
      },
    );
    res.json(view);
  });
}

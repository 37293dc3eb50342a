import { meshFleetReadPermission } from '@meshdeck/plugin-mesh-common';
import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type { Request, Response, Router } from 'express';
import type { EntityAccess } from '../access/EntityAccess';
import type { ControlPlaneService } from '../fleet/ControlPlaneService';
import type { FleetChangesService } from '../fleet/FleetChangesService';
import type { FleetService } from '../fleet/FleetService';
import { readFleetChangesQuery, readFleetQuery } from './readFleetQuery';

/** The routes of the fleet page. */
export function addFleet(
  router: Router,
  services: {
    access: EntityAccess;
    fleet: FleetService;
    fleetChanges: FleetChangesService;
    controlPlanes: ControlPlaneService;
  },
): void {
  const { access, fleet, fleetChanges, controlPlanes } = services;
  const read = <T>(
    req: Request,
    eventId: string,
    answer: (credentials: BackstageCredentials) => Promise<T>,
  ) => access.basic(req, eventId, meshFleetReadPermission, answer, 'low');

  router.get('/v1/fleet/services', async (req, res) => {
    const view = await read(req, 'fleet-read', credentials =>
      fleet.page(readFleetQuery(req.query), credentials),
    );
    ownCopyOnly(res).json(view);
  });
  router.get('/v1/fleet/services.csv', async (req, res) => {
    const text = await read(req, 'fleet-export', credentials =>
      fleet.csv(readFleetQuery(req.query), credentials),
    );
    ownCopyOnly(res)
      .type('text/csv; charset=utf-8')
      .attachment('mesh-services.csv')
      .send(text);
  });
  router.get('/v1/fleet/changes', async (req, res) => {
    const view = await read(req, 'fleet-changes-read', credentials =>
      fleetChanges.page(readFleetChangesQuery(req.query), credentials),
    );
    ownCopyOnly(res).json(view);
  });
  router.get('/v1/fleet/coverage', async (req, res) => {
    const view = await read(req, 'fleet-coverage-read', () => fleet.coverage());
    ownCopyOnly(res).json(view);
  });
  router.get('/v1/fleet/control-plane', async (req, res) => {
    const view = await read(req, 'control-plane-read', () =>
      controlPlanes.view(),
    );
    ownCopyOnly(res).json(view);
  });
}

/** What one reader may see is nobody else's, and is asked for again. */
function ownCopyOnly(res: Response): Response {
  return res.set('Cache-Control', 'private, no-cache');
}

import { meshFleetReadPermission } from '@meshdeck/plugin-mesh-common';
import type { Router } from 'express';
import type { EntityAccess } from '../access/EntityAccess';
import type { SourceCheckService } from '../sourceChecks/SourceCheckService';

/** The route of the page that says how each source is reached; it names addresses, so it is for who runs the mesh. */
export function addSourceChecks(
  router: Router,
  services: { access: EntityAccess; sourceChecks: SourceCheckService },
): void {
  const { access, sourceChecks } = services;
  router.get('/v1/sources', async (req, res) => {
    const view = await access.basic(
      req,
      'sources-read',
      meshFleetReadPermission,
      () => sourceChecks.view(),
      'low',
    );
    res.set('Cache-Control', 'private, no-cache').json(view);
  });
}

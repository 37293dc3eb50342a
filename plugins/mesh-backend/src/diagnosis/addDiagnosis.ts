import { meshFleetReadPermission } from '@meshdeck/plugin-mesh-common';
import type { Router } from 'express';
import type { EntityAccess } from '../access/EntityAccess';
import type { DiagnosisService } from './DiagnosisService';

/** The route of the page that says how each source is reached; it names addresses, so it is for who runs the mesh. */
export function addDiagnosis(
  router: Router,
  services: { access: EntityAccess; diagnosis: DiagnosisService },
): void {
  const { access, diagnosis } = services;
  router.get('/v1/sources', async (req, res) => {
    const view = await access.basic(
      req,
      'sources-read',
      meshFleetReadPermission,
      () => diagnosis.view(),
      'low',
    );
    res.set('Cache-Control', 'private, no-cache').json(view);
  });
}

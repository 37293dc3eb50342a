import { meshServiceOnboardPermission } from '@meshdeck/plugin-mesh-common';
import type { Router } from 'express';
import createRouter from 'express-promise-router';
import type { EntityAccess } from './access/EntityAccess';
import type { EntityIndex } from './access/EntityIndex';
import type { CertificatesService } from './certificates/CertificatesService';
import { addDiagnosis } from './diagnosis/addDiagnosis';
import type { DiagnosisService } from './diagnosis/DiagnosisService';
import type { OpinionService } from './kiali/OpinionService';
import type { CanaryService } from './canary/CanaryService';
import { addChanges } from './changes/addChanges';
import type { ChangePipeline } from './changes/ChangePipeline';
import type { ClusterStores } from './cluster/ClusterStores';
import { addFleet } from './fleet/addFleet';
import type { ControlPlaneService } from './fleet/ControlPlaneService';
import type { FleetService } from './fleet/FleetService';
import type { OnboardedServices } from './onboarding/OnboardedServices';
import type { OnboardingService } from './onboarding/OnboardingService';
import { ENTITY, PLACEMENT } from './paths';
import type { PlacementService } from './placements/PlacementService';
import { bodyOf, readBodies } from './requestBody';
import { read } from './requests';
import type { ChangeSignals } from './signals/ChangeSignals';
import type { TopologyService } from './topology/TopologyService';
import type { TracesService } from './traces/TracesService';
import { addViews } from './views/addViews';
import type { OverviewService } from './views/OverviewService';
import type { RoutesService } from './views/RoutesService';
import type { SecurityService } from './views/SecurityService';
import type { ViewCache } from './views/ViewCache';

/** What the routes call. */
export interface RouterServices {
  access: EntityAccess;
  entities: EntityIndex;
  clusters: ClusterStores;
  cache: ViewCache;
  signals: ChangeSignals;
  opinion: OpinionService;
  diagnosis: DiagnosisService;
  certificates: CertificatesService;
  placements: PlacementService;
  overview: OverviewService;
  routes: RoutesService;
  security: SecurityService;
  topology: TopologyService;
  traces: TracesService;
  canary: CanaryService;
  changes: ChangePipeline;
  onboarding: OnboardingService;
  onboarded: OnboardedServices;
  fleet: FleetService;
  controlPlanes: ControlPlaneService;
}

/** Translates HTTP; each route names who asks and what for in `access`, or it throws. */
export function createMeshRouter(services: RouterServices): Router {
  const { access } = services;
  const router = createRouter();
  router.use(readBodies());

  router.get(`${ENTITY}/placements`, async (req, res) => {
    const view = await access.entity(
      req,
      'placements-read',
      async ({ entity, entityRef }) => {
        const known = await services.placements.placements(entity);
        // Somebody may be mending the entity right now.
        const recent = known.problems.length
          ? await services.entities.fresh(entityRef)
          : undefined;
        return recent ? services.placements.placements(recent) : known;
      },
    );
    res.json(view);
  });
  addViews(router, services);
  addTries(router, services);
  addChanges(router, services);
  addDiagnosis(router, services);
  addFleet(router, services);

  router.post('/v1/onboardings', async (req, res) => {
    const result = await access.basic(
      req,
      'service-onboard',
      meshServiceOnboardPermission,
      credentials =>
        services.onboarding.onboard(read.onboarding(bodyOf(req)), credentials),
    );
    res.json(result);
  });
  router.get('/v1/onboarded', async (req, res) => {
    const view = await access.service(req, 'onboarded-read', () =>
      services.onboarded.view(read.names(req.query.confirm)),
    );
    res.json(view);
  });
  router.get('/v1/health', (_req, res) => {
    const ready = services.clusters.isReady();
    res.status(ready ? 200 : 503).json({ ready });
  });
  return router;
}

function addTries(router: Router, services: RouterServices): void {
  const { access } = services;
  router.post(`${PLACEMENT}/routes/try`, async (req, res) => {
    res.json(
      await access.placement(req, 'route-try', async ({ placement }) =>
        services.routes.tryRequest(placement, read.tryRoute(bodyOf(req))),
      ),
    );
  });
  router.post(`${PLACEMENT}/security/try`, async (req, res) => {
    res.json(
      await access.placement(req, 'call-try', async ({ placement }) =>
        services.security.tryCall(placement, read.tryCall(bodyOf(req))),
      ),
    );
  });
}

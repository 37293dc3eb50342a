import type { Router } from 'express';
import createRouter from 'express-promise-router';
import type { EntityAccess } from '../access/EntityAccess';
import type { EntityIndex } from '../access/EntityIndex';
import type { CertificatesService } from '../certificates/CertificatesService';
import { addSourceChecks } from './addSourceChecks';
import type { SourceCheckService } from '../sourceChecks/SourceCheckService';
import { addChanges } from './addChanges';
import type { ChangePipeline } from '../changes/ChangePipeline';
import type { ClusterStores } from '../cluster/ClusterStores';
import { addFleet } from './addFleet';
import type { ControlPlaneService } from '../fleet/ControlPlaneService';
import type { FleetChangesService } from '../fleet/FleetChangesService';
import type { FleetService } from '../fleet/FleetService';
import type { OnboardedServices } from '../onboarding/OnboardedServices';
import type { OnboardingService } from '../onboarding/OnboardingService';
import type { PlacementService } from '../placements/PlacementService';
import type { ChangeMemory } from '../memory/ChangeMemory';
import type { ChangesService } from '../memory/ChangesService';
import { readBodies } from './requestBody';
import type { ChangeSignals } from '../signals/ChangeSignals';
import type { TracesService } from '../traces/TracesService';
import { addOnboarding } from './addOnboarding';
import { addPlacements } from './addPlacements';
import { addTries } from './addTries';
import { addViews } from './addViews';
import type { RoutesService } from '../routes/RoutesService';
import type { SecurityService } from '../security/SecurityService';
import type { PlacementViews } from '../placementViews/PlacementViews';

/** What the routes call. */
export interface RouterServices {
  access: EntityAccess;
  entities: EntityIndex;
  clusters: ClusterStores;
  views: PlacementViews;
  signals: ChangeSignals;
  sourceChecks: SourceCheckService;
  certificates: CertificatesService;
  placements: PlacementService;
  routes: RoutesService;
  security: SecurityService;
  traces: TracesService;
  changes: ChangePipeline;
  memory: ChangeMemory;
  remembered: ChangesService;
  onboarding: OnboardingService;
  onboarded: OnboardedServices;
  fleet: FleetService;
  fleetChanges: FleetChangesService;
  controlPlanes: ControlPlaneService;
}

/** Translates HTTP; each route names who asks and what for in `access`, or it throws. */
export function createMeshRouter(services: RouterServices): Router {
  const router = createRouter();
  router.use(readBodies());
  addPlacements(router, services);
  addViews(router, services);
  addTries(router, services);
  addChanges(router, services);
  addSourceChecks(router, services);
  addFleet(router, services);
  addOnboarding(router, services);
  router.get('/v1/health', (_req, res) => {
    const ready = services.clusters.isReady();
    res.status(ready ? 200 : 503).json({ ready });
  });
  return router;
}

import type { HttpAuthService } from '@backstage/backend-plugin-api';
import {
  meshCanaryRunPermission,
  meshServiceOnboardPermission,
} from '@meshdeck/plugin-mesh-common';
import express, { Response, Router } from 'express';
import createRouter from 'express-promise-router';
import type { EntityAccess } from './access/EntityAccess';
import type { EntityIndex } from './access/EntityIndex';
import type { CertificatesService } from './certificates/CertificatesService';
import { addDiagnosis } from './diagnosis/addDiagnosis';
import type { DiagnosisService } from './diagnosis/DiagnosisService';
import type { OpinionService } from './kiali/OpinionService';
import { ChangeConflict } from './changes/ChangeConflict';
import type { WeightChanges } from './changes/WeightChanges';
import type { ClusterStores } from './cluster/ClusterStores';
import { addFleet } from './fleet/addFleet';
import type { ControlPlaneService } from './fleet/ControlPlaneService';
import type { FleetService } from './fleet/FleetService';
import { parseWindow } from './metrics/window';
import { onboardedEntities } from './onboarding/onboardedEntities';
import type { OnboardingService } from './onboarding/OnboardingService';
import type { PlacementService } from './placements/PlacementService';
import { read } from './requests';
import { parseScope, TopologyService } from './topology/TopologyService';
import type { TracesService } from './traces/TracesService';
import type { CanaryService } from './views/CanaryService';
import type { OverviewService } from './views/OverviewService';
import type { RoutesService } from './views/RoutesService';
import type { SecurityService } from './views/SecurityService';
import { BuiltView, ViewCache } from './views/ViewCache';

const ENTITY = '/v1/entities/:kind/:namespace/:name';
const PLACEMENT = `${ENTITY}/placements/:placement`;

/** What the routes call. */
export interface RouterServices {
  httpAuth: HttpAuthService;
  access: EntityAccess;
  entities: EntityIndex;
  clusters: ClusterStores;
  cache: ViewCache;
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
  changes: WeightChanges;
  onboarding: OnboardingService;
  fleet: FleetService;
  controlPlanes: ControlPlaneService;
}

/** Translates HTTP; each route names who asks and what for in `access`, or it throws. */
export function createMeshRouter(services: RouterServices): Router {
  const { access } = services;
  const router = createRouter();
  router.use(express.json({ limit: '1mb' }));

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
  addTopology(router, services);
  addTries(router, services);
  addChanges(router, services);
  addSideViews(router, services);
  addDiagnosis(router, services);
  addFleet(router, services);

  router.post('/v1/onboardings', async (req, res) => {
    const result = await access.basic(
      req,
      'service-onboard',
      meshServiceOnboardPermission,
      credentials =>
        services.onboarding.onboard(read.onboarding(req.body), credentials),
    );
    res.json(result);
  });
  router.get('/v1/onboarded', async (req, res) => {
    await services.httpAuth.credentials(req, { allow: ['service'] });
    res.json({ entities: await onboardedEntities(services.clusters) });
  });
  router.get('/v1/health', (_req, res) => {
    const ready = services.clusters.isReady();
    res.status(ready ? 200 : 503).json({ ready });
  });
  return router;
}

function addViews(router: Router, services: RouterServices): void {
  const { access, cache } = services;
  router.get(`${PLACEMENT}/overview`, async (req, res) => {
    const window = parseWindow(req.query.window);
    const view = await access.placement(req, 'overview-read', ({ placement }) =>
      cache.get({ name: 'overview', placement, question: window }, () =>
        services.overview.view(placement, window),
      ),
    );
    sendView(res, view);
  });
  router.get(`${PLACEMENT}/routes`, async (req, res) => {
    const window = parseWindow(req.query.window);
    const view = await access.placement(req, 'routes-read', ({ placement }) =>
      cache.get({ name: 'routes', placement, question: window }, () =>
        services.routes.view(placement, window),
      ),
    );
    sendView(res, view);
  });
  router.get(`${PLACEMENT}/security`, async (req, res) => {
    const window = parseWindow(req.query.window);
    const view = await access.placement(
      req,
      'security-read',
      async ({ placement, credentials }) => {
        const { value } = await cache.get(
          { name: 'security', placement, question: window },
          () => services.security.view(placement, window),
        );
        return services.security.withOwners(value, credentials);
      },
    );
    sendView(res, new BuiltView(view));
  });
  router.get(`${PLACEMENT}/traces`, async (req, res) => {
    const { window: given, ...query } = req.query;
    const window = parseWindow(given);
    const traceQuery = read.traceQuery(query);
    const question = `${window} ${JSON.stringify(traceQuery)}`;
    const view = await access.placement(req, 'traces-read', ({ placement }) =>
      cache.get({ name: 'traces', placement, question }, () =>
        services.traces.view(placement, window, traceQuery),
      ),
    );
    sendView(res, view);
  });
  router.get(`${PLACEMENT}/traces/:traceId`, async (req, res) => {
    const traceId = read.traceId(req.params.traceId);
    res.json(
      await access.placement(req, 'trace-read', ({ placement }) =>
        services.traces.trace(placement, traceId),
      ),
    );
  });
  router.get(`${PLACEMENT}/canary`, async (req, res) => {
    const window = parseWindow(req.query.window);
    const view = await access.placement(
      req,
      'canary-read',
      async ({ placement, ...asker }) => {
        const { value } = await cache.get(
          { name: 'canary', placement, question: window },
          () => services.canary.view(placement, window),
        );
        return services.canary.withObstacle(value, asker);
      },
    );
    sendView(res, new BuiltView(view));
  });
}

function addTopology(router: Router, services: RouterServices): void {
  const { access, cache, topology } = services;
  router.get(`${PLACEMENT}/topology`, async (req, res) => {
    const window = parseWindow(req.query.window);
    const scope = parseScope(req.query.scope);
    const view = await access.placement(
      req,
      'topology-read',
      async ({ placement, entity, credentials }) => {
        const subject = await topology.subjectFor(scope, {
          placement,
          entity,
          credentials,
        });
        const ids = subject.services.map(({ id }) => id).sort();
        const question = `${window} ${scope} ${ids}`;
        const { value } = await cache.get(
          { name: 'topology', placement, question },
          () => topology.view(placement, window, subject),
        );
        return topology.withOwners(value, credentials);
      },
    );
    sendView(res, new BuiltView(view));
  });
}

/** What stands beside a view: other people's opinions, certificates, neighbours in traces. */
function addSideViews(router: Router, services: RouterServices): void {
  const { access, cache } = services;
  router.get(`${PLACEMENT}/opinion`, async (req, res) => {
    const window = parseWindow(req.query.window);
    const view = await access.placement(req, 'opinion-read', ({ placement }) =>
      cache.get({ name: 'opinion', placement, question: window }, () =>
        services.opinion.view(placement, window),
      ),
    );
    sendView(res, view);
  });
  router.get(`${PLACEMENT}/certificates`, async (req, res) => {
    res.json(
      await access.placement(req, 'certificates-read', ({ placement }) =>
        services.certificates.ofPlacement(placement),
      ),
    );
  });
  router.get(`${PLACEMENT}/dependencies`, async (req, res) => {
    const window = parseWindow(req.query.window);
    res.json(
      await access.placement(req, 'dependencies-read', ({ placement }) =>
        services.traces.dependencies(placement, window),
      ),
    );
  });
}

/** Answers 304 to whoever has the view already. */
function sendView(res: Response, view: BuiltView<unknown>): void {
  res.set('Cache-Control', 'private, no-cache');
  res.set('ETag', view.etag);
  res.type('application/json; charset=utf-8').send(view.json);
}

function addTries(router: Router, services: RouterServices): void {
  const { access } = services;
  router.post(`${PLACEMENT}/routes/try`, async (req, res) => {
    const request = read.tryRoute(req.body);
    res.json(
      await access.placement(req, 'route-try', ({ placement }) =>
        services.routes.tryRequest(placement, request),
      ),
    );
  });
  router.post(`${PLACEMENT}/security/try`, async (req, res) => {
    const request = read.tryCall(req.body);
    res.json(
      await access.placement(req, 'call-try', ({ placement }) =>
        services.security.tryCall(placement, request),
      ),
    );
  });
}

function addChanges(router: Router, services: RouterServices): void {
  const { access, changes } = services;
  router.post(`${PLACEMENT}/canary/preview`, async (req, res) => {
    const intent = read.weightIntent(req.body);
    res.json(
      await access.change(
        req,
        'weights-preview',
        meshCanaryRunPermission,
        ({ placement, entityRef }) =>
          changes.preview(placement, entityRef, intent),
      ),
    );
  });
  router.post(`${PLACEMENT}/canary/apply`, async (req, res) => {
    const request = read.apply(req.body);
    try {
      res.json(
        await access.change(
          req,
          'weights-apply',
          meshCanaryRunPermission,
          ({ placement, entityRef }) =>
            changes.apply(placement, entityRef, request),
        ),
      );
    } catch (error) {
      if (!(error instanceof ChangeConflict)) {
        throw error;
      }
      res.status(409).json({
        error: { name: error.name, message: error.message },
        request: { method: req.method, url: req.url },
        response: { statusCode: 409 },
        conflict: error.details,
      });
    }
  });
}

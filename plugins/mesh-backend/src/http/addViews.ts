import type {
  Placement,
  SourceStatus,
  TimeWindow,
} from '@meshdeck/plugin-mesh-common';
import type { Request, Response, Router } from 'express';
import type { EntityAccess, PlacementRequest } from '../access/EntityAccess';
import type { ClusterReader } from '../cluster/ClusterReader';
import type { CanaryService } from '../canary/CanaryService';
import type { CertificatesService } from '../certificates/CertificatesService';
import type { OpinionService } from '../opinion/OpinionService';
import { PLACEMENT } from './paths';
import { read } from './requests';
import type { ChangeSignals } from '../signals/ChangeSignals';
import type { TopologyService } from '../topology/TopologyService';
import type { TracesService } from '../traces/TracesService';
import type { OverviewService } from '../overview/OverviewService';
import type { RoutesService } from '../routes/RoutesService';
import type { SecurityService } from '../security/SecurityService';
import { BuiltView, ViewCache } from '../views/ViewCache';

type AnyView = { sources: SourceStatus[] };

/** The routes that show a placement. */
export function addViews(
  router: Router,
  services: {
    access: EntityAccess;
    cache: ViewCache;
    overview: OverviewService;
    routes: RoutesService;
    security: SecurityService;
    topology: TopologyService;
    traces: TracesService;
    canary: CanaryService;
    opinion: OpinionService;
    certificates: CertificatesService;
    signals: ChangeSignals;
  },
): void {
  const { access, cache, security, topology, traces, canary } = services;

  /** Answers a reader of a view, who is told of its changes from then on. */
  const answer = <T>(
    req: Request,
    eventId: string,
    view: (asked: PlacementRequest) => Promise<T>,
  ): Promise<T> =>
    access.placement(req, eventId, asked => {
      services.signals.follow(asked.placement, asked.credentials);
      return view(asked);
    });

  /** A view that is the same for whoever may read it. */
  const shared = (
    name: string,
    view: (
      clusters: ClusterReader,
      placement: Placement,
      window: TimeWindow,
    ) => Promise<AnyView>,
  ) =>
    router.get(`${PLACEMENT}/${name}`, async (req, res) => {
      const window = read.window(req.query.window);
      sendView(
        res,
        await answer(req, `${name}-read`, ({ placement }) =>
          cache.get({ name, placement, question: window }, clusters =>
            view(clusters, placement, window),
          ),
        ),
      );
    });

  /** A view that is built once for all, and to which something is added for each reader. */
  const own = <T extends AnyView>(
    name: string,
    view: (
      clusters: ClusterReader,
      placement: Placement,
      window: TimeWindow,
    ) => Promise<T>,
    forReader: (view: T, reader: PlacementRequest) => Promise<T>,
  ) =>
    router.get(`${PLACEMENT}/${name}`, async (req, res) => {
      const window = read.window(req.query.window);
      const built = await answer(req, `${name}-read`, async asked => {
        const { placement } = asked;
        const { value } = await cache.get(
          { name, placement, question: window },
          clusters => view(clusters, placement, window),
        );
        return forReader(value, asked);
      });
      sendView(res, new BuiltView(built));
    });

  for (const name of ['overview', 'routes', 'opinion'] as const) {
    shared(name, (...asked) => services[name].view(...asked));
  }
  own(
    'security',
    (...asked) => security.view(...asked),
    (view, { credentials }) => security.withOwners(view, credentials),
  );
  own(
    'canary',
    (...asked) => canary.view(...asked),
    (view, reader) => canary.withObstacle(view, reader),
  );

  router.get(`${PLACEMENT}/topology`, async (req, res) => {
    const window = read.window(req.query.window);
    const scope = read.scope(req.query.scope);
    const built = await answer(req, 'topology-read', async asked => {
      const subject = await topology.subjectFor(scope, asked);
      // What a system consists of depends on who asks.
      const ids = subject.services.map(({ id }) => id).sort();
      const question = `${window} ${scope} ${ids}`;
      const { value } = await cache.get(
        { name: 'topology', placement: asked.placement, question },
        clusters => topology.view(clusters, asked.placement, window, subject),
      );
      return topology.withOwners(value, asked.credentials);
    });
    sendView(res, new BuiltView(built));
  });
  router.get(`${PLACEMENT}/traces`, async (req, res) => {
    const { window: given, ...query } = req.query;
    const window = read.window(given);
    const traceQuery = read.traceQuery(query);
    const question = `${window} ${JSON.stringify(traceQuery)}`;
    sendView(
      res,
      await answer(req, 'traces-read', ({ placement }) =>
        cache.get({ name: 'traces', placement, question }, clusters =>
          traces.view(clusters, placement, window, traceQuery),
        ),
      ),
    );
  });
  router.get(`${PLACEMENT}/traces/:traceId`, async (req, res) => {
    const traceId = read.traceId(req.params.traceId);
    res.json(
      await access.placement(req, 'trace-read', ({ placement }) =>
        traces.trace(placement, traceId),
      ),
    );
  });
  router.get(`${PLACEMENT}/dependencies`, async (req, res) => {
    const window = read.window(req.query.window);
    res.json(
      await access.placement(req, 'dependencies-read', ({ placement }) =>
        traces.dependencies(placement, window),
      ),
    );
  });
  router.get(`${PLACEMENT}/certificates`, async (req, res) => {
    res.json(
      await access.placement(req, 'certificates-read', ({ placement }) =>
        services.certificates.ofPlacement(placement),
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

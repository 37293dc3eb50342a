import {
  MESH_VIEWS,
  type MeshViewName,
  type MeshViewQuery,
} from '@meshdeck/plugin-mesh-common';
import type { Request, Response, Router } from 'express';
import type { EntityAccess } from '../access/EntityAccess';
import type { CertificatesService } from '../certificates/CertificatesService';
import type { ChangesService } from '../memory/ChangesService';
import type { ClusterReader } from '../cluster/ClusterReader';
import type { PlacementViews } from '../placementViews/PlacementViews';
import type { KeptViewName } from '../placementViews/ViewDefinition';
import type { ChangeSignals } from '../signals/ChangeSignals';
import type { TracesService } from '../traces/TracesService';
import type { BuiltView } from '../views/ViewCache';
import { changeRights } from './changeRights';
import { PLACEMENT } from './paths';
import { read } from './requests';

const inWindow = ({ query }: Request) => ({
  window: read.window(query.window),
});

/** How the query of each view is read. */
const QUERIES: {
  [Name in MeshViewName]: (req: Request) => MeshViewQuery<Name>;
} = {
  overview: inWindow,
  routes: inWindow,
  security: inWindow,
  canary: inWindow,
  opinion: inWindow,
  dependencies: inWindow,
  certificates: () => ({}),
  changes: () => ({}),
  topology: req => ({ ...inWindow(req), scope: read.scope(req.query.scope) }),
  traces({ query: { window, ...query } }) {
    return { window: read.window(window), ...read.traceQuery(query) };
  },
  trace: ({ params }) => ({ traceId: read.traceId(params.traceId) }),
};

/** The routes that show a placement. */
export function addViews(
  router: Router,
  services: {
    access: EntityAccess;
    certificates: CertificatesService;
    clusters: ClusterReader;
    remembered: ChangesService;
    signals: ChangeSignals;
    traces: TracesService;
    views: PlacementViews;
  },
): void {
  const { access, certificates, clusters, remembered, signals } = services;
  const { traces, views } = services;

  /** Whoever reads a view that is kept is told of its changes from then on. */
  const addKept = <Name extends KeptViewName>(name: Name) =>
    router.get(pathOf(name), async (req, res) => {
      const query = QUERIES[name](req);
      const view = await access.placement(req, `${name}-read`, asked => {
        signals.follow(asked.placement, asked.credentials);
        return views.get(name, asked, query);
      });
      sendView(res, view);
    });
  views.names.forEach(addKept);

  router.get(pathOf('trace'), async (req, res) => {
    const { traceId } = QUERIES.trace(req);
    res.json(
      await access.placement(req, 'trace-read', ({ placement }) =>
        traces.trace(placement, traceId),
      ),
    );
  });
  router.get(pathOf('dependencies'), async (req, res) => {
    const { window } = QUERIES.dependencies(req);
    res.json(
      await access.placement(req, 'dependencies-read', ({ placement }) =>
        traces.dependencies(clusters, placement, window),
      ),
    );
  });
  router.get(pathOf('changes'), async (req, res) => {
    res.json(
      await access.placement(req, 'changes-read', async asked => {
        const [view, cannot] = await Promise.all([
          remembered.view(asked.placement),
          changeRights(services, asked),
        ]);
        return { ...view, cannot };
      }),
    );
  });
  router.get(pathOf('certificates'), async (req, res) => {
    res.json(
      await access.placement(req, 'certificates-read', ({ placement }) =>
        certificates.ofPlacement(placement),
      ),
    );
  });
}

function pathOf(name: MeshViewName): string {
  return `${PLACEMENT}/${MESH_VIEWS[name].path}`;
}

/** Answers 304 to whoever has the view already. */
function sendView(res: Response, view: BuiltView<unknown>): void {
  res.set('Cache-Control', 'private, no-cache');
  res.set('ETag', view.etag);
  res.type('application/json; charset=utf-8').send(view.json);
}

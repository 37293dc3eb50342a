import type {
  CanaryView,
  CertificatesView,
  ChangesView,
  OpinionView,
  OverviewView,
  RoutesView,
  SecurityView,
  TimeWindow,
  TopologyQuery,
  TopologyView,
  TraceDependenciesView,
  TraceQuery,
  TracesView,
  TraceView,
} from './views';

/** How far back the numbers of a view look. @public */
export interface WindowQuery {
  window: TimeWindow;
}

type SearchParameters = Record<string, string | undefined>;

/** A view of one placement: where it is, and what it is asked with. @public */
export interface MeshViewRoute<View, Query> {
  /** Below the placement; `:name` stands for a field of the query. */
  readonly path: string;
  /** The query as it goes into the address. */
  readonly search: (query: Query) => SearchParameters;
  /** Never there: it carries the type of the answer. */
  readonly answer?: View;
}

const inWindow = ({ window }: WindowQuery): SearchParameters => ({ window });

function route<View, Query>(
  path: string,
  search: (query: Query) => SearchParameters,
): MeshViewRoute<View, Query> {
  return { path, search };
}

/** Every view of a placement, by name: client and server both go by this map. @public */
export const MESH_VIEWS = {
  overview: route<OverviewView, WindowQuery>('overview', inWindow),
  routes: route<RoutesView, WindowQuery>('routes', inWindow),
  security: route<SecurityView, WindowQuery>('security', inWindow),
  canary: route<CanaryView, WindowQuery>('canary', inWindow),
  topology: route<TopologyView, WindowQuery & TopologyQuery>(
    'topology',
    ({ window, scope }) => ({ window, scope }),
  ),
  traces: route<TracesView, WindowQuery & TraceQuery>('traces', query => ({
    window: query.window,
    operation: query.operation,
    tags: query.tags && JSON.stringify(query.tags),
    minDurationMs: query.minDurationMs?.toString(),
    errorsOnly: query.errorsOnly ? 'true' : undefined,
    version: query.version,
    limit: query.limit?.toString(),
  })),
  trace: route<TraceView, { traceId: string }>('traces/:traceId', () => ({})),
  /** What Kiali says beside us, and where to look further. */
  opinion: route<OpinionView, WindowQuery>('opinion', inWindow),
  certificates: route<CertificatesView, {}>('certificates', () => ({})),
  /** What was changed from this portal. */
  changes: route<ChangesView, {}>('changes', () => ({})),
  /** Callers and callees, as far as a sample of traces shows. */
  dependencies: route<TraceDependenciesView, WindowQuery>(
    'dependencies',
    inWindow,
  ),
};

/** @public */
export type MeshViewName = keyof typeof MESH_VIEWS;

/** What a view answers. @public */
export type MeshViewOf<Name extends MeshViewName> = NonNullable<
  (typeof MESH_VIEWS)[Name]['answer']
>;

/** What a view is asked with. @public */
export type MeshViewQuery<Name extends MeshViewName> = Parameters<
  (typeof MESH_VIEWS)[Name]['search']
>[0];

const ROUTES: {
  [Name in MeshViewName]: MeshViewRoute<MeshViewOf<Name>, MeshViewQuery<Name>>;
} = MESH_VIEWS;

/** The route of a view, typed by its name. @public */
export function meshViewRoute<Name extends MeshViewName>(
  name: Name,
): MeshViewRoute<MeshViewOf<Name>, MeshViewQuery<Name>> {
  return ROUTES[name];
}

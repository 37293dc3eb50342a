import type {
  ApplyRequest,
  ApplyResult,
  CanaryView,
  CertificatesView,
  ChangePreview,
  ControlPlanesView,
  DiagnosisView,
  FleetCoverageView,
  FleetPage,
  FleetQuery,
  MendIntent,
  MendRequest,
  OpinionView,
  OverviewView,
  PlacementsView,
  RoutesView,
  SecurityView,
  TimeWindow,
  TopologyQuery,
  TopologyView,
  TraceDependenciesView,
  TraceQuery,
  TracesView,
  TraceView,
  TryCallRequest,
  TryCallResult,
  TryRouteRequest,
  TryRouteResult,
  WeightIntent,
} from './views';
import {
  type MeshViewName,
  type MeshViewOf,
  type MeshViewQuery,
} from './meshViews';

/** Names a view of one placement of one entity. @public */
export interface ViewAddress {
  entityRef: string;
  /** A {@link Placement} id. */
  placement: string;
}

/** What the mesh backend answers, typed. @public */
export interface MeshApi {
  placements(entityRef: string): Promise<PlacementsView>;
  overview(address: ViewAddress, window: TimeWindow): Promise<OverviewView>;
  routes(address: ViewAddress, window: TimeWindow): Promise<RoutesView>;
  security(address: ViewAddress, window: TimeWindow): Promise<SecurityView>;
  traces(
    address: ViewAddress,
    window: TimeWindow,
    query?: TraceQuery,
  ): Promise<TracesView>;
  trace(address: ViewAddress, traceId: string): Promise<TraceView>;
  canary(address: ViewAddress, window: TimeWindow): Promise<CanaryView>;
  topology(
    address: ViewAddress,
    window: TimeWindow,
    query?: TopologyQuery,
  ): Promise<TopologyView>;
  /** What Kiali says beside us, and where to look further. */
  opinion(address: ViewAddress, window: TimeWindow): Promise<OpinionView>;
  certificates(address: ViewAddress): Promise<CertificatesView>;
  /** Callers and callees, as far as a sample of traces shows. */
  dependencies(
    address: ViewAddress,
    window: TimeWindow,
  ): Promise<TraceDependenciesView>;
  tryRoute(
    address: ViewAddress,
    request: TryRouteRequest,
  ): Promise<TryRouteResult>;
  tryCall(
    address: ViewAddress,
    request: TryCallRequest,
  ): Promise<TryCallResult>;
  previewWeights(
    address: ViewAddress,
    intent: WeightIntent,
  ): Promise<ChangePreview>;
  /**
   * @throws {@link ChangeConflictError} where the object changed since the preview, {@link UnknownOutcomeError} where nobody
   * can say whether it was written.
   */
  applyWeights(
    address: ViewAddress,
    request: ApplyRequest,
  ): Promise<ApplyResult>;
  /** What mending a finding would do. */
  previewMend(address: ViewAddress, intent: MendIntent): Promise<ChangePreview>;
  /** @throws as {@link MeshApi.applyWeights} does. */
  applyMend(address: ViewAddress, request: MendRequest): Promise<ApplyResult>;
  /** A page of all services. */
  fleet(query: FleetQuery): Promise<FleetPage>;
  /** All services that fit, whatever the page, as CSV. */
  fleetCsv(query: FleetQuery): Promise<string>;
  fleetCoverage(): Promise<FleetCoverageView>;
  controlPlanes(): Promise<ControlPlanesView>;
  /** How each source of each cluster is reached. */
  diagnosis(): Promise<DiagnosisView>;
}

/** Any view of a placement, by its name in MESH_VIEWS. @public */
export interface MeshViewsApi {
  view<Name extends MeshViewName>(
    name: Name,
    address: ViewAddress,
    query: MeshViewQuery<Name>,
  ): Promise<MeshViewOf<Name>>;
}

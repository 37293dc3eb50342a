import type {
  ApplyRequest,
  ApplyResult,
  ChangePreview,
  ControlPlanesView,
  DiagnosisView,
  FleetChangesPage,
  FleetChangesQuery,
  FleetCoverageView,
  FleetPage,
  FleetQuery,
  MendIntent,
  MendRequest,
  PlacementsView,
  ServiceChangeIntent,
  ServiceChangeRequest,
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
  /** Any view of a placement, by its name in {@link MESH_VIEWS}. */
  view<Name extends MeshViewName>(
    name: Name,
    address: ViewAddress,
    query: MeshViewQuery<Name>,
  ): Promise<MeshViewOf<Name>>;
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
  /** What an intent would do. */
  previewChange(
    address: ViewAddress,
    intent: ServiceChangeIntent,
  ): Promise<ChangePreview>;
  /** @throws as {@link MeshApi.applyWeights} does. */
  applyChange(
    address: ViewAddress,
    request: ServiceChangeRequest,
  ): Promise<ApplyResult>;
  /** A page of all services. */
  fleet(query: FleetQuery): Promise<FleetPage>;
  /** All services that fit, whatever the page, as CSV. */
  fleetCsv(query: FleetQuery): Promise<string>;
  /** What was changed of services that one may see, a page at a time. */
  fleetChanges(query: FleetChangesQuery): Promise<FleetChangesPage>;
  fleetCoverage(): Promise<FleetCoverageView>;
  controlPlanes(): Promise<ControlPlanesView>;
  /** How each source of each cluster is reached. */
  diagnosis(): Promise<DiagnosisView>;
}

import { parseEntityRef } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
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
import type { OnboardingRequest, OnboardingResult } from './onboarding';
import {
  type MeshViewName,
  type MeshViewOf,
  type MeshViewQuery,
  meshViewRoute,
} from './meshViews';
import { pathSegment } from './pathSegment';
import type { MeshApi, ViewAddress } from './MeshApi';
import { UnknownOutcomeError, ChangeConflictError } from './changeErrors';

/** Talks to the mesh backend over HTTP. @public */
export class MeshClient implements MeshApi {
  static create(options: {
    /** Where the plugin's API answers, without a trailing slash. */
    baseUrl: () => Promise<string>;
    fetch: typeof fetch;
  }): MeshClient {
    return new MeshClient(options.baseUrl, options.fetch);
  }

  private constructor(
    private readonly baseUrl: () => Promise<string>,
    private readonly fetchApi: typeof fetch,
  ) {}

  placements(entityRef: string): Promise<PlacementsView> {
    return this.send(`${entityPath(entityRef)}/placements`);
  }

  view<Name extends MeshViewName>(
    name: Name,
    address: ViewAddress,
    query: MeshViewQuery<Name>,
  ): Promise<MeshViewOf<Name>> {
    const { path, search } = meshViewRoute(name);
    const filled = path.replace(/:(\w+)/g, (_all, field) =>
      pathSegment(String(Reflect.get(query, field))),
    );
    return this.send(
      `${placementPath(address)}/${filled}${searchOf(search(query))}`,
    );
  }

  tryRoute(
    address: ViewAddress,
    request: TryRouteRequest,
  ): Promise<TryRouteResult> {
    return this.send(`${placementPath(address)}/routes/try`, request);
  }

  tryCall(
    address: ViewAddress,
    request: TryCallRequest,
  ): Promise<TryCallResult> {
    return this.send(`${placementPath(address)}/security/try`, request);
  }

  previewWeights(
    address: ViewAddress,
    intent: WeightIntent,
  ): Promise<ChangePreview> {
    return this.send(`${placementPath(address)}/canary/preview`, intent);
  }

  applyWeights(
    address: ViewAddress,
    request: ApplyRequest,
  ): Promise<ApplyResult> {
    return this.change(`${placementPath(address)}/canary/apply`, request);
  }

  previewMend(
    address: ViewAddress,
    intent: MendIntent,
  ): Promise<ChangePreview> {
    return this.send(`${placementPath(address)}/findings/preview`, intent);
  }

  applyMend(address: ViewAddress, request: MendRequest): Promise<ApplyResult> {
    return this.change(`${placementPath(address)}/findings/apply`, request);
  }

  previewChange(
    address: ViewAddress,
    intent: ServiceChangeIntent,
  ): Promise<ChangePreview> {
    return this.send(`${placementPath(address)}/changes/preview`, intent);
  }

  applyChange(
    address: ViewAddress,
    request: ServiceChangeRequest,
  ): Promise<ApplyResult> {
    return this.change(`${placementPath(address)}/changes/apply`, request);
  }

  /** Brings a new service into the mesh, or with `dryRun` says what that would do. */
  onboard(request: OnboardingRequest): Promise<OnboardingResult> {
    return this.send('/onboardings', request);
  }

  fleet(query: FleetQuery): Promise<FleetPage> {
    return this.send(`/fleet/services${searchOf(fleetParameters(query))}`);
  }

  async fleetCsv(query: FleetQuery): Promise<string> {
    const search = searchOf(fleetParameters(query));
    const response = await this.fetchApi(
      `${await this.baseUrl()}/v1/fleet/services.csv${search}`,
    );
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return response.text();
  }

  fleetChanges({
    cursor,
    limit,
  }: FleetChangesQuery): Promise<FleetChangesPage> {
    const search = searchOf({ cursor, limit: limit?.toString() });
    return this.send(`/fleet/changes${search}`);
  }

  fleetCoverage(): Promise<FleetCoverageView> {
    return this.send('/fleet/coverage');
  }

  controlPlanes(): Promise<ControlPlanesView> {
    return this.send('/fleet/control-plane');
  }

  diagnosis(): Promise<DiagnosisView> {
    return this.send('/sources');
  }

  private async change(path: string, request: unknown): Promise<ApplyResult> {
    try {
      return await this.send(path, request);
    } catch (error) {
      throw isRefusal(error)
        ? error
        : new UnknownOutcomeError((error as Error).message);
    }
  }

  private async send<T>(path: string, body?: unknown): Promise<T> {
    const response = await this.fetchApi(
      `${await this.baseUrl()}/v1${path}`,
      body === undefined
        ? undefined
        : {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify(body),
          },
    );
    if (response.ok) {
      return response.json();
    }
    if (response.status === 409 || response.status === 503) {
      const answer = await response
        .clone()
        .json()
        .catch(() => ({}));
      if (answer.conflict) {
        throw new ChangeConflictError(answer.conflict);
      }
      if (answer.outcome === 'unknown') {
        throw new UnknownOutcomeError(answer.error.message);
      }
    }
    throw await ResponseError.fromResponse(response);
  }
}

/** An answer of the mesh backend that nothing was written; what stands before it may answer 5xx after a request went through. */
function isRefusal(error: unknown): boolean {
  if (error instanceof ResponseError) {
    const { statusCode, body } = error;
    return (
      statusCode < 500 ||
      (statusCode === 503 && body.error.name === 'ServiceUnavailableError')
    );
  }
  return error instanceof ChangeConflictError;
}

/** `?…` of what is given; nothing where nothing is. */
function searchOf(parameters: Record<string, string | undefined>): string {
  const given = Object.entries(parameters).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return given.length ? `?${new URLSearchParams(given)}` : '';
}

function fleetParameters(query: FleetQuery) {
  const { descending, limit, text, ...rest } = query;
  return {
    text: text || undefined,
    ...rest,
    descending: descending?.toString(),
    limit: limit?.toString(),
  };
}

function entityPath(entityRef: string): string {
  const { kind, namespace, name } = parseEntityRef(entityRef);
  return `/entities/${[kind, namespace, name].map(pathSegment).join('/')}`;
}

function placementPath(address: ViewAddress): string {
  return `${entityPath(address.entityRef)}/placements/${pathSegment(
    address.placement,
  )}`;
}

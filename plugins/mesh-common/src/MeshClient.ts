import { parseEntityRef } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import type {
  ApplyRequest,
  ApplyResult,
  CanaryView,
  ChangePreview,
  ConflictDetails,
  OverviewView,
  PlacementsView,
  RoutesView,
  SecurityView,
  TimeWindow,
  TraceQuery,
  TracesView,
  TraceView,
  TryCallRequest,
  TryCallResult,
  TryRouteRequest,
  TryRouteResult,
  WeightIntent,
} from './views';
import type { OnboardingRequest, OnboardingResult } from './onboarding';

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
  /** @throws {@link ChangeConflictError} where the object changed since the preview. */
  applyWeights(
    address: ViewAddress,
    request: ApplyRequest,
  ): Promise<ApplyResult>;
}

/** Somebody changed the object since the preview; nothing was written. @public */
export class ChangeConflictError extends Error {
  readonly name = 'ChangeConflictError';

  constructor(readonly conflict: ConflictDetails) {
    super(conflict.message);
  }
}

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

  overview(address: ViewAddress, window: TimeWindow): Promise<OverviewView> {
    return this.view(address, 'overview', { window });
  }

  routes(address: ViewAddress, window: TimeWindow): Promise<RoutesView> {
    return this.view(address, 'routes', { window });
  }

  security(address: ViewAddress, window: TimeWindow): Promise<SecurityView> {
    return this.view(address, 'security', { window });
  }

  traces(
    address: ViewAddress,
    window: TimeWindow,
    query: TraceQuery = {},
  ): Promise<TracesView> {
    return this.view(address, 'traces', {
      window,
      operation: query.operation,
      tags: query.tags && JSON.stringify(query.tags),
      minDurationMs: query.minDurationMs?.toString(),
      errorsOnly: query.errorsOnly ? 'true' : undefined,
      limit: query.limit?.toString(),
    });
  }

  trace(address: ViewAddress, traceId: string): Promise<TraceView> {
    return this.view(address, `traces/${encodeURIComponent(traceId)}`, {});
  }

  canary(address: ViewAddress, window: TimeWindow): Promise<CanaryView> {
    return this.view(address, 'canary', { window });
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
    return this.send(`${placementPath(address)}/canary/apply`, request);
  }

  /** Brings a new service into the mesh, or with `dryRun` says what that would do. */
  onboard(request: OnboardingRequest): Promise<OnboardingResult> {
    return this.send('/onboardings', request);
  }

  private view<T>(
    address: ViewAddress,
    name: string,
    query: Record<string, string | undefined>,
  ): Promise<T> {
    const given = Object.entries(query).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    const search = given.length ? `?${new URLSearchParams(given)}` : '';
    return this.send(`${placementPath(address)}/${name}${search}`);
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
    if (response.status === 409) {
      const answer = await response.clone().json();
      if (answer.conflict) {
        throw new ChangeConflictError(answer.conflict);
      }
    }
    throw await ResponseError.fromResponse(response);
  }
}

function entityPath(entityRef: string): string {
  const { kind, namespace, name } = parseEntityRef(entityRef);
  return `/entities/${[kind, namespace, name]
    .map(encodeURIComponent)
    .join('/')}`;
}

function placementPath(address: ViewAddress): string {
  return `${entityPath(address.entityRef)}/placements/${encodeURIComponent(
    address.placement,
  )}`;
}

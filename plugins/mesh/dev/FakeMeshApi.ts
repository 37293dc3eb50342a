import {
  ChangeConflictError,
  type ApplyRequest,
  type ApplyResult,
  type CanaryView,
  type ChangePreview,
  type ControlPlanesView,
  type DiagnosisView,
  type FleetCoverageView,
  type FleetPage,
  type FleetQuery,
  type MeshViewName,
  type MeshViewOf,
  type MeshViewQuery,
  type Placement,
  type PlacementsView,
  type TraceSummary,
  type TracesView,
  type TryCallRequest,
  type TryCallResult,
  type TryRouteRequest,
  type TryRouteResult,
  type ViewAddress,
  type ViewBase,
  type WeightIntent,
  type MeshApi,
} from '@meshdeck/plugin-mesh-common';
import {
  destinationRule,
  virtualService,
  virtualServiceYaml,
} from '../src/__fixtures__/objects';
import {
  controlPlanes,
  diagnosis,
  fleetChanges,
  fleetCoverage,
  fleetPage,
} from '../src/__fixtures__/fleet';
import { largeTrace, loginTrace } from '../src/__fixtures__/traces';
import {
  canaryView,
  certificatesView,
  dependenciesView,
  flaggerRollout,
  noAnnotationView,
  opinionView,
  prometheusDown,
  overviewView,
  placementsView,
  production,
  routesView,
  securityView,
  staging,
  topologyView,
  tracesView,
  weightPreview,
} from '../src/__fixtures__/views';
import { changesView, mendPreview } from '../src/__fixtures__/changes';

/** What one may look at, by `?mood=` in the address. */
export const MOODS = [
  'well',
  'prometheus-down',
  'all-stale',
  'no-annotation',
  'forbidden',
  'silent',
  'busy-colleague',
  'flagger',
] as const;

export type Mood = (typeof MOODS)[number];

function foundTraces(
  placement: Placement,
  query: MeshViewQuery<'traces'>,
): TracesView {
  const view = tracesView(Date.now(), placement);
  const fits = ({ operation, outcome, durationMs }: TraceSummary) =>
    (!query.operation || operation === query.operation) &&
    (!query.errorsOnly || outcome === 'error') &&
    durationMs >= (query.minDurationMs ?? 0);
  return {
    ...view,
    window: query.window,
    traces: view.traces.filter(fits),
  };
}

/** Plays the mesh of one service, for looking at the pages without a backend. */
export class FakeMeshApi implements MeshApi {
  private weights = { stable: 90, canary: 10 };
  private resourceVersion = 48211;

  private readonly views: {
    [Name in MeshViewName]: (
      placement: Placement,
      query: MeshViewQuery<Name>,
    ) => MeshViewOf<Name> | Promise<MeshViewOf<Name>>;
  } = {
    overview: (placement, { window }) =>
      this.inMood({ ...overviewView(Date.now(), placement), window }),
    routes: (placement, { window }) =>
      this.inMood({ ...routesView(Date.now(), placement), window }),
    security: (placement, { window }) =>
      this.inMood({ ...securityView(Date.now(), placement), window }),
    traces: (placement, query) => this.inMood(foundTraces(placement, query)),
    trace: (_, { traceId }) =>
      traceId === 'large' ? largeTrace(10_000) : loginTrace(Date.now()),
    canary: (placement, { window }) =>
      this.inMood({ ...this.canary(placement), window }),
    topology: (placement, { window }) =>
      this.inMood({ ...topologyView(Date.now(), placement), window }),
    opinion: (placement, { window }) =>
      this.inMood({ ...opinionView(Date.now(), placement), window }),
    certificates: () => certificatesView(Date.now()),
    changes: () => changesView(),
    dependencies: (placement, { window }) => ({
      ...dependenciesView(Date.now(), placement),
      window,
    }),
  };

  static create(options: { mood: Mood }): FakeMeshApi {
    return new FakeMeshApi(options.mood);
  }

  private constructor(private readonly mood: Mood) {}

  async placements(): Promise<PlacementsView> {
    return this.mood === 'no-annotation' ? noAnnotationView : placementsView;
  }

  async view<Name extends MeshViewName>(
    name: Name,
    address: ViewAddress,
    query: MeshViewQuery<Name>,
  ): Promise<MeshViewOf<Name>> {
    const placement = address.placement === staging.id ? staging : production;
    return this.views[name](placement, query);
  }

  async tryRoute(
    _: ViewAddress,
    request: TryRouteRequest,
  ): Promise<TryRouteResult> {
    const { rules } = routesView();
    const isLogin =
      request.method === 'POST' && request.path.startsWith('/api/auth/login');
    return isLogin
      ? {
          rule: { id: rules[0].id, number: 1 },
          sentence: 'The path starts with /api/auth/login and it is a POST.',
          skipped: [],
          destinations: rules[0].destinations,
        }
      : {
          rule: { id: rules[2].id, number: 3 },
          sentence: 'It takes everything the rules before it leave.',
          skipped: [
            {
              id: rules[0].id,
              number: 1,
              why: 'it is no POST to /api/auth/login',
            },
            { id: rules[1].id, number: 2, why: 'header x-canary is absent' },
          ],
          destinations: rules[2].destinations,
        };
  }

  async tryCall(
    _: ViewAddress,
    request: TryCallRequest,
  ): Promise<TryCallResult> {
    return request.from === 'orion/gateway-service'
      ? {
          outcome: 'allowed',
          sentence: 'Rule 1 of auth-service-policy names gateway-service.',
        }
      : {
          outcome: 'denied',
          status: 403,
          sentence: 'auth-service-policy allows only gateway-service.',
        };
  }

  async previewWeights(
    _: ViewAddress,
    intent: WeightIntent,
  ): Promise<ChangePreview> {
    const { stable, canary } = this.weights;
    return {
      ...weightPreview,
      resourceVersion: String(this.resourceVersion),
      before: virtualServiceYaml(stable, canary),
      after: virtualServiceYaml(intent.weights.stable, intent.weights.canary),
      takesOverFrom: ['kubectl-client-side-apply'],
      sentence: `canary goes from ${canary} % to ${intent.weights.canary} % of the requests of rule 1.`,
    };
  }

  async applyWeights(
    _: ViewAddress,
    request: ApplyRequest,
  ): Promise<ApplyResult> {
    if (this.mood === 'busy-colleague') {
      this.weights = { stable: 50, canary: 50 };
      this.resourceVersion += 1;
    }
    const { stable, canary } = this.weights;
    if (request.resourceVersion !== String(this.resourceVersion)) {
      throw new ChangeConflictError({
        current: {
          ...virtualService,
          yaml: virtualServiceYaml(stable, canary),
        },
        seen: request.resourceVersion,
        message: 'kubectl changed it 4 s after your preview.',
      });
    }
    this.weights = {
      stable: request.weights.stable,
      canary: request.weights.canary,
    };
    this.resourceVersion += 1;
    return {
      object: virtualService,
      sentence: `canary now gets ${request.weights.canary} % of the requests of rule 1.`,
    };
  }

  async previewChange(): Promise<ChangePreview> {
    return mendPreview;
  }

  async applyChange(): Promise<ApplyResult> {
    return { object: destinationRule, sentence: mendPreview.sentence };
  }

  async previewMend(): Promise<ChangePreview> {
    return mendPreview;
  }

  async applyMend(): Promise<ApplyResult> {
    return { object: destinationRule, sentence: mendPreview.sentence };
  }

  async fleet({ text = '', level }: FleetQuery): Promise<FleetPage> {
    const page = fleetPage(Date.now());
    const rows = page.rows.filter(
      ({ placement, verdict }) =>
        placement.service.includes(text) &&
        (level === undefined ||
          (level === 'attention'
            ? verdict.level !== 'ok'
            : verdict.level === level)),
    );
    return { ...page, rows, total: rows.length };
  }

  async fleetCsv(): Promise<string> {
    return 'cluster,namespace,service\r\n';
  }

  async fleetChanges() {
    return fleetChanges();
  }

  async fleetCoverage(): Promise<FleetCoverageView> {
    return fleetCoverage(Date.now());
  }

  async controlPlanes(): Promise<ControlPlanesView> {
    return controlPlanes(Date.now());
  }

  async diagnosis(): Promise<DiagnosisView> {
    return diagnosis(Date.now());
  }

  private canary(placement: Placement): CanaryView {
    const view = canaryView(Date.now(), placement);
    const [login, ...others] = view.rules;
    const { stable, canary } = this.weights;
    return {
      ...view,
      rollout: this.mood === 'flagger' ? flaggerRollout(Date.now()) : undefined,
      rules: [{ ...login, weights: { stable, canary } }, ...others],
      versions: view.versions.map(version => ({
        ...version,
        weight: version.subset === 'canary' ? canary : stable,
      })),
    };
  }

  private inMood<V extends ViewBase>(view: V): Promise<V> | V {
    const now = Date.now();
    const asOf = new Date(now - 42_000).toISOString();
    switch (this.mood) {
      case 'prometheus-down':
        return { ...view, sources: prometheusDown(now) };
      case 'all-stale':
        return {
          ...view,
          sources: view.sources.map(({ id }) => ({
            id,
            status: 'stale',
            asOf,
          })),
        };
      case 'forbidden':
        throw Object.assign(new Error('You may not read this.'), {
          statusCode: 403,
        });
      case 'silent':
        return new Promise(() => {});
      default:
        return view;
    }
  }
}

import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  describeRef,
  type KubeObjectRef,
  refOf,
  versionSplits,
  type VersionSplits,
  Workload,
  workloadsOf,
} from '@meshdeck/istio-config';
import {
  CanaryView,
  meshCanaryRunPermission,
  Placement,
  TimeWindow,
} from '@meshdeck/plugin-mesh-common';
import type { EntityAccess } from '../access/EntityAccess';
import { bindingProblem } from '../changes/binding';
import { isMovedByRollouts } from '../changes/guard';
import { WEIGHTS_NEED, weightObstacle } from '../changes/weightChange';
import { changeObstacle } from '../cluster/changeObstacle';
import type { ClusterSnapshot } from '../cluster/ClusterStore';
import type { ClusterReader } from '../cluster/ClusterReader';
import type { MetricsService } from '../metrics/MetricsService';
import { settledEach } from '../sources/settled';
import { toObjectYaml } from '../facts/objects';
import { serviceFacts } from '../facts/serviceFacts';
import type { HealthService } from '../health/HealthService';
import { findRollout } from '../rollouts/findRollout';
import { canaryRules } from './canaryRules';
import { measuredPods } from './measuredPods';
import { readRollout, rolloutObstacle } from '../rollouts/rollouts';
import { rolloutVerdict } from '../rollouts/rolloutVerdict';
import { servicePair } from '../rollouts/servicePair';
import { serviceAt, weighedServices } from '../rollouts/weighedServices';
import { handVerdict } from './splitVerdict';
import {
  mainRule,
  serviceVersion,
  subsetVersion,
  subsetWorkloads,
} from './versions';
import type { WeightHistory } from './WeightHistory';
import { numbersOf, withWeights } from './rolloutVersions';

const NO_PROMETHEUS = 'No Prometheus is configured: set mesh.prometheus.url.';

/**
 * The Canary tab: who has which share, who moves it, and who moved it before. Prometheus is asked four things: the requests of
 * now, their outcomes and their latencies over the window, and what the pods use; where each version is a Service of its own,
 * the first three for each.
 */
export class CanaryService {
  static create(options: {
    metrics: MetricsService;
    access: EntityAccess;
    history: WeightHistory;
    health: HealthService;
  }) {
    return new CanaryService(options);
  }

  private constructor(
    private readonly services: Parameters<typeof CanaryService.create>[0],
  ) {}

  async view(
    clusters: ClusterReader,
    placement: Placement,
    window: TimeWindow,
  ): Promise<CanaryView> {
    const { history, health } = this.services;
    const snapshot = await clusters.snapshot(placement.cluster);
    const { set, source } = snapshot;
    const judged = health.of(snapshot, placement);
    const known = versionSplits(set, placement);
    const found = findRollout(set, placement);
    const services =
      (found && servicePair(found, known)) ?? weighedServices(known);
    const { versions, metricsSource } = services
      ? await this.serviceVersions(snapshot, {
          placement,
          window,
          known,
          services,
        })
      : await this.subsetVersions(snapshot, { placement, window, known });
    const rollout =
      found && readRollout(set, found, numbersOf(found, versions));
    const rules = canaryRules(set, known);
    const places = routeObjectsOf(known).flatMap(
      ref => set.get(ref.kind, ref.namespace, ref.name) ?? [],
    );
    const [object] = places;
    return {
      placement,
      window,
      ...(await judged),
      remark:
        rollout && source.status !== 'down'
          ? rolloutVerdict(rollout, placement)
          : handVerdict(source, versions, {
              object: object && refOf(object),
              rules,
              missing: missingSubsets(known),
            }),
      sources: [source, metricsSource],
      findings: serviceFacts(set, placement).findings,
      provider: providerOf(known),
      object: object && toObjectYaml(object),
      versions: rollout
        ? withWeights(versions, found, rollout.weight)
        : versions,
      rules,
      rollout,
      history: history.of(
        placement.cluster,
        [...places, ...(found ? [found.object] : [])].map(refOf),
      ),
    };
  }

  /** The view with what keeps the reader from moving weights, if anything does. */
  async withObstacle(
    view: CanaryView,
    clusters: ClusterReader,
    asker: { credentials: BackstageCredentials; entityRef: string },
  ): Promise<CanaryView> {
    return {
      ...view,
      cannotChange: await this.obstacle(clusters, view.placement, asker),
    };
  }

  private async obstacle(
    clusters: ClusterReader,
    placement: Placement,
    asker: { credentials: BackstageCredentials; entityRef: string },
  ): Promise<string | undefined> {
    const { cluster } = placement;
    const snapshot = await clusters.snapshot(cluster);
    const unread = changeObstacle(snapshot, { cluster, needs: WEIGHTS_NEED });
    if (unread) {
      return unread;
    }
    const { set } = snapshot;
    const driven = rolloutObstacle(set, placement);
    if (driven) {
      return driven;
    }
    if (!(await this.services.access.may(meshCanaryRunPermission, asker))) {
      return `You need the permission ${meshCanaryRunPermission.name} for ${asker.entityRef}. Its owner, or who runs the portal, can give it.`;
    }
    const { entityRef } = asker;
    const unbound = bindingProblem(set, placement, entityRef);
    if (unbound) {
      return unbound;
    }
    const closed = versionSplits(set, placement).splits.map(split =>
      weightObstacle(set, split, { placement, entityRef }),
    );
    return closed.includes(undefined) ? undefined : closed[0];
  }

  private async subsetVersions(
    { set }: ClusterSnapshot,
    facts: { placement: Placement; window: TimeWindow; known: VersionSplits },
  ) {
    const { placement, window, known } = facts;
    const workloads = known.subsets.map(subset =>
      subsetWorkloads(set, placement, subset),
    );
    const { places, pods, source } = await this.numbers([placement], {
      window,
      workloads,
    });
    const main = mainRule(known.splits);
    const versions = known.subsets.map((subset, index) =>
      subsetVersion(subset, {
        workloads: workloads[index],
        routes: known.routes,
        main,
        traffic: places[0].requestsOfNow,
        trends: places[0].trendsOfVersions,
        ...pods[index],
      }),
    );
    return { versions, metricsSource: source };
  }

  /** Each version is a Service of its own and has numbers of its own. */
  private async serviceVersions(
    { set }: ClusterSnapshot,
    facts: {
      placement: Placement;
      window: TimeWindow;
      known: VersionSplits;
      services: readonly string[];
    },
  ) {
    const { placement, window, known, services } = facts;
    const own = services.map(name => serviceAt(placement, name));
    const workloads = own.map(({ namespace, service }) =>
      workloadsOf(set, namespace, service),
    );
    const main = mainRule(known.splits);
    const { places, pods, source } = await this.numbers(own, {
      window,
      workloads,
    });
    const total = places.reduce(
      (sum, { requestsOfNow }) => sum + (requestsOfNow?.requestsPerSecond ?? 0),
      0,
    );
    const versions = own.map((version, index) =>
      serviceVersion({
        set,
        name: services[index],
        main,
        placement: version,
        workloads: workloads[index],
        routes: known.routes,
        traffic: places[index].requestsOfNow,
        total,
        trends: places[index].trendsOfVersions,
        ...pods[index],
      }),
    );
    return { versions, metricsSource: source };
  }

  /** The requests to some services, and what the pods of each version use; all at once. */
  private async numbers(
    services: readonly Placement[],
    facts: {
      window: TimeWindow;
      workloads: readonly (readonly Workload[])[];
    },
  ) {
    const { metrics } = this.services;
    const { window, workloads } = facts;
    const measured = measuredPods(workloads);
    const groups = measured.map(({ group }) => group);
    const asked = services.map((service, index) => ({
      requestsOfNow: metrics.traffic(service, 'now'),
      trendsOfVersions: metrics.trendByVersion(service, window),
      // One question for the pods of all.
      usageOfPods:
        index === 0 ? metrics.podUse(service, window, groups) : undefined,
    }));
    const { values, source } = await settledEach('prometheus', asked, {
      absent: NO_PROMETHEUS,
    });
    const [{ usageOfPods }] = values;
    return {
      places: values,
      pods: measured.map((pod, index) => ({
        measured: pod,
        use: usageOfPods?.[index],
      })),
      source,
    };
  }
}

function missingSubsets({ routes }: VersionSplits): string[] {
  const names = routes.rules
    .flatMap(({ destinations }) => destinations)
    .filter(({ state, share }) => state === 'no-such-subset' && share > 0)
    .flatMap(({ subset }) => subset ?? []);
  return [...new Set(names)];
}

function providerOf({ splits }: VersionSplits): CanaryView['provider'] {
  const [first] = splits;
  if (!first) {
    return 'none';
  }
  return first.between === 'subsets' ? 'virtualservice' : 'gatewayapi';
}

/** The objects whose rules decide over a service: the one in force first, then those that it delegates to or is merged with. */
function routeObjectsOf({ routes }: VersionSplits): KubeObjectRef[] {
  const written = routes.rules.flatMap(({ source }) => source?.object ?? []);
  const refs = [...(routes.decidedBy ? [routes.decidedBy] : []), ...written];
  const byName = new Map(refs.map(ref => [describeRef(ref), ref]));
  return [...byName.values()].filter(isMovedByRollouts);
}

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
  CanaryVersion,
  CanaryView,
  meshCanaryRunPermission,
  Placement,
  SourceStatus,
  TimeWindow,
} from '@meshdeck/plugin-mesh-common';
import type { EntityAccess } from '../access/EntityAccess';
import { bindingProblem } from '../changes/binding';
import { closedNamespace } from '../changes/guard';
import type { ClusterSnapshot } from '../cluster/ClusterStore';
import type { ClusterReader } from '../cluster/ClusterReader';
import type { ClusterStores } from '../cluster/ClusterStores';
import type { MetricsService } from '../metrics/MetricsService';
import { Settled, settled } from '../sources/settled';
import { toObjectYaml } from '../views/objects';
import { serviceFacts } from '../views/serviceFacts';
import {
  findRollout,
  FoundRollout,
  VersionPlace,
} from '../rollouts/findRollout';
import type { VersionNumbers, VersionPair } from '../rollouts/gates';
import { canaryRules } from './canaryRules';
import { measuredPods } from './measuredPods';
import { readRollout, rolloutObstacle } from '../rollouts/rollouts';
import { rolloutVerdict } from '../rollouts/rolloutVerdict';
import { handVerdict } from './splitVerdict';
import {
  mainRule,
  serviceVersion,
  subsetVersion,
  subsetWorkloads,
} from './versions';
import type { WeightHistory } from './WeightHistory';

const NO_PROMETHEUS = 'No Prometheus is configured: set mesh.prometheus.url.';

/**
 * The Canary tab: who has which share, who moves it, and who moved it before. Prometheus is asked four things: the requests of
 * now, their outcomes and their latencies over the window, and what the pods use; where each version is a Service of its own,
 * the first three for each.
 */
export class CanaryService {
  static create(options: {
    clusters: ClusterStores;
    metrics: MetricsService;
    access: EntityAccess;
    history: WeightHistory;
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
    const { history } = this.services;
    const snapshot = await clusters.snapshot(placement.cluster);
    const { set, source } = snapshot;
    const known = versionSplits(set, placement);
    const found = findRollout(set, placement);
    const pair = found && servicePair(found, known);
    const { versions, metricsSource } = pair
      ? await this.serviceVersions(snapshot, {
          placement,
          window,
          known,
          pair,
        })
      : await this.subsetVersions(snapshot, { placement, window, known });
    const rollout =
      found && readRollout(set, found, numbersOf(found, versions));
    const rules = canaryRules(set, known);
    const places = virtualServicesOf(known).flatMap(
      ref => set.get(ref.kind, ref.namespace, ref.name) ?? [],
    );
    const [object] = places;
    return {
      placement,
      window,
      verdict:
        rollout && source.status !== 'down'
          ? rolloutVerdict(rollout, placement)
          : handVerdict(source, versions, {
              hasObject: object !== undefined,
              rules,
            }),
      sources: [source, metricsSource],
      findings: serviceFacts(set, placement).findings,
      provider: rules.length > 0 ? 'virtualservice' : 'none',
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
    asker: { credentials: BackstageCredentials; entityRef: string },
  ): Promise<CanaryView> {
    return {
      ...view,
      cannotChange: await this.obstacle(view.placement, asker),
    };
  }

  private async obstacle(
    placement: Placement,
    asker: { credentials: BackstageCredentials; entityRef: string },
  ): Promise<string | undefined> {
    const { clusters } = this.services;
    const { set } = await clusters.snapshot(placement.cluster);
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
    const closed = versionSplits(set, placement).splits.map(({ source }) =>
      closedNamespace(set, { placement, entityRef }, source.object),
    );
    return closed.includes(undefined) ? undefined : closed[0];
  }

  private async subsetVersions(
    { set }: ClusterSnapshot,
    facts: { placement: Placement; window: TimeWindow; known: VersionSplits },
  ) {
    const { metrics } = this.services;
    const { placement, window, known } = facts;
    const workloads = known.subsets.map(subset =>
      subsetWorkloads(set, placement, subset),
    );
    const [now, courses, saturation] = await Promise.all([
      settled('prometheus', metrics.traffic(placement, 'now'), {
        absent: NO_PROMETHEUS,
      }),
      settled('prometheus', metrics.courseByVersion(placement, window)),
      this.podUse(placement, window, workloads),
    ]);
    const main = mainRule(known.splits);
    const versions = known.subsets.map((subset, index) =>
      subsetVersion(subset, {
        workloads: workloads[index],
        routes: known.routes,
        main,
        traffic: now.value,
        courses: courses.value,
        ...saturation.of(index),
      }),
    );
    return {
      versions,
      metricsSource: worstOf([now, courses, saturation.answer]),
    };
  }

  /** Each version is a Service of its own and has numbers of its own. */
  private async serviceVersions(
    { set }: ClusterSnapshot,
    facts: {
      placement: Placement;
      window: TimeWindow;
      known: VersionSplits;
      pair: [stable: string, canary: string];
    },
  ) {
    const { metrics } = this.services;
    const { placement, window, known, pair } = facts;
    const workloads = pair.map(service =>
      workloadsOf(set, placement.namespace, service),
    );
    const [saturation, ...asked] = await Promise.all([
      this.podUse(placement, window, workloads),
      ...pair.map(async service => {
        const own = { ...placement, service };
        const [now, courses] = await Promise.all([
          settled('prometheus', metrics.traffic(own, 'now'), {
            absent: NO_PROMETHEUS,
          }),
          settled('prometheus', metrics.courseByVersion(own, window)),
        ]);
        return { own, now, courses };
      }),
    ]);
    const total = asked.reduce(
      (sum, { now }) => sum + (now.value?.requestsPerSecond ?? 0),
      0,
    );
    const versions = asked.map(({ own, now, courses }, index) =>
      serviceVersion({
        set,
        placement: own,
        workloads: workloads[index],
        routes: known.routes,
        traffic: now.value,
        total,
        courses: courses.value,
        ...saturation.of(index),
      }),
    );
    return {
      versions,
      metricsSource: worstOf([
        ...asked.map(({ now }) => now),
        ...asked.map(({ courses }) => courses),
        saturation.answer,
      ]),
    };
  }

  /** What the pods of all versions use; `of` has it for one version. */
  private async podUse(
    placement: Placement,
    window: TimeWindow,
    workloads: readonly (readonly Workload[])[],
  ) {
    const measured = measuredPods(workloads);
    const answer = await settled(
      'prometheus',
      this.services.metrics.podUse(
        placement,
        window,
        measured.map(({ group }) => group),
      ),
    );
    const of = (index: number) => ({
      measured: measured[index],
      use: answer.value?.[index],
    });
    return { answer, of };
  }
}

/** The VirtualServices that decide over a service: the one in force first, then those that it delegates to. */
function virtualServicesOf({ routes }: VersionSplits): KubeObjectRef[] {
  const written = routes.rules.flatMap(({ source }) => source?.object ?? []);
  const refs = [...(routes.decidedBy ? [routes.decidedBy] : []), ...written];
  const byName = new Map(refs.map(ref => [describeRef(ref), ref]));
  return [...byName.values()].filter(({ kind }) => kind === 'VirtualService');
}

/** What Prometheus said of itself: the first complaint, if there is one. */
function worstOf([
  first,
  ...others
]: readonly Settled<unknown>[]): SourceStatus {
  const ill = [first, ...others].find(({ source }) => source.status !== 'ok');
  return (ill ?? first).source;
}

/** The two Services of a rollout that has no subsets. */
function servicePair(
  { stable, canary }: FoundRollout,
  { subsets }: VersionSplits,
): [string, string] | undefined {
  return subsets.length < 2 &&
    stable &&
    canary &&
    'service' in stable &&
    'service' in canary
    ? [stable.service, canary.service]
    : undefined;
}

function numbersOf(
  { stable, canary }: FoundRollout,
  versions: readonly CanaryVersion[],
): VersionPair {
  const numbers = (
    place: VersionPlace | undefined,
  ): VersionNumbers | undefined => {
    const version = versions.find(({ subset }) => subset === nameOf(place));
    return (
      version && {
        requestsPerSecond: version.requestsPerSecond.value,
        errorShare: version.errorShare.value,
        p99Ms: version.p99Ms.value,
      }
    );
  };
  return { stable: numbers(stable), canary: numbers(canary) };
}

function nameOf(place: VersionPlace | undefined): string | undefined {
  if (place === undefined) {
    return undefined;
  }
  return 'subset' in place ? place.subset : place.service;
}

/** Where no route of the mesh has weights, what the tool says of them. */
function withWeights(
  versions: CanaryVersion[],
  { stable, canary }: FoundRollout,
  weight: number | undefined,
): CanaryVersion[] {
  if (weight === undefined || versions.some(version => version.weight > 0)) {
    return versions;
  }
  const weights = new Map([
    [nameOf(stable), 100 - weight],
    [nameOf(canary), weight],
  ]);
  return versions.map(version => ({
    ...version,
    weight: weights.get(version.subset) ?? 0,
  }));
}

import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  EffectiveRoutes,
  MeshConfigSet,
  selects,
  Subset,
  workloadsOf,
} from '@meshdeck/istio-config';
import {
  CanaryRule,
  CanaryVersion,
  CanaryView,
  Figure,
  meshCanaryRunPermission,
  Placement,
  SourceStatus,
  TimeWindow,
  Verdict,
} from '@meshdeck/plugin-mesh-common';
import type { EntityAccess } from '../access/EntityAccess';
import { bindingProblem } from '../changes/binding';
import { readWeights } from '../changes/planWeights';
import type { ClusterStores } from '../cluster/ClusterStores';
import type { Course, MetricsService } from '../metrics/MetricsService';
import type { Traffic } from '../metrics/Traffic';
import { settled } from '../sources/settled';
import { toObjectYaml } from './objects';
import { snapshotOf } from './snapshotOf';
import { serviceFacts } from './serviceFacts';
import { percent, verdict } from './verdicts';

const EMPTY: Figure = { points: [] };

/** The Canary tab. */
export class CanaryService {
  static create(options: {
    clusters: ClusterStores;
    metrics: MetricsService;
    access: EntityAccess;
  }) {
    return new CanaryService(options);
  }

  private constructor(
    private readonly services: Parameters<typeof CanaryService.create>[0],
  ) {}

  async view(placement: Placement, window: TimeWindow): Promise<CanaryView> {
    const { clusters, metrics } = this.services;
    const [{ set, source }, now, courses] = await Promise.all([
      snapshotOf(clusters, placement.cluster),
      settled('prometheus', metrics.traffic(placement, 'now'), {
        absent: 'No Prometheus is configured: set mesh.prometheus.url.',
      }),
      settled('prometheus', metrics.courseByVersion(placement, window)),
    ]);
    const { routes, subsets, rules } = readWeights(set, placement);
    const main = mainRule(rules);
    const versions = subsets.map(subset =>
      toVersion(subset, {
        set,
        placement,
        weight: main?.weights[subset.name] ?? lastShare(routes, subset.name),
        traffic: now.value,
        courses: courses.value,
      }),
    );
    const object =
      routes.decidedBy &&
      set.get(
        'VirtualService',
        routes.decidedBy.namespace,
        routes.decidedBy.name,
      );
    return {
      placement,
      window,
      verdict: canaryVerdict(source, versions, {
        hasObject: object !== undefined,
        rules,
      }),
      sources: [source, now.source],
      findings: serviceFacts(set, placement).findings,
      provider: object && rules.length ? 'virtualservice' : 'none',
      object: object && toObjectYaml(object),
      versions,
      rules,
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
    if (!(await this.services.access.may(meshCanaryRunPermission, asker))) {
      return `You need the permission ${meshCanaryRunPermission.name} for ${asker.entityRef}. Its owner, or who runs the portal, can give it.`;
    }
    const { clusters } = this.services;
    const { set } = await snapshotOf(clusters, placement.cluster);
    return bindingProblem(set, placement, asker.entityRef);
  }
}

/** Per cent that the last rule, which takes what no other took, gives to a subset. */
function lastShare(routes: EffectiveRoutes, subset: string): number {
  const destination = routes.rules
    .at(-1)
    ?.destinations.find(candidate => candidate.subset === subset);
  return Math.round((destination?.share ?? 0) * 100);
}

/** The rule that splits requests, else the last one: it takes what no other took. */
function mainRule(rules: CanaryRule[]): CanaryRule | undefined {
  return (
    rules.find(
      ({ weights }) =>
        Object.values(weights).filter(weight => weight > 0).length > 1,
    ) ?? rules.at(-1)
  );
}

function toVersion(
  subset: Subset,
  facts: {
    set: MeshConfigSet;
    placement: Placement;
    weight: number;
    traffic?: Traffic;
    courses?: Map<string, Course>;
  },
): CanaryVersion {
  const { set, placement, weight, traffic, courses } = facts;
  const workloads = workloadsOf(
    set,
    placement.namespace,
    placement.service,
  ).filter(workload => selects(subset.labels, workload.labels));
  const revisions = new Set(
    workloads.map(({ canonicalRevision }) => canonicalRevision),
  );
  const own = traffic?.where(({ version }) => revisions.has(version));
  const course = [...revisions]
    .map(revision => courses?.get(revision))
    .find(candidate => candidate !== undefined);
  return {
    subset: subset.name,
    labels: subset.labels,
    weight,
    liveShare: traffic?.shareOf(({ version }) => revisions.has(version)),
    pods: workloads.reduce((sum, { pods }) => sum + pods.length, 0),
    readyPods: workloads.reduce((sum, { readyPods }) => sum + readyPods, 0),
    requestsPerSecond: {
      points: course?.requestsPerSecond.points ?? [],
      value: own?.requestsPerSecond,
    },
    errorShare: {
      points: course?.errorShare.points ?? [],
      value: own?.errorShare,
    },
    p99Ms: course?.p99Ms ?? EMPTY,
  };
}

function canaryVerdict(
  source: SourceStatus,
  versions: CanaryVersion[],
  facts: { hasObject: boolean; rules: readonly CanaryRule[] },
): Verdict {
  if (source.status === 'down') {
    return verdict('unknown', source.message ?? 'The cluster cannot be read.');
  }
  if (versions.length < 2) {
    return verdict(
      'ok',
      'There is one version only. For a canary, give the DestinationRule a second subset and deploy pods for it.',
    );
  }
  if (!facts.hasObject || facts.rules.length === 0) {
    return verdict(
      'ok',
      facts.hasObject
        ? 'No rule of the VirtualService names a subset, so requests are not split between versions.'
        : 'No VirtualService splits requests between the versions: they go to all pods alike.',
    );
  }
  return splitVerdict(versions, facts.rules);
}

/** What the rules make of the versions: those without pods first, then those that fail more often than others. */
function splitVerdict(
  versions: CanaryVersion[],
  rules: readonly CanaryRule[],
): Verdict {
  const reached = versions.filter(({ subset }) =>
    rules.some(({ weights }) => weights[subset] > 0),
  );
  const empty = reached.find(({ readyPods }) => readyPods === 0);
  if (empty) {
    const rule = rules.find(({ weights }) => weights[empty.subset] > 0);
    return verdict(
      'error',
      `${empty.subset} gets ${rule?.weights[empty.subset]} % of ${
        rule?.requests.join(' or ') ?? 'requests'
      } but has no ready pods: they are answered 503.`,
      'routes',
    );
  }
  const active = versions.filter(({ weight }) => weight > 0);
  const where = describeSplit(active, reached);
  const known = reached.filter(
    ({ errorShare }) => errorShare.value !== undefined,
  );
  const [best, ...rest] = [...known].sort(
    (a, b) => a.errorShare.value! - b.errorShare.value!,
  );
  const worst = rest.at(-1);
  if (worst && worst.errorShare.value! > best.errorShare.value! + 0.01) {
    return verdict(
      'warning',
      `${where}; ${worst.subset} fails more often: ${percent(
        worst.errorShare.value!,
      )} against ${percent(best.errorShare.value!)}.`,
    );
  }
  return verdict('ok', `${where}.`);
}

/** "canary gets 10 % beside stable"; where one gets everything, who else is reached by a rule of its own. */
function describeSplit(
  active: readonly CanaryVersion[],
  reached: readonly CanaryVersion[],
): string {
  if (active.length > 1) {
    const [smallest, ...others] = [...active].sort(
      (a, b) => a.weight - b.weight,
    );
    return `${smallest.subset} gets ${smallest.weight} % beside ${others
      .map(({ subset }) => subset)
      .join(' and ')}`;
  }
  const aside = reached.filter(version => !active.includes(version));
  return aside.length
    ? `Requests go to ${active[0]?.subset ?? 'no version'}, to ${aside
        .map(({ subset }) => subset)
        .join(' and ')} only by a rule of its own`
    : `Everything goes to ${active[0]?.subset ?? 'no version'}`;
}

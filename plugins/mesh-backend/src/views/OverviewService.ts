import type { Workload } from '@meshdeck/istio-config';
import type {
  OverviewView,
  Placement,
  RouteRuleView,
  TimeWindow,
  WorkloadSummary,
} from '@meshdeck/plugin-mesh-common';
import type { ClusterStores } from '../cluster/ClusterStores';
import type { MetricsService } from '../metrics/MetricsService';
import { requestsSent } from '../sources/requestsSent';
import { settled } from '../sources/settled';
import { snapshotOf } from './snapshotOf';
import { serviceFacts } from './serviceFacts';
import { verdictOf } from './verdicts';

/** The overview card: four queries to Prometheus at most. */
export class OverviewService {
  static create(options: { clusters: ClusterStores; metrics: MetricsService }) {
    return new OverviewService(options.clusters, options.metrics);
  }

  private constructor(
    private readonly clusters: ClusterStores,
    private readonly metrics: MetricsService,
  ) {}

  async view(placement: Placement, window: TimeWindow): Promise<OverviewView> {
    const asked = Promise.all([
      settled('prometheus', this.metrics.traffic(placement, window), {
        absent: 'No Prometheus is configured: set mesh.prometheus.url.',
      }),
      settled('prometheus', this.metrics.course(placement, window)),
    ]);
    const { set, source } = await snapshotOf(this.clusters, placement.cluster);
    await requestsSent();
    const { rules, findings, inMesh, workloads } = serviceFacts(set, placement);
    const [recent, course] = await asked;
    const traffic = recent.value;
    const figures = course.value;
    return {
      placement,
      window,
      verdict: verdictOf({
        kubernetes: source,
        inMesh,
        rules,
        findings,
        traffic,
        plaintextCallers: plaintextCallersOf(traffic),
      }),
      sources: [source, recent.source],
      findings,
      requestsPerSecond: {
        points: figures?.requestsPerSecond.points ?? [],
        value: traffic?.requestsPerSecond,
      },
      errorShare: {
        points: figures?.errorShare.points ?? [],
        value: traffic?.errorShare,
      },
      p99Ms: figures?.p99Ms ?? { points: [] },
      mtlsShare: {
        points: figures?.mtlsShare.points ?? [],
        value: traffic?.mtlsShare,
      },
      routes: rules.length,
      canary: splitOf(rules),
      inMesh,
      workloads: workloads.map(toSummary),
    };
  }
}

/** Callers without encryption, by name. */
export function plaintextCallersOf(
  traffic:
    | { edges: readonly { caller: string; encrypted?: boolean }[] }
    | undefined,
): string[] {
  const callers = traffic?.edges
    .filter(({ encrypted }) => encrypted === false)
    .map(({ caller }) => caller);
  return [...new Set(callers)].sort();
}

/** The smaller side of the first rule that splits traffic between versions. */
function splitOf(rules: RouteRuleView[]): OverviewView['canary'] {
  const rule = rules.find(
    ({ destinations }) =>
      destinations.filter(
        ({ subset, configuredShare }) =>
          subset !== undefined && configuredShare > 0,
      ).length > 1,
  );
  const [smallest] = [...(rule?.destinations ?? [])]
    .filter(({ configuredShare }) => configuredShare > 0)
    .sort((a, b) => a.configuredShare - b.configuredShare);
  return smallest?.subset
    ? { subset: smallest.subset, share: smallest.configuredShare }
    : undefined;
}

function toSummary(workload: Workload): WorkloadSummary {
  const { name, canonicalRevision, dataPlane, pods, readyPods } = workload;
  return {
    name,
    version: canonicalRevision,
    dataPlane,
    pods: pods.length,
    readyPods,
  };
}

import {
  ambientOf,
  injectionOf,
  MeshObjects,
  Workload,
} from '@meshdeck/istio-config';
import type {
  OverviewView,
  Placement,
  TimeWindow,
  WorkloadSummary,
} from '@meshdeck/plugin-mesh-common';
import { canaryInShort } from '../rollouts/canaryInShort';
import type { ClusterReader } from '../cluster/ClusterReader';
import type { MeasuredPlace, MetricsService } from '../metrics/MetricsService';
import { yieldToEventLoop } from '../eventLoop/Slice';
import { settled } from '../sources/settled';
import { serviceFacts } from '../facts/serviceFacts';
import type { HealthService } from '../health/HealthService';
import { measuredPlace } from '../health/measuredPlace';

/**
 * The overview card: six queries to Prometheus. Calls by caller, outcomes, p99, the last two a day before, and the calls of the health, which
 * every page of the service asks for; the alerts beside them are asked once per refresh period for all services.
 */
export class OverviewService {
  static create(options: { metrics: MetricsService; health: HealthService }) {
    return new OverviewService(options);
  }

  private constructor(
    private readonly services: Parameters<typeof OverviewService.create>[0],
  ) {}

  async view(
    clusters: ClusterReader,
    placement: Placement,
    window: TimeWindow,
  ): Promise<OverviewView> {
    const snapshot = await clusters.snapshot(placement.cluster);
    const { set, source } = snapshot;
    const asked = this.ask(measuredPlace(set, placement), window);
    const judged = this.services.health.of(snapshot, placement);
    await yieldToEventLoop();
    const facts = serviceFacts(set, placement);
    const { rules, findings, inMesh, workloads } = facts;
    // All that needs no numbers is done while they are under way.
    const canary = canaryInShort(set, placement, rules);
    const outsideBecause = inMesh ? [] : obstaclesOf(set, placement, workloads);
    const summaries = workloads.map(toSummary);
    const { values, source: prometheus } = await asked;
    const { requests: traffic, trends, alerts } = values;
    const dayBefore = values.trendsOfTheDayBefore;
    return {
      placement,
      window,
      ...(await judged),
      sources: [source, prometheus],
      findings,
      requestsPerSecond: {
        points: trends?.requestsPerSecond.points ?? [],
        value: traffic?.requestsPerSecond,
      },
      errorShare: {
        points: trends?.errorShare.points ?? [],
        value: traffic?.errorShare,
      },
      p99Ms: trends?.p99Ms ?? { points: [] },
      mtlsShare: {
        points: trends?.mtlsShare.points ?? [],
        value: traffic?.mtlsShare,
      },
      dayBefore: {
        requestsPerSecond: { points: [] },
        errorShare: { points: [] },
        p99Ms: { points: [] },
        ...dayBefore,
      },
      alerts,
      routes: rules.length,
      canary,
      inMesh,
      outsideBecause,
      workloads: summaries,
    };
  }

  private ask(placement: MeasuredPlace, window: TimeWindow) {
    const { metrics } = this.services;
    return settled(
      'prometheus',
      {
        requests: metrics.traffic(placement, window),
        trends: metrics.trend(placement, window),
        trendsOfTheDayBefore: metrics.trendOfDayBefore(placement, window),
        alerts: metrics.alerts(placement),
      },
      { absent: 'No Prometheus is configured: set mesh.prometheus.url.' },
    );
  }
}

/** What keeps a service's pods out of the mesh. */
function obstaclesOf(
  set: MeshObjects,
  placement: Placement,
  workloads: readonly Workload[],
): string[] {
  if (workloads.length === 0) {
    return [`Service ${placement.service} selects no pods`];
  }
  const namespace = set.namespace(placement.namespace);
  const reasons = workloads.flatMap(workload => {
    const [pod] = workload.pods;
    const template = workload.owner?.spec?.template ?? pod ?? {};
    const subject = {
      metadata: template.metadata,
      hostNetwork: template.spec?.hostNetwork,
    };
    const injection = injectionOf(namespace, subject);
    return injection.injects
      ? [
          `the pods of ${workload.name} are older than what puts them into the mesh (${injection.reason}): restart them`,
        ]
      : [injection.reason, ambientOf(namespace, subject).reason];
  });
  return [...new Set(reasons)];
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

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
import type { MetricsService } from '../metrics/MetricsService';
import { yieldToEventLoop } from '../eventLoop/Slice';
import { settled } from '../sources/settled';
import { plaintextCallersOf } from '../facts/callers';
import { serviceFacts } from '../facts/serviceFacts';
import { verdictOf } from '../facts/verdicts';

/**
 * The overview card: five queries to Prometheus. Calls by caller, outcomes, p99, and the last two a day before; the alerts
 * beside them are asked once per refresh period for all services.
 */
export class OverviewService {
  static create(options: { metrics: MetricsService }) {
    return new OverviewService(options.metrics);
  }

  private constructor(private readonly metrics: MetricsService) {}

  async view(
    clusters: ClusterReader,
    placement: Placement,
    window: TimeWindow,
  ): Promise<OverviewView> {
    const asked = this.ask(placement, window);
    const { set, source } = await clusters.snapshot(placement.cluster);
    await yieldToEventLoop();
    const facts = serviceFacts(set, placement);
    const { rules, findings, inMesh, openPorts, workloads } = facts;
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
      verdict: verdictOf({
        kubernetes: source,
        inMesh,
        openPorts,
        rules,
        findings,
        traffic,
        isClosedToPlaintext: facts.isClosedToPlaintext,
        plaintextCallers: plaintextCallersOf(traffic),
      }),
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

  private ask(placement: Placement, window: TimeWindow) {
    const { metrics } = this;
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

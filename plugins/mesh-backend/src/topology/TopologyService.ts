import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import { workloadsOf } from '@meshdeck/istio-config';
import type {
  Placement,
  TimeWindow,
  TopologyScope,
  TopologyView,
} from '@meshdeck/plugin-mesh-common';
import type { ClusterReader } from '../cluster/ClusterReader';
import type { HealthService } from '../health/HealthService';
import { measuredServices } from '../health/measuredPlace';
import type { MetricsService } from '../metrics/MetricsService';
import { settled } from '../sources/settled';
import type { OwnerLookup } from '../ownership/OwnerLookup';
import { serviceFacts } from '../facts/serviceFacts';
import { buildGraph } from './buildGraph';
import { foldGraph } from './foldGraph';
import type { SystemServices } from './SystemServices';
import { topologyVerdict } from './topologyVerdict';

/** More can be neither read nor drawn. */
export const MOST_NODES = 200;

/** What a topology is of. */
export interface TopologySubject {
  scope: TopologyScope;
  /** The placement itself first. */
  services: readonly Placement[];
}

/** The Topology tab: four queries to Prometheus, however many services it is of. */
export class TopologyService {
  static create(options: {
    metrics: MetricsService;
    owners: OwnerLookup;
    systems: SystemServices;
    health: HealthService;
  }) {
    return new TopologyService(options);
  }

  private constructor(
    private readonly services: Parameters<typeof TopologyService.create>[0],
  ) {}

  /** What a reader's topology is of: another one for who may see other services of the system. */
  async subjectFor(
    scope: TopologyScope,
    asked: {
      placement: Placement;
      entity: Entity;
      credentials: BackstageCredentials;
    },
  ): Promise<TopologySubject> {
    const { placement, entity, credentials } = asked;
    return {
      scope,
      services:
        scope === 'service'
          ? [placement]
          : await this.services.systems.of(placement, entity, credentials),
    };
  }

  async view(
    clusters: ClusterReader,
    placement: Placement,
    window: TimeWindow,
    subject: TopologySubject,
  ): Promise<TopologyView> {
    const { metrics, health } = this.services;
    const snapshot = await clusters.snapshot(placement.cluster);
    const { set, source } = snapshot;
    const judged = health.of(snapshot, placement);
    // Each of several Services behind one is a place of its own.
    const services = subject.services.flatMap(of =>
      (measuredServices(set, of).behind ?? [of.service]).map(name => ({
        namespace: of.namespace,
        name,
      })),
    );
    const workloads = services.flatMap(({ namespace, name }) =>
      workloadsOf(set, namespace, name),
    );
    const calls = await settled(
      'prometheus',
      metrics.calls(placement, window, { services, workloads }) ?? {},
      { absent: 'No Prometheus is configured: set mesh.prometheus.url.' },
    );
    const graph = foldGraph(
      buildGraph(set, services, calls.values),
      MOST_NODES,
    );
    return {
      placement,
      window,
      ...(await judged),
      remark: topologyVerdict(graph, {
        kubernetes: source,
        prometheus: calls.source,
        knowsRequests: calls.values.requests !== undefined,
      }),
      sources: [source, calls.source],
      findings: serviceFacts(set, placement).findings,
      scope: subject.scope,
      ...graph,
    };
  }

  /** The view with the nodes' entities and owners, as far as the reader may see them. */
  async withOwners(
    view: TopologyView,
    clusters: ClusterReader,
    credentials: BackstageCredentials,
  ): Promise<TopologyView> {
    const { owners } = this.services;
    const { cluster: name } = view.placement;
    const { set } = await clusters.snapshot(name);
    return {
      ...view,
      nodes: await owners.withOwners(view.nodes, { name, set }, credentials),
    };
  }
}

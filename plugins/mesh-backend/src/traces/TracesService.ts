import type {
  Placement,
  TimeWindow,
  TraceDependenciesView,
  TraceQuery,
  TracesView,
  TraceView,
} from '@meshdeck/plugin-mesh-common';
import { NotFoundError } from '@backstage/errors';
import { MeshObjects, workloadsOf } from '@meshdeck/istio-config';
import type { ClusterReader } from '../cluster/ClusterReader';
import type { MeshSettings, TracingEndpoint } from '../config/MeshSettings';
import type { HealthService } from '../health/HealthService';
import type { Sources } from '../sources/Sources';
import { windowSeconds } from '../sources/timeWindow';
import { settled } from '../sources/settled';
import { tracesVerdict } from './tracesVerdict';
import type { TracedService } from '../sources/tracing/TraceSource';

const DEFAULT_LIMIT = 20;

/** How Istio's proxies name the version of their pod in spans. */
const VERSION_TAG = 'istio.canonical_revision';

/** The Traces tab. */
export class TracesService {
  static create(options: {
    sources: Sources;
    settings: MeshSettings;
    health: HealthService;
  }) {
    return new TracesService(options);
  }

  private constructor(
    private readonly services: Parameters<typeof TracesService.create>[0],
  ) {}

  async view(
    clusters: ClusterReader,
    placement: Placement,
    window: TimeWindow,
    query: TraceQuery,
  ): Promise<TracesView> {
    const snapshot = await clusters.snapshot(placement.cluster);
    const { set, source } = snapshot;
    const judged = this.services.health.of(snapshot, placement);
    const traces = this.services.sources.traces(placement.cluster);
    const service = this.tracedService(placement, set);
    const to = Date.now();
    const { version, ...rest } = query;
    const found = await settled(
      'traces',
      {
        traces: traces?.search({
          ...rest,
          tags: version
            ? { ...query.tags, [VERSION_TAG]: version }
            : query.tags,
          ...service,
          from: to - windowSeconds(window) * 1000,
          to,
          limit: query.limit ?? DEFAULT_LIMIT,
        }),
        operations: traces?.operations(service),
      },
      { absent: 'No tracing system is configured: set mesh.tracing.url.' },
    );
    const { traces: result, operations } = found.values;
    return {
      placement,
      window,
      ...(await judged),
      remark: tracesVerdict({
        source: found.source,
        traces: result?.traces,
        more: result?.more ?? false,
        window,
        query,
        ...service,
        now: to,
      }),
      sources: [source, found.source],
      findings: [],
      serviceName: service.serviceName,
      operations: operations ?? [],
      versions: versionsOf(placement, set),
      traces: result?.traces ?? [],
      more: result?.more ?? false,
      omittedSpans: result?.omittedSpans || undefined,
    };
  }

  async trace(placement: Placement, traceId: string): Promise<TraceView> {
    const { sources, settings } = this.services;
    const traces = sources.traces(placement.cluster);
    if (!traces) {
      throw new NotFoundError(
        'No tracing system is configured: set mesh.tracing.url.',
      );
    }
    return {
      ...(await traces.trace(traceId, placement.namespace)),
      ...linkOut(settings.sourcesOf(placement.cluster).tracing, traceId),
    };
  }

  /** Who calls the service and whom it calls, as its traces show: also outside the mesh's metrics. */
  async dependencies(
    clusters: ClusterReader,
    placement: Placement,
    window: TimeWindow,
  ): Promise<TraceDependenciesView> {
    const { set, source } = await clusters.snapshot(placement.cluster);
    const service = this.tracedService(placement, set);
    const to = Date.now();
    const from = to - windowSeconds(window) * 1000;
    const found = await settled(
      'traces',
      {
        dependencies: this.services.sources
          .traces(placement.cluster)
          ?.dependencies(service, { from, to }),
      },
      { absent: 'No tracing system is configured: set mesh.tracing.url.' },
    );
    return {
      placement,
      window,
      serviceName: service.serviceName,
      sources: [source, found.source],
      dependencies: found.values.dependencies,
    };
  }

  /** Istio names spans after the workload's canonical service; the scheme is the tracing configuration's. */
  private tracedService(placement: Placement, set: MeshObjects): TracedService {
    const [workload] = workloadsOf(set, placement.namespace, placement.service);
    const scheme =
      this.services.settings.sourcesOf(placement.cluster).tracing
        ?.serviceName ?? '{app}.{namespace}';
    return {
      serviceName: scheme
        .replaceAll('{app}', workload?.canonicalService ?? placement.service)
        .replaceAll('{service}', placement.service)
        .replaceAll('{namespace}', placement.namespace),
      namespace: placement.namespace,
    };
  }
}

function versionsOf(placement: Placement, set: MeshObjects): string[] {
  const { namespace, service } = placement;
  const workloads = workloadsOf(set, namespace, service);
  return [...new Set(workloads.map(each => each.canonicalRevision))].sort();
}

/** Where the tracing system itself shows a trace, if a person can go there. */
function linkOut(
  tracing: TracingEndpoint | undefined,
  traceId: string,
): Pick<TraceView, 'externalUrl' | 'externalName'> {
  return tracing?.traceLink
    ? {
        externalUrl: tracing.traceLink.replaceAll('{traceId}', traceId),
        // Tempo's traces are read in Grafana.
        externalName: tracing.type === 'jaeger' ? 'Jaeger' : 'Grafana',
      }
    : {};
}

import type {
  Placement,
  TimeWindow,
  TraceQuery,
  TracesView,
  TraceView,
} from '@meshdeck/plugin-mesh-common';
import { NotFoundError } from '@backstage/errors';
import { MeshConfigSet, workloadsOf } from '@meshdeck/istio-config';
import type { ClusterStores } from '../cluster/ClusterStores';
import type { MeshSettings } from '../config';
import { windowSeconds } from '../metrics/window';
import { settled } from '../sources/settled';
import { snapshotOf } from '../views/snapshotOf';
import { tracesVerdict } from '../views/verdicts';
import { JaegerSource } from './JaegerSource';

const DEFAULT_LIMIT = 20;

/** The Traces tab. */
export class TracesService {
  static create(options: { clusters: ClusterStores; settings: MeshSettings }) {
    return new TracesService(options.clusters, options.settings);
  }

  private constructor(
    private readonly clusters: ClusterStores,
    private readonly settings: MeshSettings,
  ) {}

  async view(
    placement: Placement,
    window: TimeWindow,
    query: TraceQuery,
  ): Promise<TracesView> {
    const { set, source } = await snapshotOf(this.clusters, placement.cluster);
    const jaeger = this.source(placement.cluster);
    const serviceName = this.serviceName(placement, set);
    const to = Date.now();
    const found = await settled(
      'traces',
      jaeger &&
        Promise.all([
          jaeger.search({
            ...query,
            serviceName,
            from: to - windowSeconds(window) * 1000,
            to,
            limit: query.limit ?? DEFAULT_LIMIT,
          }),
          jaeger.operations(serviceName),
        ]),
      { absent: 'No tracing system is configured: set mesh.tracing.url.' },
    );
    const [result, operations] = found.value ?? [undefined, undefined];
    return {
      placement,
      window,
      verdict: tracesVerdict(found.source, result?.traces, window),
      sources: [source, found.source],
      findings: [],
      serviceName,
      operations: operations ?? [],
      traces: result?.traces ?? [],
      more: result?.more ?? false,
    };
  }

  async trace(placement: Placement, traceId: string): Promise<TraceView> {
    const jaeger = this.source(placement.cluster);
    if (!jaeger) {
      throw new NotFoundError(
        'No tracing system is configured: set mesh.tracing.url.',
      );
    }
    return jaeger.trace(traceId, placement.namespace);
  }

  private source(cluster: string): JaegerSource | undefined {
    const endpoint = this.settings.tracingOf(cluster);
    return (
      endpoint &&
      JaegerSource.create({ endpoint, deadlineMs: this.settings.deadlineMs })
    );
  }

  /** Istio names spans after the workload's canonical service; the scheme is the tracing configuration's. */
  private serviceName(placement: Placement, set: MeshConfigSet): string {
    const [workload] = workloadsOf(set, placement.namespace, placement.service);
    const scheme =
      this.settings.tracingOf(placement.cluster)?.serviceName ??
      '{app}.{namespace}';
    return scheme
      .replaceAll('{app}', workload?.canonicalService ?? placement.service)
      .replaceAll('{service}', placement.service)
      .replaceAll('{namespace}', placement.namespace);
  }
}

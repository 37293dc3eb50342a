import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';
import type { KubeObject } from '@meshdeck/istio-config';
import type { ChangeLock, Placement } from '@meshdeck/plugin-mesh-common';
import { DirectAccess } from '../../__testUtils__/DirectAccess';
import { FaultyProxy } from '../../__testUtils__/FaultyProxy';
import type { TestCluster } from '../../__testUtils__/testClusters';
import { ClusterStores } from '../../cluster/ClusterStores';
import { KubernetesClient } from '../../cluster/KubernetesClient';
import type { ChangeMemory } from '../../memory/ChangeMemory';
import type { Change } from '../Change';
import { ChangePipeline } from '../ChangePipeline';
import { NO_REQUESTS, type OpenedRequests } from './noRequests';

/** The pipeline over a namespace of its own, whose cluster is behind a {@link FaultyProxy}. */
export class PipelineStage {
  static async open(options: {
    cluster: TestCluster;
    namespace: string;
    /** What is in the namespace. */
    objects: readonly KubeObject[];
    memory: ChangeMemory;
    deadlineMs: number;
    requests?: (access: DirectAccess) => OpenedRequests;
    isRequestOnly?: boolean;
  }): Promise<PipelineStage> {
    const { cluster, namespace, objects, deadlineMs } = options;
    await cluster.makeNamespace(namespace);
    for (const object of objects) {
      await cluster.apply(object);
    }
    const proxy = await FaultyProxy.open(cluster.server);
    const { token } = cluster.server;
    const access = DirectAccess.create({ c: { url: proxy.url, token } });
    const logger = mockServices.logger.mock();
    const clusters = ClusterStores.create({ access, logger, deadlineMs });
    clusters.start();
    await clusters.snapshot('c');
    return new PipelineStage(options, { proxy, access, logger, clusters });
  }

  readonly placement: Placement;
  readonly client: KubernetesClient;
  private readonly pipeline: ChangePipeline;

  private constructor(
    private readonly options: Parameters<typeof PipelineStage.open>[0],
    readonly way: {
      proxy: FaultyProxy;
      access: DirectAccess;
      logger: ReturnType<typeof mockServices.logger.mock>;
      clusters: ClusterStores;
    },
  ) {
    const { namespace, deadlineMs, requests = () => NO_REQUESTS } = options;
    const { access } = way;
    this.placement = { cluster: 'c', namespace, service: 'auth' } as Placement;
    this.client = KubernetesClient.create({ access, cluster: 'c', deadlineMs });
    this.pipeline = ChangePipeline.create({
      ...options,
      ...way,
      metrics: { traffic: () => undefined },
      requests: requests(access),
    });
  }

  get namespace(): string {
    return this.options.namespace;
  }

  get proxy(): FaultyProxy {
    return this.way.proxy;
  }

  preview(change: Change) {
    return this.pipeline.preview(this.asked, change);
  }

  /** Previews it, for the lock; the returned function then applies it. */
  async previewed(change: Change, more: Partial<ChangeLock> = {}) {
    const { resourceVersion, first, pullRequest } = await this.preview(change);
    const requestHead = more.asPullRequest && pullRequest?.updates?.head;
    const lock = {
      resourceVersion,
      first,
      takeOver: true,
      requestHead: requestHead || undefined,
      ...more,
    };
    const credentials = { principal: {} } as BackstageCredentials;
    return () =>
      this.pipeline.apply(
        this.placement,
        { ...this.asked, credentials },
        change,
        { lock, intent: { intent: 'several' } },
      );
  }

  remembered() {
    return this.options.memory.of(this.placement, 10);
  }

  close(): void {
    this.way.clusters.stop();
    this.proxy.close();
  }

  private get asked() {
    return { placement: this.placement, entityRef: 'component:default/auth' };
  }
}

import { injectionOf } from '@meshdeck/istio-config';
import type { Express } from 'express';
import { WorkloadController } from './controllers';
import { createJaegerApp } from './jaeger/createJaegerApp';
import { createKialiApp } from './kiali/createKialiApp';
import type { KialiAuth } from './kiali/Sessions';
import { AccessToken, KubernetesServer, ObjectStore } from './kubernetes';
import { listening, LoopbackServer } from './LoopbackServer';
import { loadPlatform, objectsOf } from './platforms/loadPlatform';
import { prepareObjects } from './platforms/prepareObjects';
import { createPrometheusApp } from './prometheus/createPrometheusApp';
import { Traffic } from './traffic/Traffic';

/** Where the stand-in cluster's servers listen; 0, the default, takes a free port. */
export interface DemoMeshPorts {
  kubernetes?: number;
  prometheus?: number;
  jaeger?: number;
  kiali?: number;
}

export interface DemoMeshOptions {
  /** Folders as those in `examples/platforms`. */
  platforms: readonly string[];
  ports?: DemoMeshPorts;
  /** Milliseconds since 1970. */
  clock?: () => number;
  /** Who may use the Kubernetes API. Without a token everything is allowed: it listens on loopback only. */
  tokens?: AccessToken[];
  /** Requests without a token are refused. */
  requireToken?: boolean;
  kialiAuth?: KialiAuth;
  seed?: number;
  /** How often Prometheus takes samples. */
  scrapeIntervalMs?: number;
}

export interface DemoMeshUrls {
  kubernetes: string;
  prometheus: string;
  jaeger: string;
  kiali: string;
}

/** A stand-in cluster: objects, traffic that obeys them, and the servers that tell of both. */
export class DemoMesh {
  static async start(options: DemoMeshOptions): Promise<DemoMesh> {
    const clock = options.clock ?? Date.now;
    const platforms = options.platforms.map(loadPlatform);
    const store = ObjectStore.create({ clock: () => new Date(clock()) });
    store.load(prepareObjects(objectsOf(platforms), clock()));
    const controller = WorkloadController.create({
      store,
      injects: (namespace, metadata) =>
        injectionOf(namespace, { metadata }).injects,
    });
    controller.start();
    const traffic = Traffic.create({
      objects: store,
      profiles: platforms.flatMap(platform => platform.traffic ?? []),
      clock,
      seed: options.seed,
    });
    const groups = platforms.flatMap(({ rules }) => rules);
    const mesh = new DemoMesh(
      store,
      traffic,
      controller,
      KubernetesServer.create({
        store,
        clock: () => new Date(clock()),
        tokens: options.tokens,
        anonymous: options.requireToken ? undefined : 'all',
      }),
    );
    const { ports = {}, scrapeIntervalMs, kialiAuth } = options;
    try {
      await mesh.startKubernetes(ports.kubernetes ?? 0);
      await mesh.serve('prometheus', ports.prometheus ?? 0, () =>
        createPrometheusApp({ traffic, groups, scrapeIntervalMs }),
      );
      await mesh.serve('jaeger', ports.jaeger ?? 0, () =>
        createJaegerApp({ traffic }),
      );
      await mesh.serve('kiali', ports.kiali ?? 0, () =>
        createKialiApp({ traffic, auth: kialiAuth }),
      );
    } catch (error) {
      await mesh.stop();
      throw error;
    }
    return mesh;
  }

  readonly urls: DemoMeshUrls = {
    kubernetes: '',
    prometheus: '',
    jaeger: '',
    kiali: '',
  };
  /** Ends and restarts the Kubernetes API, on the same port and with the same objects. */
  readonly kubernetes = {
    stop: () => this.kubernetesServer.close(),
    start: () =>
      this.startKubernetes(Number(new URL(this.urls.kubernetes).port)),
  };
  private readonly servers: LoopbackServer[] = [];

  private constructor(
    readonly store: ObjectStore,
    readonly traffic: Traffic,
    private readonly controller: WorkloadController,
    private readonly kubernetesServer: KubernetesServer,
  ) {}

  async stop(): Promise<void> {
    this.controller.stop();
    this.traffic.stop();
    await Promise.all([
      this.kubernetesServer.close(),
      ...this.servers.map(server => server.stop()),
    ]);
  }

  private async startKubernetes(port: number): Promise<void> {
    this.urls.kubernetes = await listening({ name: 'kubernetes', port }, () =>
      this.kubernetesServer.listen({ port }),
    );
  }

  private async serve(
    name: keyof DemoMeshUrls,
    port: number,
    createApp: () => Express,
  ): Promise<void> {
    const server = await LoopbackServer.start({
      name,
      port,
      listener: createApp(),
    });
    this.servers.push(server);
    this.urls[name] = server.url;
  }
}

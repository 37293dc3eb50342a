import type { RequestListener } from 'node:http';
import { ambientOf, injectionOf } from '@meshdeck/istio-config';
import { WorkloadController } from './controllers';
import type { GeneratedMeshOptions } from './generated/generatePlatform';
import { generatedTraffic } from './generated/generatedTraffic';
import { loadGenerated } from './generated/loadGenerated';
import { createJaegerApp } from './jaeger/createJaegerApp';
import { createKialiApp } from './kiali/createKialiApp';
import type { KialiAuth } from './kiali/Sessions';
import { AccessToken, KubernetesServer, ObjectStore } from './kubernetes';
import { loadPlatform, objectsOf } from './platforms/loadPlatform';
import { prepareObjects } from './platforms/prepareObjects';
import { createPrometheusApp } from './prometheus/createPrometheusApp';
import type { Fault } from './sources/Fault';
import type { LoggedRequest } from './sources/RequestLog';
import type { SourceName } from './sources/SourceName';
import { RequestCounts, Sources } from './sources/Sources';
import { createTempoApp } from './tempo/createTempoApp';
import type { IdFormat } from './tempo/writeOtlp';
import { Traffic } from './traffic/Traffic';

/** Where the stand-in cluster's servers listen; 0, the default, takes a free port. */
export type DemoMeshPorts = Partial<Record<SourceName, number>>;

export interface DemoMeshOptions {
  /** Folders as those in `examples/platforms`. */
  platforms: readonly string[];
  /** Services made by counting, besides those of the platforms. */
  generated?: GeneratedMeshOptions;
  /** Added to each answer of each source, but not to the events of a watch. */
  latencyMs?: number;
  ports?: DemoMeshPorts;
  /** Milliseconds since 1970. */
  clock?: () => number;
  /** Who may use the Kubernetes API. Without a token everything is allowed: it listens on loopback only. */
  tokens?: AccessToken[];
  /** Requests without a token are refused. */
  requireToken?: boolean;
  kialiAuth?: KialiAuth;
  /** How Tempo writes ids: version 2, the default, in base64, later ones in hexadecimal digits. */
  tempoIds?: IdFormat;
  seed?: number;
  /** How often Prometheus takes samples. */
  scrapeIntervalMs?: number;
}

export type DemoMeshUrls = Record<SourceName, string>;

/** A stand-in cluster: objects, traffic that obeys them, and the servers that tell of both. */
export class DemoMesh {
  static async start(options: DemoMeshOptions): Promise<DemoMesh> {
    const clock = options.clock ?? Date.now;
    const { generated } = options;
    const platforms = options.platforms.map(loadPlatform);
    const store = ObjectStore.create({ clock: () => new Date(clock()) });
    store.load(prepareObjects(objectsOf(platforms), clock()));
    if (generated) {
      loadGenerated(store, generated, clock());
    }
    const controller = WorkloadController.create({
      store,
      injects: (namespace, metadata) =>
        injectionOf(namespace, { metadata }).injects,
      captures: (namespace, metadata) =>
        ambientOf(namespace, { metadata }).isAmbient,
    });
    controller.start();
    const traffic = Traffic.create({
      objects: store,
      profiles: [
        ...platforms.flatMap(platform => platform.traffic ?? []),
        ...(generated ? generatedTraffic(generated.services) : []),
      ],
      clock,
      seed: options.seed,
    });
    const groups = platforms.flatMap(({ rules }) => rules);
    const kubernetes = KubernetesServer.create({
      store,
      clock: () => new Date(clock()),
      tokens: options.tokens,
      anonymous: options.requireToken ? undefined : 'all',
    });
    const mesh = new DemoMesh(
      store,
      traffic,
      controller,
      Sources.create({ latencyMs: options.latencyMs ?? 0 }),
    );
    const { ports = {}, scrapeIntervalMs, kialiAuth } = options;
    const listeners: [SourceName, RequestListener][] = [
      ['kubernetes', kubernetes.handler],
      [
        'prometheus',
        createPrometheusApp({ traffic, groups, scrapeIntervalMs }),
      ],
      ['jaeger', createJaegerApp({ traffic })],
      ['tempo', createTempoApp({ traffic, ids: options.tempoIds })],
      ['kiali', createKialiApp({ traffic, auth: kialiAuth })],
    ];
    try {
      for (const [name, listener] of listeners) {
        const port = ports[name] ?? 0;
        mesh.urls[name] = await mesh.sources.start(name, port, listener);
      }
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
    tempo: '',
    kiali: '',
  };
  /** Ends and restarts the Kubernetes API, on the same port and with the same objects. */
  readonly kubernetes = {
    stop: () => this.setFault('kubernetes', 'refused'),
    start: () => this.setFault('kubernetes', undefined),
  };

  private constructor(
    readonly store: ObjectStore,
    readonly traffic: Traffic,
    private readonly controller: WorkloadController,
    private readonly sources: Sources,
  ) {}

  /** Lets a source fail from now on, open connections included; without a fault it works again, on the same port. */
  setFault(source: SourceName, fault: Fault | undefined): Promise<void> {
    return this.sources.get(source).setFault(fault);
  }

  /** How a source fails at present. */
  faultOf(source: SourceName): Fault | undefined {
    return this.sources.get(source).fault;
  }

  /** The certificate of the fault `expired-certificate`, in PEM. */
  expiredCertificateOf(source: SourceName): string {
    return this.sources.get(source).expiredCertificate;
  }

  /** How many requests have reached each source since the start or the last reset. */
  requests(): RequestCounts {
    return this.sources.counts();
  }

  /** The latest 1,000 requests of a source, oldest first. */
  requestLog(source: SourceName): readonly LoggedRequest[] {
    return this.sources.latestRequests(source);
  }

  resetRequests(): void {
    this.sources.resetCounts();
  }

  async stop(): Promise<void> {
    this.controller.stop();
    this.traffic.stop();
    await this.sources.stop();
  }
}

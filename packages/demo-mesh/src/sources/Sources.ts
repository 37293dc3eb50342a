import type { RequestListener } from 'node:http';
import {
  KUBERNETES_REQUEST_KINDS,
  KubernetesRequestKind,
  kubernetesRequestKind,
} from './kubernetesRequestKinds';
import { LoggedRequest, RequestLog } from './RequestLog';
import { SOURCE_NAMES, SourceName } from './SourceName';
import { SourceServer } from './SourceServer';

/** How many requests reached each source. */
export interface RequestCounts {
  kubernetes: Record<KubernetesRequestKind, number> & { total: number };
  prometheus: number;
  /** Jaeger and Tempo together. */
  tracing: number;
  kiali: number;
}

/** All sources of one stand-in cluster. */
export class Sources {
  static create(options: { latencyMs: number }): Sources {
    return new Sources(options.latencyMs);
  }

  private readonly servers = new Map<SourceName, SourceServer>();
  private readonly logs = new Map<SourceName, RequestLog>(
    SOURCE_NAMES.map(name => [
      name,
      RequestLog.create({
        kindsOf: req =>
          name === 'kubernetes' ? [kubernetesRequestKind(req)] : [],
      }),
    ]),
  );

  private constructor(private readonly latencyMs: number) {}

  /** Starts one and says where it is. */
  async start(
    name: SourceName,
    port: number,
    listener: RequestListener,
  ): Promise<string> {
    const server = await SourceServer.start({
      name,
      port,
      listener,
      log: this.logOf(name),
      latencyMs: this.latencyMs,
      keepsForms: name === 'prometheus',
    });
    this.servers.set(name, server);
    return server.url;
  }

  get(name: SourceName): SourceServer {
    const server = this.servers.get(name);
    if (!server) {
      throw new Error(`The stand-in ${name} is not started`);
    }
    return server;
  }

  counts(): RequestCounts {
    const kubernetes = this.logOf('kubernetes');
    const byKind = Object.fromEntries(
      KUBERNETES_REQUEST_KINDS.map(kind => [kind, kubernetes.countOf(kind)]),
    ) as Record<KubernetesRequestKind, number>;
    return {
      kubernetes: { total: kubernetes.total, ...byKind },
      prometheus: this.logOf('prometheus').total,
      tracing: this.logOf('jaeger').total + this.logOf('tempo').total,
      kiali: this.logOf('kiali').total,
    };
  }

  latestRequests(name: SourceName): readonly LoggedRequest[] {
    return this.logOf(name).latest();
  }

  resetCounts(): void {
    this.logs.forEach(log => log.reset());
  }

  async stop(): Promise<void> {
    await Promise.all([...this.servers.values()].map(server => server.stop()));
  }

  private logOf(name: SourceName): RequestLog {
    return this.logs.get(name)!;
  }
}

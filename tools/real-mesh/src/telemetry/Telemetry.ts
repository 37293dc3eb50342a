import { mkdirSync, writeFileSync } from 'fs';
import { createServer, type Server } from 'http';
import path from 'path';
import { request } from 'undici';
import type { ControlPlaneOptions } from '../ControlPlane';
import { ROOT_NAMESPACE } from '../manifests';
import type { MeshState } from '../meshState';
import type { Programs } from '../programs';
import type { RealMesh } from '../RealMesh';
import { until } from '../until';
import { LogReader } from './accessLog';
import { IstioSeries } from './IstioSeries';
import { Inventory } from './Inventory';

const READ_EVERY_MS = 500;
const SERIES_PORT = 9100;
const PROMETHEUS_PORT = 9090;
const JAEGER_PORT = 16686;
const OTLP_PORT = 4318;
const WITHIN_MS = 60_000;
const TRACES = 'jaeger';

/** What measures the mesh: Istio's series from the proxies' logs, Prometheus, and Jaeger. */
export class Telemetry {
  /** What the mesh is told, so that its proxies send spans. */
  static meshOptions(programs: Programs): ControlPlaneOptions {
    return programs.jaeger
      ? {
          providers: [
            {
              name: TRACES,
              opentelemetry: {
                service: `${TRACES}.${ROOT_NAMESPACE}.svc.cluster.local`,
                port: OTLP_PORT,
                http: { path: '/v1/traces', timeout: '5s' },
              },
            },
          ],
          tracing: [TRACES],
        }
      : { providers: [], tracing: [] };
  }

  static async start(options: {
    mesh: RealMesh;
    programs: Programs;
    folder: string;
  }): Promise<Telemetry> {
    const telemetry = new Telemetry(options);
    await telemetry.open();
    return telemetry;
  }

  private readonly inventory: Inventory;
  private readonly series: IstioSeries;
  private readonly readers = new Map<string, LogReader>();
  private server?: Server;
  private timer?: NodeJS.Timeout;
  private targets = '';

  private constructor(
    private readonly options: Parameters<typeof Telemetry.start>[0],
  ) {
    this.inventory = Inventory.follow(options.mesh.api);
    this.series = IstioSeries.create(this.inventory);
    mkdirSync(this.file('.'), { recursive: true });
  }

  /** Where they are asked. */
  get urls(): Pick<MeshState, 'prometheusUrl' | 'jaegerUrl'> {
    const { programs, mesh } = this.options;
    const base = `http://${mesh.network.controlPlaneAddress}`;
    return {
      prometheusUrl: programs.prometheus && `${base}:${PROMETHEUS_PORT}`,
      jaegerUrl: programs.jaeger && `${base}:${JAEGER_PORT}`,
    };
  }

  stop(): void {
    clearInterval(this.timer);
    this.server?.close();
    this.inventory.stop();
  }

  private async open(): Promise<void> {
    const { mesh, programs } = this.options;
    const server = createServer((_request, response) => {
      this.readLogs();
      this.series.text().then(
        text => response.end(text),
        error => response.writeHead(500).end(String(error)),
      );
    });
    this.server = server;
    await new Promise<void>(resolve =>
      server.listen(SERIES_PORT, mesh.network.hostAddress, resolve),
    );
    this.timer = setInterval(() => {
      this.readLogs();
      this.writeTargets();
    }, READ_EVERY_MS);
    this.writeTargets();
    await Promise.all([
      programs.prometheus && this.startPrometheus(programs.prometheus),
      programs.jaeger && this.startJaeger(programs.jaeger),
    ]);
  }

  private file(name: string): string {
    return path.join(this.options.folder, 'telemetry', name);
  }

  private readLogs(): void {
    for (const pod of this.options.mesh.pods()) {
      const reader =
        this.readers.get(pod.accessLog) ?? LogReader.of(pod.accessLog);
      this.readers.set(pod.accessLog, reader);
      const object = {
        ...pod.object,
        status: { ...pod.object.status, podIP: pod.address },
      };
      reader.read().forEach(entry => this.series.take(object, entry));
    }
  }

  /** Prometheus follows the file. */
  private writeTargets(): void {
    const targets = JSON.stringify(
      this.options.mesh
        .pods()
        .filter(({ hasProxy }) => hasProxy)
        .map(({ address, object }) => ({
          targets: [`${address}:15090`],
          labels: {
            pod: object.metadata.name,
            namespace: object.metadata.namespace,
          },
        })),
    );
    if (targets !== this.targets) {
      this.targets = targets;
      writeFileSync(this.file('proxies.json'), targets);
    }
  }

  private async startPrometheus(program: string): Promise<void> {
    const { mesh } = this.options;
    const at = (address: string, port: number) => [
      { targets: [`${address}:${port}`] },
    ];
    // JSON is YAML, too.
    writeFileSync(
      this.file('prometheus.yml'),
      JSON.stringify({
        global: { scrape_interval: '2s' },
        scrape_configs: [
          {
            job_name: 'istio',
            static_configs: at(mesh.network.hostAddress, SERIES_PORT),
          },
          {
            job_name: 'istiod',
            static_configs: at(mesh.network.controlPlaneAddress, 15014),
          },
          {
            job_name: 'envoy',
            metrics_path: '/stats/prometheus',
            scrape_interval: '5s',
            file_sd_configs: [
              { files: [this.file('proxies.json')], refresh_interval: '5s' },
            ],
          },
        ],
      }),
    );
    mesh.processes.start('prometheus', {
      namespace: mesh.network.controlPlaneNamespace,
      command: program,
      args: [
        `--config.file=${this.file('prometheus.yml')}`,
        `--storage.tsdb.path=${this.file('prometheus')}`,
        `--web.listen-address=:${PROMETHEUS_PORT}`,
        '--log.level=warn',
      ],
    });
    await this.answers('Prometheus', `${this.urls.prometheusUrl}/-/ready`);
  }

  private async startJaeger(program: string): Promise<void> {
    const { mesh } = this.options;
    const { api, network, processes } = mesh;
    processes.start('jaeger', {
      namespace: network.controlPlaneNamespace,
      command: program,
      args: [],
      cwd: this.file('.'),
      env: {
        ...process.env,
        // Its receivers listen to this machine only, unless told.
        JAEGER_LISTEN_HOST: '0.0.0.0',
      },
    });
    const metadata = { name: TRACES, namespace: ROOT_NAMESPACE };
    await api.apply({
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { ports: [{ name: 'http-otlp', port: OTLP_PORT }] },
    });
    await api.apply({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        ...metadata,
        labels: { 'kubernetes.io/service-name': TRACES },
      },
      addressType: 'IPv4',
      ports: [{ name: 'http-otlp', port: OTLP_PORT, protocol: 'TCP' }],
      endpoints: [
        {
          addresses: [network.controlPlaneAddress],
          conditions: { ready: true },
        },
      ],
    });
    await api.apply({
      apiVersion: 'telemetry.istio.io/v1',
      kind: 'Telemetry',
      metadata: { name: 'mesh-default', namespace: ROOT_NAMESPACE },
      spec: {
        tracing: [
          { providers: [{ name: TRACES }], randomSamplingPercentage: 100 },
        ],
      },
    });
    await this.answers('Jaeger', `${this.urls.jaegerUrl}/api/services`);
  }

  private answers(what: string, url: string): Promise<boolean> {
    return until(what, WITHIN_MS, async () => {
      const { statusCode, body } = await request(url);
      await body.dump();
      return statusCode === 200 || undefined;
    });
  }
}

import { mkdirSync, readFileSync, statSync, writeFileSync } from 'fs';
import path from 'path';
import { request } from 'undici';
import { AppClient } from './AppClient';
import type { AnyObject, KubeApi } from './KubeApi';
import type { Network } from './Network';
import {
  appContainersOf,
  appPortsOf,
  argumentsOf,
  containerOf,
  downwardFile,
  environmentOf,
  PROXY,
  serviceAccountOf,
} from './podSpec';
import type { Processes } from './Processes';
import type { Programs } from './programs';
import type { ServiceProxy } from './ServiceProxy';
import { run } from './run';
import { until } from './until';

const PROXY_USER = 1337;
const READY_PORT = 15021;
const WITHIN_MS = 60_000;

const PARTS = ['app', 'proxy'] as const;
/** What runs in a pod. */
export type PodPart = (typeof PARTS)[number];

/** What pods run with. */
export interface PodHost {
  api: KubeApi;
  network: Network;
  processes: Processes;
  programs: Programs;
  services: ServiceProxy;
  /** Folder of the pods; proxies have to be able to enter it. */
  folder: string;
  /** Of istiod's authority. */
  rootCertificate: string;
}

/** A pod made real: a network namespace with the small app, and beside it, where one was injected, a proxy. */
export class Pod {
  static create(host: PodHost, object: AnyObject, n: number) {
    return new Pod(host, object, n);
  }

  readonly address: string;
  private onEnd: (part: PodPart) => void = () => {};

  private constructor(
    private readonly host: PodHost,
    readonly object: AnyObject,
    private readonly n: number,
  ) {
    this.address = host.network.address(n);
  }

  /** `namespace/name`. */
  get id(): string {
    const { namespace, name } = this.object.metadata;
    return `${namespace}/${name}`;
  }

  get hasProxy(): boolean {
    return containerOf(this.object, PROXY) !== undefined;
  }

  /** Its proxy's log of requests, a line of JSON each. */
  get accessLog(): string {
    return path.join(this.folder, 'access.log');
  }

  get app(): AppClient {
    return AppClient.at(this.socket);
  }

  /** @param onEnd - told where its app or proxy ends and nobody stopped it */
  async start(onEnd: (part: PodPart) => void): Promise<void> {
    const { network } = this.host;
    const { namespace } = this.object.metadata;
    mkdirSync(this.folder, { recursive: true });
    await network.addNamespace(this.networkNamespace, this.n, {
      search: [`${namespace}.svc`, 'svc', ''].map(
        part => `${part}${part ? '.' : ''}cluster.local`,
      ),
    });
    this.onEnd = onEnd;
    this.startApp();
    if (this.hasProxy) {
      await this.prepareProxy();
      this.startProxy();
    }
    await this.host.services.serve(this.networkNamespace);
    await this.untilReady();
  }

  /** Starts what ended again: the pod keeps its address and what its init container did. */
  async restart(part: PodPart): Promise<void> {
    if (part === 'app') {
      this.startApp();
    } else {
      await this.endRestOfProxy();
      this.startProxy();
    }
    await this.untilReady();
  }

  async stop(): Promise<void> {
    const { processes, network, services } = this.host;
    services.leave(this.networkNamespace);
    await Promise.all(PARTS.map(what => processes.stop(this.processOf(what))));
    await network.removeNamespace(this.networkNamespace);
  }

  private get folder(): string {
    const { namespace, name } = this.object.metadata;
    return path.join(this.host.folder, `${namespace}.${name}`);
  }

  private get socket(): string {
    return path.join(this.folder, 'app.sock');
  }

  private get networkNamespace(): string {
    // A device's or folder's name may not hold a slash; a pod's name no dot twice.
    return this.host.network.namespaceOf(this.id.replace('/', '.'));
  }

  private processOf(part: PodPart): string {
    return `${part}-${this.id.replace('/', '.')}`;
  }

  private startApp(): void {
    if (appContainersOf(this.object).length === 0) {
      return;
    }
    const { namespace, name, labels = {} } = this.object.metadata;
    const [container] = appContainersOf(this.object);
    this.host.processes.start(this.processOf('app'), {
      namespace: this.networkNamespace,
      command: process.execPath,
      args: [require.resolve('../pod/app.cjs')],
      cwd: this.folder,
      env: {
        PATH: process.env.PATH,
        ...environmentOf(this.object, container, this.address),
        APP_SOCKET: this.socket,
        APP_PORTS: appPortsOf(this.object).join(','),
        APP_NAME: name,
        APP_NAMESPACE: namespace,
        APP_VERSION: labels.version ?? '',
        APP_ADDRESS: this.address,
      },
      onEnd: () => this.onEnd('app'),
    });
  }

  private proxyEnvironment(): Record<string, string> {
    const proxy = containerOf(this.object, PROXY);
    const environment: Record<string, string> = {
      PATH: process.env.PATH ?? '',
      ...environmentOf(this.object, proxy, this.address),
    };
    const config = JSON.parse(environment.PROXY_CONFIG || '{}');
    return {
      ...environment,
      PROXY_CONFIG: JSON.stringify({
        ...config,
        binaryPath: this.host.programs.envoy,
      }),
    };
  }

  private async prepareProxy(): Promise<void> {
    await this.writeProxyFiles();
    const init = containerOf(this.object, 'istio-init');
    if (init) {
      await run('ip', [
        'netns',
        'exec',
        this.networkNamespace,
        this.host.programs.agent,
        ...argumentsOf(init, this.proxyEnvironment()),
      ]);
    }
  }

  private startProxy(): void {
    const { programs, processes } = this.host;
    const environment = this.proxyEnvironment();
    processes.start(this.processOf('proxy'), {
      namespace: this.networkNamespace,
      user: PROXY_USER,
      command: programs.agent,
      args: argumentsOf(containerOf(this.object, PROXY), environment),
      cwd: this.folder,
      env: { ...environment, GOMAXPROCS: '1' },
      onEnd: () => this.onEnd('proxy'),
    });
  }

  /** An Envoy outlives the agent that started it, and keeps its ports. */
  private async endRestOfProxy(): Promise<void> {
    for (const pid of await this.host.network.processesIn(
      this.networkNamespace,
    )) {
      const owner = statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid;
      if (owner === PROXY_USER) {
        await run('kill', ['-KILL', `${pid}`]).catch(() => undefined);
      }
    }
  }

  /** What Kubernetes mounts into the container; its paths are relative to the working directory here. */
  private async writeProxyFiles(): Promise<void> {
    const { api, programs, rootCertificate } = this.host;
    const { namespace, labels, annotations } = this.object.metadata;
    const { status } = await api.send(
      'POST',
      `/api/v1/namespaces/${namespace}/serviceaccounts/${serviceAccountOf(
        this.object,
      )}/token`,
      {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: { audiences: ['istio-ca'], expirationSeconds: 12 * 3600 },
      },
    );
    const files = {
      'var/run/secrets/tokens/istio-token': status.token,
      'var/run/secrets/istio/root-cert.pem': rootCertificate,
      'etc/istio/pod/labels': downwardFile(labels),
      'etc/istio/pod/annotations': downwardFile(annotations),
      'var/lib/istio/envoy/envoy_bootstrap_tmpl.json': readFileSync(
        programs.bootstrapTemplate,
        'utf8',
      ),
    };
    for (const [name, text] of Object.entries(files)) {
      const file = path.join(this.folder, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    mkdirSync(path.join(this.folder, 'etc/istio/proxy'), { recursive: true });
    await run('chown', ['-R', `${PROXY_USER}:${PROXY_USER}`, this.folder]);
  }

  private async untilReady(): Promise<void> {
    await until(`Pod ${this.id}`, WITHIN_MS, async () => {
      PARTS.forEach(part => this.checkRuns(part));
      if (appContainersOf(this.object).length) {
        await this.app.ask({ kind: 'ping' });
      }
      if (this.hasProxy) {
        const { statusCode, body } = await request(
          `http://${this.address}:${READY_PORT}/healthz/ready`,
        );
        await body.dump();
        return statusCode === 200 || undefined;
      }
      return true;
    });
  }

  private checkRuns(part: PodPart): void {
    const { processes } = this.host;
    const name = this.processOf(part);
    const isWanted =
      part === 'app' ? appContainersOf(this.object).length > 0 : this.hasProxy;
    if (isWanted && !processes.isRunning(name)) {
      throw new Error(`${name} ended:\n${processes.lastWords(name)}`);
    }
  }
}

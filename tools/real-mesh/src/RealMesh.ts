import { mkdirSync, rmSync } from 'fs';
import path from 'path';
import { CANARY, ControlPlane, type ControlPlaneOptions } from './ControlPlane';
import { Dns } from './Dns';
import type { KubeApi } from './KubeApi';
import { Kubelet } from './Kubelet';
import { ROOT_NAMESPACE } from './manifests';
import { Names } from './Names';
import { Network } from './Network';
import type { Pod } from './Pod';
import { Processes } from './Processes';
import type { Programs } from './programs';
import { ServiceProxy } from './ServiceProxy';
import { until } from './until';

const WITHIN_MS = 120_000;

/** How a mesh is to be set up. */
export interface RealMeshOptions extends Partial<ControlPlaneOptions> {
  programs: Programs;
  /** Its state: certificates, logs, the folders of its pods. Emptied at the start. */
  folder: string;
  /** 0 to 9: which of the meshes on this machine. */
  slot?: number;
  say?: (line: string) => void;
}

/** A whole mesh: API server, controllers, istiod, and pods with real proxies. */
export class RealMesh {
  static async start(options: RealMeshOptions): Promise<RealMesh> {
    const mesh = new RealMesh(options);
    try {
      await mesh.open();
    } catch (error) {
      await mesh.stop();
      throw error;
    }
    return mesh;
  }

  readonly network: Network;
  readonly processes: Processes;
  readonly controlPlane: ControlPlane;
  private kubelet?: Kubelet;
  private names?: Names;
  private dns?: Dns;
  private services?: ServiceProxy;

  private constructor(private readonly options: RealMeshOptions) {
    const { folder, programs, slot = 0 } = options;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    this.network = Network.create(slot);
    this.processes = Processes.create(path.join(folder, 'logs'));
    this.controlPlane = ControlPlane.create({
      programs,
      network: this.network,
      processes: this.processes,
      folder: path.join(folder, 'control-plane'),
    });
  }

  get api(): KubeApi {
    return this.controlPlane.api;
  }

  /** The pods that are real now. */
  pods(): Pod[] {
    return this.kubelet?.all() ?? [];
  }

  /** A second istiod beside the first, which stays that of everybody else. */
  async startCanary(): Promise<void> {
    const { providers = [], tracing = [], meshConfig } = this.options;
    await this.controlPlane.startCanary({ providers, tracing, meshConfig });
  }

  async stop(): Promise<void> {
    this.services?.stop();
    this.names?.stop();
    this.dns?.close();
    await this.kubelet?.stop();
    await this.processes.stopAll();
    await this.network.close();
    await this.kubelet?.stop();
  }

  private async open(): Promise<void> {
    const { programs, folder, say = () => {} } = this.options;
    const { providers = [], tracing = [], meshConfig } = this.options;
    await this.network.open();
    await this.controlPlane.start({ providers, tracing, meshConfig });
    const names = Names.follow(this.api, {
      'istiod.istio-system': this.network.controlPlaneAddress,
      [`istiod-${CANARY}.istio-system`]: this.network.canaryAddress,
    });
    this.names = names;
    this.dns = await Dns.listen(this.network.hostAddress, name =>
      names.addressesOf(name),
    );
    this.services = ServiceProxy.follow(this.api, say);
    this.kubelet = Kubelet.create({
      api: this.api,
      network: this.network,
      processes: this.processes,
      programs,
      services: this.services,
      folder: path.join(folder, 'pods'),
      rootCertificate: await this.rootCertificate(),
      say,
      now: () => new Date(),
    });
    await this.kubelet.start();
  }

  private rootCertificate(): Promise<string> {
    return until('The root certificate', WITHIN_MS, async () => {
      const map = await this.api.get({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'istio-ca-root-cert', namespace: ROOT_NAMESPACE },
      });
      return map.data?.['root-cert.pem'];
    });
  }
}

import { readlinkSync } from 'fs';
import path from 'path';
import { AppClient } from './AppClient';
import { CANARY } from './ControlPlane';
import { type AnyObject, KubeApi } from './KubeApi';
import type { MeshState } from './meshState';
import { Network } from './Network';
import { appContainersOf, containerOf, PROXY } from './podSpec';
import { run } from './run';
import { until } from './until';

const WITHIN_MS = 120_000;

/** A pod of a mesh that runs. */
export interface PodHandle {
  /** `namespace/name`. */
  id: string;
  object: AnyObject;
  address: string;
  hasProxy: boolean;
  /** Whether it has an app: a gateway has none. */
  hasApp: boolean;
  /** Tells its app what to do. */
  app: AppClient;
  /** Asks its proxy's administration: `/config_dump`. */
  admin(what: string): Promise<string>;
  /** Ends a program that runs in it, `envoy` or `pilot-agent`, as a crash would. */
  crash(program: string): Promise<void>;
}

/** A mesh that another process holds. */
export class MeshHandle {
  static attach(state: MeshState) {
    return new MeshHandle(state, KubeApi.create(state.server));
  }

  private readonly network: Network;
  private readonly clients: AppClient[] = [];

  private constructor(readonly state: MeshState, readonly api: KubeApi) {
    this.network = Network.create(state.slot);
  }

  /** The pods of a namespace that are ready. */
  async pods(namespace: string): Promise<PodHandle[]> {
    const objects = await this.api.list('v1', 'Pod', namespace);
    return objects.filter(isReady).map(object => this.handleOf(object));
  }

  /** Waits until each of these apps, told by their labels' `app`, has pods and all of them are ready. */
  async untilReady(
    namespace: string,
    apps: readonly string[],
  ): Promise<PodHandle[]> {
    return until(`Pods of ${apps.join(', ')}`, WITHIN_MS, async () => {
      const objects = await this.api.list('v1', 'Pod', namespace);
      const areReady = apps.every(app => {
        const own = objects.filter(
          ({ metadata }) => metadata.labels?.app === app,
        );
        return own.length > 0 && own.every(isReady);
      });
      return areReady
        ? objects.filter(isReady).map(object => this.handleOf(object))
        : undefined;
    });
  }

  /** Waits until they are gone with all that is in them, so that others may have their names. */
  async removeNamespaces(names: readonly string[]): Promise<void> {
    const refs = names.map(name => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name },
    }));
    await Promise.all(refs.map(ref => this.api.remove(ref)));
    await until(`The end of ${names.join(', ')}`, WITHIN_MS, async () => {
      const there = await this.api.list('v1', 'Namespace');
      return there.some(({ metadata }) => names.includes(metadata.name))
        ? undefined
        : true;
    });
  }

  /** Has istiod forget what it worked out before, and send each proxy everything again. */
  async recomputeAll(): Promise<void> {
    await this.askIstiod('cachez?clear=true');
    await this.askIstiod('adsz?push=true');
  }

  /** What istiod tells of itself: `connections`, `syncz`; `canary` asks the second revision. */
  async askIstiod(debugPath: string, { canary = false } = {}): Promise<string> {
    return run('ip', [
      'netns',
      'exec',
      canary
        ? this.network.namespaceOf(CANARY)
        : this.network.controlPlaneNamespace,
      'curl',
      '-sS',
      '--max-time',
      '10',
      `http://127.0.0.1:8080/debug/${debugPath}`,
    ]);
  }

  async close(): Promise<void> {
    this.clients.forEach(client => client.close());
    await this.api.close();
  }

  private handleOf(object: AnyObject): PodHandle {
    const { namespace, name } = object.metadata;
    const place = `${namespace}.${name}`;
    const app = AppClient.at(
      path.join(this.state.folder, 'pods', place, 'app.sock'),
    );
    this.clients.push(app);
    return {
      id: `${namespace}/${name}`,
      object,
      address: object.status.podIP,
      hasProxy: containerOf(object, PROXY) !== undefined,
      hasApp: appContainersOf(object).length > 0,
      app,
      admin: what =>
        run('ip', [
          'netns',
          'exec',
          this.network.namespaceOf(place),
          'curl',
          '-sS',
          '--max-time',
          '10',
          `http://127.0.0.1:15000${what}`,
        ]),
      crash: program => this.crash(place, program),
    };
  }

  private async crash(place: string, program: string): Promise<void> {
    const pids = await this.network.processesIn(
      this.network.namespaceOf(place),
    );
    // Unpacked programs have more in their names.
    const running = pids.filter(pid =>
      path.basename(readlinkSync(`/proc/${pid}/exe`)).startsWith(program),
    );
    if (running.length === 0) {
      throw new Error(`No ${program} runs in ${place}`);
    }
    running.forEach(pid => process.kill(pid, 'SIGKILL'));
  }
}

function isReady({ metadata, status }: AnyObject): boolean {
  return (
    !metadata.deletionTimestamp &&
    (status?.conditions ?? []).some(
      ({ type, status: is }: { type: string; status: string }) =>
        type === 'Ready' && is === 'True',
    )
  );
}

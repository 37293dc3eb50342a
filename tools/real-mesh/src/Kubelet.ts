import { mkdirSync } from 'fs';
import type { AnyObject } from './KubeApi';
import { Pod, type PodHost, type PodPart } from './Pod';
import { appContainersOf, runningStatus } from './podSpec';

/** The first address of a pod; those before are the machine's and the control plane's. */
const FIRST = 256;
const MOST = 60_000;
/** Starting a proxy takes a processor for a second or two. */
const AT_ONCE = 3;
const RESTART_AFTER_MS = 200;
const RESTART_WITHIN_MS = 30_000;

/** The nodes of the mesh, each in a zone of its own. */
const NODES = ['one', 'two', 'three'].map((name, index) => ({
  name: `node-${name}`,
  zone: `zone-${index + 1}`,
}));
const ZONE = 'topology.kubernetes.io/zone';
const REGION = 'topology.kubernetes.io/region';

/** A pod with this annotation is never ready, as where a probe fails. */
export const NOT_READY_ANNOTATION = 'real-mesh/not-ready';

/** Makes each pod of the cluster real, and ends it when it is deleted. */
export class Kubelet {
  static create(
    options: PodHost & { say: (line: string) => void; now: () => Date },
  ) {
    mkdirSync(options.folder, { recursive: true, mode: 0o755 });
    return new Kubelet(options);
  }

  private readonly pods = new Map<string, Pod>();
  /** How often something of a pod ended by itself. */
  private readonly restarts = new Map<Pod, number>();
  private readonly taken = new Set<number>();
  private readonly queue: (() => Promise<void>)[] = [];
  private active = 0;
  private next = FIRST;
  private unfollow?: () => void;

  private constructor(
    private readonly host: Parameters<typeof Kubelet.create>[0],
  ) {}

  async start(): Promise<void> {
    const { api } = this.host;
    for (const { name, zone } of NODES) {
      const labels = {
        [ZONE]: zone,
        [REGION]: 'region-1',
        'kubernetes.io/hostname': name,
      };
      await api.apply({
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name, labels },
      });
    }
    this.unfollow = api.follow('/api/v1/pods', (type, object) => {
      const pod: AnyObject = { ...object, apiVersion: 'v1', kind: 'Pod' };
      if (type === 'deleted' || pod.metadata.deletionTimestamp) {
        this.later(() => this.end(pod));
      } else if (!pod.spec.nodeName) {
        this.later(() => this.bind(pod));
      } else if (!this.pods.has(pod.metadata.uid!)) {
        // Taken at once: an event may come twice.
        const real = Pod.create(this.host, pod, this.freeAddress());
        this.pods.set(pod.metadata.uid!, real);
        this.later(() => this.begin(real));
      }
    });
  }

  async stop(): Promise<void> {
    this.unfollow?.();
    this.queue.length = 0;
    await Promise.all([...this.pods.values()].map(pod => pod.stop()));
    this.pods.clear();
  }

  /** The pods that are real now. */
  all(): Pod[] {
    return [...this.pods.values()];
  }

  /** One step after the other, a few at once. */
  private later(step: () => Promise<void>): void {
    this.queue.push(step);
    this.work();
  }

  private work(): void {
    while (this.active < AT_ONCE && this.queue.length) {
      const step = this.queue.shift()!;
      this.active += 1;
      step()
        .catch(error => this.host.say((error as Error).message))
        .finally(() => {
          this.active -= 1;
          this.work();
        });
    }
  }

  private freeAddress(): number {
    while (this.taken.has(this.next)) {
      this.next = FIRST + ((this.next + 1 - FIRST) % MOST);
    }
    this.taken.add(this.next);
    return this.next;
  }

  /** To the node of the zone that it asks for, else to one after the other. */
  private async bind(pod: AnyObject): Promise<void> {
    const wanted = pod.spec.nodeSelector?.[ZONE];
    const { name } = NODES.find(({ zone }) => zone === wanted) ?? NODES[0];
    const { namespace, name: podName } = pod.metadata;
    await this.host.api.send(
      'POST',
      `/api/v1/namespaces/${namespace}/pods/${podName}/binding`,
      {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { name: podName },
        target: { apiVersion: 'v1', kind: 'Node', name },
      },
    );
  }

  private async begin(pod: Pod): Promise<void> {
    // A proxy is told of its own address by the control plane, too.
    await this.tell(pod, { isReady: false });
    await pod.start(part => this.ended(pod, part));
    await this.tell(pod, { isReady: true });
    this.host.say(
      `${pod.id} runs at ${pod.address}${pod.hasProxy ? ', with a proxy' : ''}${
        appContainersOf(pod.object).length ? '' : ', a gateway'
      }`,
    );
  }

  /** What ends by itself is started again, each time after twice as long. */
  private ended(pod: Pod, part: PodPart): void {
    const times = this.restarts.get(pod) ?? 0;
    this.restarts.set(pod, times + 1);
    const waitMs = Math.min(RESTART_AFTER_MS * 2 ** times, RESTART_WITHIN_MS);
    this.host.say(`${pod.id}: its ${part} ended, and starts in ${waitMs} ms`);
    setTimeout(() => this.later(() => this.restart(pod, part)), waitMs);
  }

  private async restart(pod: Pod, part: PodPart): Promise<void> {
    // It may have been deleted in the meantime.
    if (this.pods.get(pod.object.metadata.uid!) !== pod) {
      return;
    }
    await this.tell(pod, { isReady: false });
    await pod.restart(part);
    await this.tell(pod, { isReady: true });
    this.host.say(`${pod.id}: its ${part} runs again`);
  }

  private async tell(
    pod: Pod,
    { isReady }: { isReady: boolean },
  ): Promise<void> {
    const { api, network, now } = this.host;
    const { object, address } = pod;
    await api.patchStatus(
      object,
      runningStatus(object, {
        podIp: address,
        hostIp: network.hostAddress,
        isReady:
          isReady && !object.metadata.annotations?.[NOT_READY_ANNOTATION],
        restarts: this.restarts.get(pod) ?? 0,
        since: now().toISOString().replace(/\.\d+/, ''),
      }),
    );
  }

  private async end(object: AnyObject): Promise<void> {
    const { uid = '' } = object.metadata;
    const pod = this.pods.get(uid);
    if (pod) {
      this.pods.delete(uid);
      this.restarts.delete(pod);
      await pod.stop();
      pod.app.close();
    }
    if (object.metadata.deletionTimestamp) {
      await this.host.api.remove(object, 0);
    }
  }
}

import type { Platform } from '@meshdeck/demo-mesh';
import type { Behaviour } from '../AppClient';
import { identityOf } from '../telemetry/Inventory';
import type { MeshHandle, PodHandle } from '../MeshHandle';

const LOOK_EVERY_MS = 3000;
const INGRESS = { namespace: 'istio-system', port: 443 };

type Profile = NonNullable<Platform['traffic']>;
type Entry = Profile['entries'][number];

/** Lets a platform's pods behave as its profile says, and sends what comes from outside. */
export class PlatformTraffic {
  /** @param options.factor - of the profile's rates: real proxies share this machine. */
  static start(options: {
    mesh: MeshHandle;
    profile: Profile;
    /** Who sends what comes from outside: `namespace/app`. */
    outside: string;
    factor: number;
  }): PlatformTraffic {
    const traffic = new PlatformTraffic(options);
    traffic.begin();
    return traffic;
  }

  private pods: PodHandle[] = [];
  private readonly behaving = new Set<string>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private isStopped = false;

  private constructor(
    private readonly options: Parameters<typeof PlatformTraffic.start>[0],
  ) {}

  stop(): void {
    this.isStopped = true;
    this.timers.forEach(clearTimeout);
  }

  private begin(): void {
    void this.look();
    for (const entry of this.options.profile.entries) {
      this.sendNext(entry);
    }
  }

  /** New pods are told how to behave. */
  private async look(): Promise<void> {
    const { mesh, outside } = this.options;
    const places = new Set([
      outside.split('/')[0],
      INGRESS.namespace,
      ...this.options.profile.services.map(({ service }) => service.namespace),
      ...this.options.profile.entries.map(({ from }) => from.namespace),
    ]);
    const found = await Promise.all(
      [...places].map(place => mesh.pods(place).catch(() => [])),
    );
    this.pods = found.flat();
    for (const pod of this.pods) {
      if (!this.behaving.has(pod.object.metadata.uid!)) {
        await this.instruct(pod).catch(() => undefined);
      }
    }
    this.later(LOOK_EVERY_MS, () => void this.look());
  }

  private async instruct(pod: PodHandle): Promise<void> {
    const { namespace, labels = {}, uid = '' } = pod.object.metadata;
    const profile = this.options.profile.services.find(
      ({ service }) =>
        service.namespace === namespace &&
        [labels.app, identityOf(pod.object).workload].includes(service.name),
    );
    if (profile) {
      const [first] = profile.versions;
      const { errorRate, p50Ms, p99Ms } =
        profile.versions.find(({ version }) => version === labels.version) ??
        first;
      const behaviour: Behaviour = {
        errorRate,
        p50Ms,
        p99Ms,
        calls: profile.calls.map(({ to, port = 8080, ...call }) => ({
          ...call,
          host: `${to.name}.${to.namespace}`,
          port,
        })),
      };
      await pod.app.ask({ kind: 'behave', behaviour });
    }
    this.behaving.add(uid);
  }

  /** Arrivals are independent of each other, as people's are. */
  private sendNext(entry: Entry): void {
    const perSecond = entry.requestsPerSecond * this.options.factor;
    const waitMs = (-Math.log(1 - Math.random()) / perSecond) * 1000;
    this.later(waitMs, () => {
      void this.send(entry).catch(() => undefined);
      this.sendNext(entry);
    });
  }

  private async send(entry: Entry): Promise<void> {
    const { from, through, to, request, port = 8080 } = entry;
    const sender = through
      ? this.podOf(...(this.options.outside.split('/') as [string, string]))
      : this.podOf(from.namespace, from.workload);
    const gateway =
      through && this.podOf(INGRESS.namespace, 'istio-ingressgateway');
    if (!sender || (through && !gateway)) {
      return;
    }
    const host = through?.host ?? `${to.name}.${to.namespace}`;
    await sender.app.send({
      kind: 'http',
      address: gateway?.address ?? host,
      port: gateway ? INGRESS.port : port,
      ...(gateway ? { tls: { sni: host } } : {}),
      host,
      ...request,
      headers: headersFor(entry),
    });
  }

  private podOf(place: string, app: string): PodHandle | undefined {
    const own = this.pods.filter(
      ({ object }) =>
        object.metadata.namespace === place &&
        (object.metadata.labels?.app === app ||
          identityOf(object).workload === app),
    );
    return own[Math.floor(Math.random() * own.length)];
  }

  private later(ms: number, work: () => void): void {
    if (this.isStopped) {
      return;
    }
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      work();
    }, ms);
    this.timers.add(timer);
  }
}

function headersFor({ headers }: Entry): Record<string, string> {
  let rest = Math.random();
  for (const { share, set } of headers) {
    if (rest < share) {
      return { ...set };
    }
    rest -= share;
  }
  return {};
}

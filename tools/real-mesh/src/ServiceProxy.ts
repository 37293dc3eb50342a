import type { AnyObject, KubeApi } from './KubeApi';
import { run } from './run';

const CHAIN = 'REAL_MESH_SERVICES';
const SETTLE_MS = 50;

/** One address of a Service, and what stands behind it. */
interface Target {
  clusterIp: string;
  port: number;
  protocol: string;
  /** `address:port`. */
  backends: readonly string[];
}

/**
 * What kube-proxy does: in each pod's network, connections to a Service's address go to one of its pods. Istio's redirection
 * comes before it, so it concerns pods without a proxy, and what a proxy passes through.
 */
export class ServiceProxy {
  static follow(api: KubeApi, say: (line: string) => void): ServiceProxy {
    return new ServiceProxy(api, say);
  }

  private readonly services = new Map<string, AnyObject>();
  private readonly slices = new Map<string, AnyObject>();
  private readonly networks = new Set<string>();
  private readonly stops: (() => void)[];
  private timer?: NodeJS.Timeout;
  private rules = '';

  private constructor(
    api: KubeApi,
    private readonly say: (line: string) => void,
  ) {
    const into =
      (map: Map<string, AnyObject>) =>
      (type: 'put' | 'deleted', object: AnyObject) => {
        if (type === 'put') {
          map.set(object.metadata.uid!, object);
        } else {
          map.delete(object.metadata.uid!);
        }
        this.timer ??= setTimeout(() => this.update(), SETTLE_MS);
      };
    this.stops = [
      api.follow('/api/v1/services', into(this.services)),
      api.follow('/apis/discovery.k8s.io/v1/endpointslices', into(this.slices)),
    ];
  }

  /** For a network namespace, after Istio's own rules were made. */
  async serve(network: string): Promise<void> {
    await inNetwork(network, ['iptables', '-t', 'nat', '-N', CHAIN]);
    await inNetwork(network, [
      'iptables',
      '-t',
      'nat',
      '-A',
      'OUTPUT',
      '-j',
      CHAIN,
    ]);
    this.networks.add(network);
    await restore(network, this.rules);
  }

  leave(network: string): void {
    this.networks.delete(network);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.stops.forEach(stop => stop());
  }

  private update(): void {
    this.timer = undefined;
    const rules = this.targets().flatMap(rulesOf).join('\n');
    if (rules === this.rules) {
      return;
    }
    this.rules = rules;
    for (const network of this.networks) {
      restore(network, rules).catch(error => {
        if (this.networks.has(network)) {
          this.say(`Services in ${network}: ${(error as Error).message}`);
        }
      });
    }
  }

  private targets(): Target[] {
    return [...this.services.values()].flatMap(({ metadata, spec }) =>
      spec.clusterIP && spec.clusterIP !== 'None'
        ? (spec.ports as any[]).map(({ name, port, protocol }) => ({
            clusterIp: spec.clusterIP,
            port,
            protocol: (protocol ?? 'TCP').toLowerCase(),
            backends: this.backendsOf(metadata, name),
          }))
        : [],
    );
  }

  private backendsOf(
    { name, namespace }: AnyObject['metadata'],
    portName: string | undefined,
  ): string[] {
    return [...this.slices.values()]
      .filter(
        ({ metadata }) =>
          metadata.namespace === namespace &&
          metadata.labels?.['kubernetes.io/service-name'] === name,
      )
      .flatMap(({ ports, endpoints }) => {
        const port = (ports as any[] | null)?.find(
          candidate => (candidate.name ?? '') === (portName ?? ''),
        );
        return port
          ? ((endpoints as any[] | null) ?? [])
              .filter(({ conditions }) => conditions?.ready !== false)
              .flatMap(({ addresses }) =>
                addresses.map((address: string) => `${address}:${port.port}`),
              )
          : [];
      })
      .sort();
  }
}

function rulesOf({ clusterIp, port, protocol, backends }: Target): string[] {
  return backends.map((backend, index) => {
    const left = backends.length - index;
    const chance =
      left > 1
        ? `-m statistic --mode random --probability ${(1 / left).toFixed(5)} `
        : '';
    return `-A ${CHAIN} -d ${clusterIp}/32 -p ${protocol} --dport ${port} ${chance}-j DNAT --to-destination ${backend}`;
  });
}

function restore(network: string, rules: string): Promise<string> {
  // Naming a chain empties it.
  return inNetwork(
    network,
    ['iptables-restore', '--noflush'],
    `*nat\n:${CHAIN} - [0:0]\n${rules}\nCOMMIT\n`,
  );
}

function inNetwork(
  network: string,
  words: readonly string[],
  input?: string,
): Promise<string> {
  return run('ip', ['netns', 'exec', network, ...words], { input });
}

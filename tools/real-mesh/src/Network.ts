import { mkdir, rm, writeFile } from 'fs/promises';
import path from 'path';
import { run } from './run';

/** The network of one mesh: a bridge, and a namespace for each pod. Several meshes may stand side by side, each with a slot. */
export class Network {
  static create(slot: number) {
    return new Network(slot);
  }

  private constructor(private readonly slot: number) {}

  /** The machine's own address in it. */
  get hostAddress(): string {
    return this.address(1);
  }

  /** Where API server and istiod listen. */
  get controlPlaneAddress(): string {
    return this.address(2);
  }

  /** Which of the addresses the second istiod has. */
  readonly canaryNumber = 3;

  get canaryAddress(): string {
    return this.address(this.canaryNumber);
  }

  get controlPlaneNamespace(): string {
    return this.namespaceOf('control-plane');
  }

  /** The n-th address; pods have those from 256 on. */
  address(n: number): string {
    return `10.${200 + this.slot}.${Math.floor(n / 256)}.${n % 256}`;
  }

  private get bridge(): string {
    return `mesh${this.slot}`;
  }

  namespaceOf(pod: string): string {
    return `mesh${this.slot}-${pod}`;
  }

  async open(): Promise<void> {
    await this.close();
    await run('ip', ['link', 'add', this.bridge, 'type', 'bridge']);
    await run('ip', [
      'addr',
      'add',
      `${this.hostAddress}/16`,
      'dev',
      this.bridge,
    ]);
    await run('ip', ['link', 'set', this.bridge, 'up']);
  }

  async close(): Promise<void> {
    const listed = await run('ip', ['netns', 'list']);
    const own = listed
      .split('\n')
      .map(line => line.split(' ')[0])
      .filter(name => name.startsWith(this.namespaceOf('')));
    for (const name of own) {
      await this.removeNamespace(name);
    }
    await run('ip', ['link', 'del', this.bridge]).catch(() => undefined);
  }

  /** A namespace with one address of the mesh; what runs in it looks names up at the machine's own address. */
  async addNamespace(
    name: string,
    n: number,
    options: {
      hosts?: Record<string, string>;
      search?: readonly string[];
    } = {},
  ): Promise<void> {
    const { hosts = {}, search = [] } = options;
    const link = `m${this.slot}p${n}`;
    await this.removeNamespace(name);
    // The kernel takes a namespace's links away when it finds the time.
    await run('ip', ['link', 'del', link]).catch(() => undefined);
    await writeNamespaceFiles(name, {
      hosts: [
        '127.0.0.1 localhost',
        ...Object.entries(hosts).map(([host, address]) => `${address} ${host}`),
      ],
      'resolv.conf': [
        `nameserver ${this.hostAddress}`,
        ...(search.length
          ? [`search ${search.join(' ')}`, 'options ndots:5']
          : []),
      ],
    });
    const inside = ['-n', name];
    for (const args of [
      ['netns', 'add', name],
      [
        'link',
        'add',
        link,
        'type',
        'veth',
        'peer',
        'name',
        'eth0',
        'netns',
        name,
      ],
      ['link', 'set', link, 'master', this.bridge, 'up'],
      [...inside, 'addr', 'add', `${this.address(n)}/16`, 'dev', 'eth0'],
      [...inside, 'link', 'set', 'eth0', 'up'],
      [...inside, 'link', 'set', 'lo', 'up'],
      [...inside, 'route', 'add', 'default', 'via', this.hostAddress],
      // As Kubernetes sets it for gateways, which listen on 80 without being root.
      [
        'netns',
        'exec',
        name,
        'sysctl',
        '-qw',
        'net.ipv4.ip_unprivileged_port_start=0',
      ],
    ]) {
      await run('ip', args);
    }
  }

  /** The ids of what runs in a namespace; none where there is no such namespace. */
  async processesIn(name: string): Promise<number[]> {
    const pids = await run('ip', ['netns', 'pids', name]).catch(() => '');
    return pids.split('\n').filter(Boolean).map(Number);
  }

  /** Whatever still runs in it is ended: an earlier mesh may have been cut off. */
  async removeNamespace(name: string): Promise<void> {
    for (const pid of await this.processesIn(name)) {
      await run('kill', ['-KILL', `${pid}`]).catch(() => undefined);
    }
    await run('ip', ['netns', 'del', name]).catch(() => undefined);
    await rm(filesOf(name), { recursive: true, force: true });
  }
}

/** Programs started in a namespace find these in place of the machine's own. */
function filesOf(namespace: string): string {
  return path.join('/etc/netns', namespace);
}

async function writeNamespaceFiles(
  namespace: string,
  files: Record<string, readonly string[]>,
): Promise<void> {
  await mkdir(filesOf(namespace), { recursive: true });
  for (const [name, lines] of Object.entries(files)) {
    await writeFile(
      path.join(filesOf(namespace), name),
      `${lines.join('\n')}\n`,
    );
  }
}

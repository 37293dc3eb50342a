import type { DemoMesh, RequestCounts } from '@meshdeck/demo-mesh';
import { ChildProcess, spawn } from 'child_process';
import { dirname, join } from 'path';
import { createInterface } from 'readline';
import { HttpClient } from './HttpClient';

/** A stand-in cluster in a process of its own, with a generated mesh. */
export class GeneratedMesh {
  static async start(options: {
    services: number;
    latencyMs: number;
  }): Promise<GeneratedMesh> {
    const folder = dirname(require.resolve('@meshdeck/demo-mesh/package.json'));
    const child = spawn(
      process.execPath,
      [
        '--max-old-space-size=8192',
        '--require',
        require.resolve('@backstage/cli/config/nodeTransform.cjs'),
        join(folder, 'src/main.ts'),
        '--services',
        String(options.services),
        '--latency',
        `${options.latencyMs}ms`,
        '--only-generated',
      ],
      {
        env: { ...process.env, ...anyPorts() },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith('{')) {
        child.stdout.resume();
        return new GeneratedMesh(child, JSON.parse(line));
      }
    }
    throw new Error('The stand-in cluster did not start');
  }

  readonly urls: DemoMesh['urls'];
  private readonly control: HttpClient;
  readonly kubernetes: HttpClient;

  private constructor(
    private readonly child: ChildProcess,
    ready: DemoMesh['urls'] & { control: string },
  ) {
    this.urls = ready;
    this.control = HttpClient.create({ url: ready.control });
    this.kubernetes = HttpClient.create({ url: ready.kubernetes });
  }

  requests(): Promise<RequestCounts> {
    return this.control.get('/requests');
  }

  async resetRequests(): Promise<void> {
    await this.control.post('/requests/reset', {});
  }

  /** The last requests to a source, oldest first. */
  async log(source: 'prometheus'): Promise<{ url: string; body?: string }[]> {
    const { requests } = await this.control.get<{
      requests: { url: string; body?: string }[];
    }>(`/requests/log?source=${source}`);
    return requests;
  }

  async stop(): Promise<void> {
    await Promise.all([this.control.close(), this.kubernetes.close()]);
    const ended = new Promise(resolve => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await ended;
  }
}

function anyPorts() {
  const servers = [
    'KUBERNETES',
    'PROMETHEUS',
    'JAEGER',
    'TEMPO',
    'KIALI',
    'CONTROL',
  ];
  return Object.fromEntries(
    servers.map(server => [`MESHDECK_DEMO_PORT_${server}`, '0']),
  );
}

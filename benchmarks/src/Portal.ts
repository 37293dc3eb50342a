import type { DemoMesh } from '@meshdeck/demo-mesh';
import { ChildProcess, spawn } from 'child_process';
import { createServer } from 'net';
import { AddressInfo } from 'net';
import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { HttpClient } from './HttpClient';

const CLUSTER = 'demo';
const START_MS = 60_000;

/** Where an API server is, and who asks it. */
export interface ClusterAccess {
  url: string;
  token: string;
  /** Absent where its certificate need not be looked at. */
  ca?: string;
}

/** A Backstage backend in a process of its own, with our plugin and its peers. */
export class Portal {
  static async start(options: {
    sources: DemoMesh['urls'];
    services: number;
    debug?: boolean;
    /** Instead of the stand-in's API server. */
    cluster?: ClusterAccess;
  }): Promise<Portal> {
    const { sources, services, debug, cluster } = options;
    const port = await freePort();
    const directory = mkdtempSync(join(tmpdir(), 'meshdeck-bench-'));
    const file = join(directory, 'app-config.json');
    const access = cluster ?? {
      url: sources.kubernetes,
      token: 'demo-portal-token',
    };
    writeFileSync(
      file,
      JSON.stringify(configOf({ port, directory, sources, access })),
    );
    const began = performance.now();
    const child = spawn(
      process.execPath,
      [
        '--expose-gc',
        '--no-node-snapshot',
        '--require',
        require.resolve('@backstage/cli/config/nodeTransform.cjs'),
        join(
          dirname(require.resolve('@meshdeck/benchmarks/package.json')),
          'src/startPortal.ts',
        ),
        '--config',
        file,
      ],
      {
        env: {
          ...process.env,
          NODE_ENV: 'development',
          LOG_LEVEL: 'warn',
          BENCH_SERVICES: String(services),
        },
        stdio: ['ignore', debug ? 'inherit' : 'ignore', 'inherit'],
      },
    );
    const url = `http://127.0.0.1:${port}`;
    const token = await guestToken(url, child);
    return new Portal(
      child,
      directory,
      HttpClient.create({ url, headers: { authorization: `Bearer ${token}` } }),
      began,
    );
  }

  private constructor(
    private readonly child: ChildProcess,
    /** With its configuration, which it watches as long as it runs. */
    private readonly directory: string,
    readonly client: HttpClient,
    /** `performance.now()` of the start. */
    readonly began: number,
  ) {}

  async heapBytes(): Promise<number> {
    const { heapBytes } = await this.client.get<{ heapBytes: number }>(
      '/api/limit/heap',
    );
    return heapBytes;
  }

  /** The file of the database of the mesh's plugin. */
  get database(): string {
    return join(this.directory, 'mesh.sqlite');
  }

  async stop(): Promise<void> {
    await this.client.close();
    const ended = new Promise(resolve => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await ended;
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function configOf(options: {
  port: number;
  directory: string;
  sources: DemoMesh['urls'];
  access: ClusterAccess;
}) {
  const { port, directory, sources, access } = options;
  const url = `http://127.0.0.1:${port}`;
  return {
    app: { baseUrl: url },
    backend: {
      baseUrl: url,
      listen: { host: '127.0.0.1', port },
      database: { client: 'better-sqlite3', connection: { directory } },
    },
    auth: { providers: { guest: { userEntityRef: 'user:default/guest' } } },
    kubernetes: {
      serviceLocatorMethod: { type: 'multiTenant' },
      clusterLocatorMethods: [
        {
          type: 'config',
          clusters: [
            {
              name: CLUSTER,
              url: access.url,
              authProvider: 'serviceAccount',
              serviceAccountToken: access.token,
              ...(access.ca
                ? { caData: Buffer.from(access.ca).toString('base64') }
                : { skipTLSVerify: true }),
            },
          ],
        },
      ],
    },
    kiali: {
      providers: [{ name: CLUSTER, url: `${sources.kiali}/kiali/` }],
    },
    mesh: {
      prometheus: { url: sources.prometheus },
      tracing: { url: sources.jaeger },
      kiali: { url: `${sources.kiali}/kiali` },
    },
  };
}

async function guestToken(url: string, child: ChildProcess): Promise<string> {
  const end = Date.now() + START_MS;
  while (Date.now() < end) {
    if (child.exitCode !== null) {
      throw new Error('The portal ended while it started');
    }
    const response = await fetch(`${url}/api/auth/guest/refresh`, {
      headers: { 'X-Requested-With': 'XMLHttpRequest' },
    }).catch(() => undefined);
    if (response?.ok) {
      const { backstageIdentity } = (await response.json()) as any;
      return backstageIdentity.token;
    }
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  throw new Error('The portal did not start in time');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}

import { ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const BINARY = process.env.MESHDECK_PROMETHEUS_BINARY ?? 'prometheus';

/**
 * A real Prometheus that scrapes a demo mesh, for as long as a test needs it. It has the series twice, as one that two clusters
 * share: those of cluster `demo`, and now and then those of cluster `other`.
 */
export class RealPrometheus {
  static isInstalled(): boolean {
    return spawnSync(BINARY, ['--version']).status === 0;
  }

  static async start(options: {
    target: string;
    scrapeIntervalS: number;
  }): Promise<RealPrometheus> {
    const directory = mkdtempSync(join(tmpdir(), 'meshdeck-prometheus-'));
    const port = await freePort();
    writeFileSync(
      join(directory, 'prometheus.yml'),
      [
        'global:',
        `  scrape_interval: ${options.scrapeIntervalS}s`,
        'scrape_configs:',
        ...scrapeConfig('demo', options),
        ...scrapeConfig('other', {
          ...options,
          scrapeIntervalS: options.scrapeIntervalS * 15,
        }),
      ].join('\n'),
    );
    const server = spawn(
      BINARY,
      [
        `--config.file=${join(directory, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(directory, 'tsdb')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--log.level=error',
      ],
      { stdio: 'ignore' },
    );
    const prometheus = new RealPrometheus(
      `http://127.0.0.1:${port}`,
      server,
      directory,
    );
    await prometheus.until(async () => {
      const response = await fetch(`${prometheus.url}/-/ready`);
      return response.ok;
    }, 20_000);
    return prometheus;
  }

  private constructor(
    readonly url: string,
    private readonly server: ChildProcess,
    private readonly directory: string,
  ) {}

  async until(
    condition: () => Promise<boolean>,
    timeoutMs: number,
  ): Promise<void> {
    const endMs = Date.now() + timeoutMs;
    while (!(await condition().catch(() => false))) {
      if (Date.now() > endMs) {
        throw new Error(`not so after ${timeoutMs} ms`);
      }
      await pause(250);
    }
  }

  async stop(): Promise<void> {
    const ended = new Promise(resolve => this.server.once('exit', resolve));
    this.server.kill('SIGTERM');
    await ended;
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function scrapeConfig(
  cluster: string,
  { target, scrapeIntervalS }: { target: string; scrapeIntervalS: number },
): string[] {
  return [
    `  - job_name: ${cluster}`,
    `    scrape_interval: ${scrapeIntervalS}s`,
    '    honor_labels: true',
    '    params:',
    "      dated: ['true']",
    '    static_configs:',
    `      - targets: ['${target}']`,
    `        labels: { cluster: ${cluster} }`,
  ];
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise(resolve => {
    server.close(resolve);
  });
  return typeof address === 'object' && address ? address.port : 0;
}

import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';

const PORTS = [
  'KUBERNETES',
  'PROMETHEUS',
  'JAEGER',
  'TEMPO',
  'KIALI',
  'CONTROL',
] as const;

function run(environment: Record<string, string>, args: string[] = []) {
  const child = spawn(
    process.execPath,
    [
      '--require',
      '@backstage/cli/config/nodeTransform.cjs',
      'packages/demo-mesh/src/main.ts',
      ...args,
    ],
    {
      cwd: join(__dirname, '../../..'),
      env: {
        PATH: process.env.PATH,
        ...Object.fromEntries(
          PORTS.map(name => [`MESHDECK_DEMO_PORT_${name}`, '0']),
        ),
        ...environment,
      },
    },
  );
  const output = { text: '' };
  const ready = new Promise<any>(resolve => {
    const read = (chunk: Buffer) => {
      output.text += chunk;
      const line = /^\{"ready":true.*\}$/m.exec(output.text);
      if (line) {
        resolve(JSON.parse(line[0]));
      }
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
  });
  const exit = new Promise<number | null>(resolve => {
    child.once('exit', resolve);
  });
  return { child, output, ready, exit };
}

describe('the demo as a process', () => {
  it('says when all servers answer, and ends on SIGTERM', async () => {
    const { child, ready, exit, output } = run({});
    const { control, prometheus, jaeger, tempo, kiali, kubernetes } =
      await ready;
    const health = await (await fetch(`${control}/healthz`)).json();
    expect(health).toMatchObject({ ok: true, urls: { kubernetes } });
    for (const url of [
      `${kubernetes}/version`,
      `${prometheus}/-/ready`,
      `${jaeger}/api/services`,
      `${tempo}/ready`,
      `${kiali}/kiali/api/status`,
    ]) {
      expect((await fetch(url)).status).toBe(200);
    }
    expect(output.text).toContain('without a token everything is allowed');
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
  }, 30_000);

  it('is there within three seconds, where the machine lets it', async () => {
    const startedIn: number[] = [];
    // Beside other work one start may be late; a demo that became slow is late each time.
    while (startedIn.length < 4 && !(Math.min(...startedIn) < 3_000)) {
      const { child, ready, exit } = run({});
      startedIn.push((await ready).startedInMs);
      child.kill('SIGTERM');
      await exit;
    }
    expect(Math.min(...startedIn)).toBeLessThan(3_000);
  }, 60_000);

  it('makes services and latency as its arguments say', async () => {
    const args = ['--services', '30', '--latency', '40ms', '--only-generated'];
    const { child, ready, exit } = run({}, args);
    const { kubernetes, platforms, services } = await ready;
    expect({ platforms, services }).toEqual({ platforms: 0, services: 30 });
    const began = performance.now();
    const list = await fetch(
      `${kubernetes}/api/v1/namespaces/team-003/services`,
    );
    expect((await list.json()).items).toHaveLength(10);
    expect(performance.now() - began).toBeGreaterThan(38);
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
    const wrong = run({}, ['--latency', 'soon']);
    expect(await wrong.exit).toBe(1);
    expect(wrong.output.text).toContain('it must be a duration such as 20ms');
  }, 30_000);

  it('names the port that is taken and the variable that moves it', async () => {
    const other = createServer();
    await new Promise<void>(resolve => {
      other.listen(0, '127.0.0.1', resolve);
    });
    const { port } = other.address() as { port: number };
    const { exit, output } = run({ MESHDECK_DEMO_PORT_KIALI: String(port) });
    expect(await exit).toBe(1);
    expect(output.text).toContain(`Port ${port}`);
    expect(output.text).toContain('kiali');
    expect(output.text).toContain('MESHDECK_DEMO_PORT_KIALI');
    other.close();
  }, 30_000);
});

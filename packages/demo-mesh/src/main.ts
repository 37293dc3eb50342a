import { readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createControlApp } from './createControlApp';
import { DemoMesh } from './DemoMesh';
import { LoopbackServer, PortTakenError } from './LoopbackServer';
import { readArguments } from './readArguments';
import { SOURCE_NAMES, SourceName } from './sources/SourceName';

const EXAMPLES = resolve(
  dirname(require.resolve('../package.json')),
  '../../examples/platforms',
);
const STANDARD_PORTS: Record<SourceName | 'control', number> = {
  kubernetes: 7101,
  prometheus: 7102,
  jaeger: 7103,
  kiali: 7104,
  control: 7105,
  tempo: 7106,
};
const PORTAL_TOKEN = 'demo-portal-token';

const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const began = performance.now();
  const { services, latencyMs, onlyGenerated } = readArguments(
    process.argv.slice(2),
  );
  const platforms = onlyGenerated ? [] : platformDirectories();
  const mesh = await DemoMesh.start({
    platforms,
    generated: services > 0 ? { services } : undefined,
    latencyMs,
    ports: Object.fromEntries(SOURCE_NAMES.map(name => [name, portOf(name)])),
    tokens: [
      {
        token: PORTAL_TOKEN,
        user: 'system:serviceaccount:meshdeck:portal',
        rules: 'all',
      },
    ],
  });
  const controls = await LoopbackServer.start({
    name: 'control',
    port: portOf('control'),
    listener: createControlApp(mesh),
  }).catch(async error => {
    await mesh.stop();
    throw error;
  });
  const stop = async () => {
    await Promise.all([controls.stop(), mesh.stop()]);
    process.exitCode = 0;
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);

  say('A stand-in cluster: its objects and its traffic are simulated.');
  say(
    `Kubernetes  ${mesh.urls.kubernetes}  token ${PORTAL_TOKEN}; without a token everything is allowed too, on loopback only`,
  );
  say(`Prometheus  ${mesh.urls.prometheus}`);
  say(`Jaeger      ${mesh.urls.jaeger}`);
  say(`Tempo       ${mesh.urls.tempo}`);
  say(`Kiali       ${mesh.urls.kiali}/kiali`);
  say(`Control     ${controls.url}`);
  say(
    JSON.stringify({
      ready: true,
      ...mesh.urls,
      control: controls.url,
      platforms: platforms.length,
      services,
      startedInMs: Math.round(performance.now() - began),
    }),
  );
}

function platformDirectories(): string[] {
  const given = process.env.MESHDECK_DEMO_PLATFORMS;
  if (given) {
    return given.split(',').map(directory => resolve(directory.trim()));
  }
  return readdirSync(EXAMPLES, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .map(name => join(EXAMPLES, name));
}

function variableOf(server: string): string {
  return `MESHDECK_DEMO_PORT_${server.toUpperCase()}`;
}

function portOf(server: keyof typeof STANDARD_PORTS): number {
  const text = process.env[variableOf(server)];
  const port = text ? Number(text) : STANDARD_PORTS[server];
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(
      `${variableOf(server)} is "${text}": it must be a port number`,
    );
  }
  return port;
}

main().catch(error => {
  process.stderr.write(
    error instanceof PortTakenError
      ? `${error.message}. Free it, or choose another with ${variableOf(
          error.server,
        )}.\n`
      : `The stand-in cluster could not start: ${
          error instanceof Error ? error.message : error
        }\n`,
  );
  process.exitCode = 1;
});

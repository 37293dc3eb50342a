import { spawn } from 'child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'fs';
import path from 'path';
import { START_CANARY, withCanary } from './canary';
import { holdMesh } from './holdMesh';
import {
  isRunning,
  meshFolder,
  type MeshState,
  readMeshState,
} from './meshState';
import { CannotRunMesh } from './programs';
import { until } from './until';

const UP_WITHIN_MS = 2 * 3600_000;
const DOWN_WITHIN_MS = 60_000;
/** How `up` tells that the machine cannot, and scripts that what needs a mesh is to be skipped. */
const CANNOT = 3;

const USAGE = `A real mesh on this machine: real API server and istiod, pods with real Envoys, no containers.

  yarn real-mesh up       start it, and print where it is
  yarn real-mesh canary   start a second istiod beside the first, for what is labelled istio.io/rev=canary
  yarn real-mesh status   print what runs
  yarn real-mesh down     end it

MESHDECK_REAL_MESH_SLOT (0 to 9) tells several apart, MESHDECK_REAL_MESH_DIR moves their state,
MESHDECK_REAL_MESH_BIN names a folder with the programs. Exit code ${CANNOT}: this machine cannot run one.
`;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function slotOf(value = '0'): number {
  if (!/^\d$/.test(value)) {
    throw new Error(`MESHDECK_REAL_MESH_SLOT is "${value}": set it to 0 to 9`);
  }
  return Number(value);
}

function describe(state: MeshState): string {
  const { server, kubeconfig, istiod, canary } = state;
  const { prometheusUrl, jaegerUrl } = state;
  return [
    `istiod ${istiod.version}`,
    ...(canary ? [`and of the revision ${canary}`] : []),
    `export MESHDECK_REAL_MESH_STATE=${path.join(state.folder, 'state.json')}`,
    `export KUBECONFIG=${kubeconfig}`,
    `export MESHDECK_REAL_KUBERNETES=${server.url}`,
    ...(prometheusUrl
      ? [`export MESHDECK_REAL_PROMETHEUS=${prometheusUrl}`]
      : []),
    ...(jaegerUrl ? [`export MESHDECK_REAL_JAEGER=${jaegerUrl}`] : []),
  ].join('\n');
}

/** Holds the mesh until a signal comes. */
async function hold(slot: number): Promise<number> {
  const mesh = await holdMesh({ slot, say });
  process.on(START_CANARY, () => {
    mesh.startCanary().catch(error => say((error as Error).message));
  });
  await new Promise<void>(resolve => {
    process.on('SIGTERM', resolve);
    process.on('SIGINT', resolve);
  });
  await mesh.stop();
  return 0;
}

/** Starts the process that holds the mesh, and waits until it does. */
async function up(slot: number): Promise<number> {
  const there = readMeshState(slot);
  if (there) {
    say(describe(there));
    return 0;
  }
  mkdirSync(path.dirname(meshFolder(slot)), { recursive: true, mode: 0o755 });
  const logFile = `${meshFolder(slot)}.log`;
  const log = openSync(logFile, 'w');
  const child = spawn(
    process.execPath,
    [...process.execArgv, process.argv[1], 'hold'],
    {
      detached: true,
      stdio: ['ignore', log, log],
    },
  );
  closeSync(log);
  let code: number | undefined;
  child.on('exit', exit => {
    code = exit ?? 1;
  });
  const state = await until('The mesh', UP_WITHIN_MS, () => {
    if (code !== undefined) {
      return 'ended' as const;
    }
    return readMeshState(slot);
  });
  if (state === 'ended') {
    process.stderr.write(readFileSync(logFile, 'utf8'));
    return code ?? 1;
  }
  child.unref();
  say(describe(state));
  return 0;
}

async function down(slot: number): Promise<number> {
  const state = readMeshState(slot);
  if (!state) {
    say('No mesh runs.');
    return 0;
  }
  process.kill(state.pid, 'SIGTERM');
  await until('The end of the mesh', DOWN_WITHIN_MS, () =>
    isRunning(state.pid) ? undefined : true,
  );
  say('The mesh is down.');
  return 0;
}

async function main(): Promise<number> {
  const [command] = process.argv.slice(2);
  const slot = slotOf(process.env.MESHDECK_REAL_MESH_SLOT);
  switch (command) {
    case 'up':
      return up(slot);
    case 'canary':
      say(describe(await withCanary(slot)));
      return 0;
    case 'hold':
      return hold(slot);
    case 'down':
      return down(slot);
    case 'status': {
      const state = readMeshState(slot);
      say(state ? describe(state) : 'No mesh runs.');
      return state ? 0 : 1;
    }
    default:
      say(USAGE);
      return 2;
  }
}

main().then(
  code => process.exit(code),
  error => {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(error instanceof CannotRunMesh ? CANNOT : 1);
  },
);

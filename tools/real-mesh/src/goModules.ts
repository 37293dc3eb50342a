import { mkdir, mkdtemp, readFile, rm, writeFile } from 'fs/promises';
import { tmpdir } from 'os';
import path from 'path';
import { run } from './run';
import {
  ISTIO_MODULE,
  ISTIO_VERSION,
  JAEGER_MODULE,
  KUBERNETES_VERSION,
} from './versions';

const GO_NEEDED = [1, 26];
/** Cold, the largest of them takes some 15 minutes of two cores. */
const BUILD_WITHIN_MS = 90 * 60_000;

/** Whether this machine's Go can build the programs. */
export async function hasGo(): Promise<boolean> {
  try {
    const version = /go(\d+)\.(\d+)/.exec(await run('go', ['version']));
    const [major, minor] = [Number(version?.[1]), Number(version?.[2])];
    return major > GO_NEEDED[0] || minor >= GO_NEEDED[1];
  } catch {
    return false;
  }
}

/** The folder of a module's sources, fetched if need be. */
export async function moduleFolder(module: string): Promise<string> {
  const { Dir: folder } = JSON.parse(
    await run('go', ['mod', 'download', '-json', module], {
      cwd: tmpdir(),
      timeoutMs: BUILD_WITHIN_MS,
    }),
  );
  return folder;
}

const [ISTIO_PATH, ISTIO_AT] = ISTIO_MODULE.split('@');
const ISTIO_PROGRAMS: Record<string, string> = {
  'pilot-discovery': 'pilot/cmd/pilot-discovery',
  'pilot-agent': 'pilot/cmd/pilot-agent',
  istioctl: 'istioctl/cmd/istioctl',
};

/** Builds one of the programs from its module into a folder. */
export async function buildProgram(
  name: string,
  folder: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  if (Object.hasOwn(ISTIO_PROGRAMS, name)) {
    await install(
      folder,
      `${ISTIO_PATH}/${ISTIO_PROGRAMS[name]}@${ISTIO_AT}`,
      `-X istio.io/istio/pkg/version.buildVersion=${ISTIO_VERSION}`,
    );
  } else if (name === 'jaeger') {
    const [module, at] = JAEGER_MODULE.split('@');
    await install(folder, `${module}/cmd/jaeger@${at}`, '');
  } else {
    await buildKubernetes(name, folder);
  }
}

function install(folder: string, what: string, flags: string): Promise<string> {
  return run(
    'go',
    ['install', '-trimpath', '-ldflags', `-s -w ${flags}`, what],
    {
      cwd: tmpdir(),
      env: { ...process.env, GOBIN: folder, CGO_ENABLED: '0' },
      timeoutMs: BUILD_WITHIN_MS,
    },
  );
}

/** Kubernetes replaces its own parts by folders that its module lacks: a module of our own names their releases instead. */
async function buildKubernetes(name: string, folder: string): Promise<void> {
  const sources = await moduleFolder(
    `k8s.io/kubernetes@v${KUBERNETES_VERSION}`,
  );
  const parts = [
    ...(await readFile(path.join(sources, 'go.mod'), 'utf8')).matchAll(
      /(k8s\.io\/[\w-]+) => \.\/staging\//g,
    ),
  ].map(([, part]) => part);
  const partsVersion = `v0${KUBERNETES_VERSION.slice(1)}`;
  const work = await mkdtemp(path.join(tmpdir(), 'kubernetes-build-'));
  try {
    const lines = parts.map(
      part => `replace ${part} => ${part} ${partsVersion}`,
    );
    await writeFile(
      path.join(work, 'go.mod'),
      `module build\n\nrequire k8s.io/kubernetes v${KUBERNETES_VERSION}\n\n${lines.join(
        '\n',
      )}\n`,
    );
    await run(
      'go',
      [
        'build',
        '-mod=mod',
        '-trimpath',
        '-ldflags',
        `-s -w -X k8s.io/component-base/version.gitVersion=v${KUBERNETES_VERSION}`,
        '-o',
        path.join(folder, name),
        `k8s.io/kubernetes/cmd/${name}`,
      ],
      {
        cwd: work,
        env: { ...process.env, CGO_ENABLED: '0' },
        timeoutMs: BUILD_WITHIN_MS,
      },
    );
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

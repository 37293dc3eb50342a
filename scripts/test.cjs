'use strict';

// `npm test`: everything that must hold. What the machine lacks is skipped with a plain line.

const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { bootstrap } = require('./bootstrap.cjs');
const { startNode, whenEnding } = require('./lifeline.cjs');
const { freePorts } = require('./ports.cjs');
const { run, say, seconds } = require('./report.cjs');

const ROOT = path.resolve(__dirname, '..');
const RESULTS = path.join(ROOT, '.cache', 'test');
/** A real Kubernetes API server for the contract tests, where there is one. */
const REAL_CLUSTER =
  process.env.MESHDECK_REAL_CLUSTER ||
  path.join(ROOT, '..', 'shared', 'tools', 'real-cluster');

/** The API server that it starts: what people run, beside one that somebody works with. */
const REAL_CLUSTER_DIR = path.join(ROOT, '.cache', 'real-cluster');
const REAL_CLUSTER_ENV = {
  MESH_REAL_VERSION: process.env.MESH_REAL_VERSION || '1.37',
  MESH_REAL_DIR: REAL_CLUSTER_DIR,
  MESH_REAL_PORT: process.env.MESH_REAL_PORT || '26443',
};
/** Of the real mesh: beside one that somebody works with. */
const REAL_MESH_SLOT = process.env.MESHDECK_REAL_MESH_SLOT || '9';
/** How the command for it says that this machine cannot run one. */
const CANNOT_RUN_MESH = 3;

/** Documents of teams that run Istio, to be read by the rules, where they are at hand. */
const SEEDS =
  process.env.MESHDECK_SEEDS || path.join(ROOT, '..', 'shared', 'seeds');

/** One more than there are processors: some files wait for servers most of their time. Each takes 1.5 GB. */
const WORKERS = Math.min(os.cpus().length + 1, 4);

const total = { passed: 0, failed: 0, skipped: 0 };
/** Said once more at the end: what the tests print on their way is long. */
const failures = [];
/** How many failed in which file: where the failures are many, these lines are read first. */
const failedIn = [];
const MOST_LINES = 15;

function count(passed, failed, skipped) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}

/** Runs a program of the repository and answers its exit code; its output goes to the terminal. */
function start(toolchain, args, env = {}) {
  return new Promise(resolve => {
    const child = startNode(toolchain.node, args, {
      cwd: ROOT,
      env: { ...toolchain.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.on('error', () => resolve(1));
    child.on('exit', code => resolve(code === null ? 1 : code));
  });
}

async function step(name, work) {
  const began = Date.now();
  say(`\n── ${name}`);
  await work();
  say(`   ${name}: ${seconds(began)}`);
}

/** Runs a program beside others; what it says is answered with its exit code. */
function startBeside(toolchain, args, env = {}) {
  const child = startNode(toolchain.node, args, {
    cwd: ROOT,
    env: { ...toolchain.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', chunk => {
      output += chunk;
    });
  }
  return new Promise(resolve => {
    child.on('error', error => resolve({ code: 1, output: error.message }));
    child.on('close', code =>
      resolve({ code: code === null ? 1 : code, output }),
    );
  });
}

/** A check that passes or fails as a whole. */
function check(toolchain, name, args) {
  return checkThat(name, () => start(toolchain, args));
}

function checkThat(name, exitCode) {
  return step(name, async () => {
    const code = await exitCode();
    count(code === 0 ? 1 : 0, code === 0 ? 0 : 1, 0);
    say(code === 0 ? `   passed` : `   FAILED`);
    if (code !== 0) {
      failures.push(`   ${name}`);
    }
  });
}

function skip(what, why) {
  say(`   skipped: ${what} (${why})`);
}

const cli = path.join('node_modules', '@backstage/cli/bin/backstage-cli');
const bin = (name, file) => path.join('node_modules', name, file);

/** The environment of a real API server, started for the tests; undefined where there is none. */
function openRealCluster() {
  if (!fs.existsSync(REAL_CLUSTER)) {
    return undefined;
  }
  const { status, stdout } = spawnSync('bash', [REAL_CLUSTER, 'up'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...REAL_CLUSTER_ENV },
  });
  if (status !== 0) {
    return undefined;
  }
  process.once('exit', closeRealCluster);
  return exportsIn(stdout);
}

/** Why tests on it may have failed, where it is to blame; undefined where it still runs, or nobody can tell. */
function whyRealClusterEnded() {
  const pid = path.join(REAL_CLUSTER_DIR, 'apiserver.pid');
  const log = path.join(REAL_CLUSTER_DIR, 'apiserver.log');
  if (!fs.existsSync(pid) || !fs.existsSync(log)) {
    return undefined;
  }
  try {
    process.kill(Number(fs.readFileSync(pid, 'utf8')), 0);
    return undefined;
  } catch (error) {
    const last = fs.readFileSync(log, 'utf8').trim().split('\n');
    return ['The real API server ended by itself:']
      .concat(last.slice(-MOST_LINES))
      .join('\n     ');
  }
}

function closeRealCluster() {
  process.removeListener('exit', closeRealCluster);
  spawnSync('bash', [REAL_CLUSTER, 'down'], {
    stdio: 'ignore',
    env: { ...process.env, ...REAL_CLUSTER_ENV },
  });
}

const REAL_MESH = [
  '--require',
  '@backstage/cli/config/nodeTransform.cjs',
  path.join('tools', 'real-mesh', 'src', 'cli.ts'),
];
const REAL_MESH_ENV = { MESHDECK_REAL_MESH_SLOT: REAL_MESH_SLOT };

/** The environment of a real mesh; empty where the machine cannot run one, which is said. */
async function openRealMesh(toolchain) {
  const { code, output } = await startBeside(
    toolchain,
    [...REAL_MESH, 'up'],
    REAL_MESH_ENV,
  );
  if (code === CANNOT_RUN_MESH) {
    skip('what needs a real mesh', output.trim().split('\n').pop());
    return {};
  }
  if (code !== 0) {
    throw new Error(`The real mesh did not come up:\n${output}`);
  }
  process.once('exit', () => closeRealMesh(toolchain));
  return exportsIn(output);
}

function closeRealMesh({ node, env }) {
  spawnSync(node, [...REAL_MESH, 'down'], {
    cwd: ROOT,
    env: { ...env, ...REAL_MESH_ENV },
    stdio: 'ignore',
  });
}

function exportsIn(output) {
  return Object.fromEntries(
    [...output.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [
      name,
      value,
    ]),
  );
}

function readJestResults(file) {
  if (!fs.existsSync(file)) {
    return undefined;
  }
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}

/** The colours and the trace of an error left out. */
function inShort(message) {
  return message
    .replace(/\u001b\[[0-9;]*m/g, '')
    .split('\n')
    .filter(line => line.trim() && !/^\s+at /.test(line))
    .slice(0, MOST_LINES)
    .map(line => `     ${line}`)
    .join('\n');
}

function failuresOf({ name, status, message, assertionResults }) {
  const file = path.relative(ROOT, name);
  const failed = assertionResults.filter(test => test.status === 'failed');
  if (status === 'failed' && failed.length === 0) {
    return [`   ${file}\n${inShort(message)}`];
  }
  return failed.map(
    ({ fullName, failureMessages }) =>
      `   ${file}: ${fullName}\n${inShort(failureMessages.join('\n'))}`,
  );
}

function countJest(file, code) {
  const results = readJestResults(file);
  if (!results || results.numTotalTests === undefined) {
    count(0, 1, 0);
    return;
  }
  failures.push(...results.testResults.flatMap(failuresOf));
  failedIn.push(
    ...results.testResults
      .filter(({ status }) => status === 'failed')
      .map(({ name, assertionResults }) => {
        const failed = assertionResults.filter(
          test => test.status === 'failed',
        );
        return `   ${path.relative(ROOT, name)}: ${failed.length || 'all'}`;
      }),
  );
  // A file that could not even be run has no tests to count.
  const brokenFiles = results.numRuntimeErrorTestSuites || 0;
  const failed = results.numFailedTests + brokenFiles;
  count(
    results.numPassedTests,
    failed || (code === 0 ? 0 : 1),
    results.numPendingTests,
  );
}

async function unitTests(toolchain, mesh) {
  const real = openRealCluster();
  if (!real) {
    skip('contract tests on a real API server', 'no real-cluster tool here');
  }
  if (!fs.existsSync(SEEDS)) {
    skip('the documents of teams', 'they are not at hand');
  }
  const missing = ['prometheus', 'kubectl'].filter(
    name => spawnSync('which', [name]).status !== 0,
  );
  missing.forEach(name => skip(`what needs ${name}`, 'it is not in PATH'));
  const file = path.join(RESULTS, 'unit.json');
  const code = await start(
    toolchain,
    [
      cli,
      'repo',
      'test',
      '--watchAll=false',
      `--maxWorkers=${WORKERS}`,
      '--json',
      `--outputFile=${file}`,
    ],
    {
      ...real,
      ...(real
        ? {
            MESHDECK_REAL_CLUSTER: REAL_CLUSTER,
            MESH_REAL_VERSION: REAL_CLUSTER_ENV.MESH_REAL_VERSION,
          }
        : {}),
      ...mesh,
      ...(fs.existsSync(SEEDS) ? { MESHDECK_SEEDS: SEEDS } : {}),
      CI: '1',
      NODE_OPTIONS: '--experimental-vm-modules --no-warnings',
    },
  );
  countJest(file, code);
  if (real) {
    const why = whyRealClusterEnded();
    failures.push(...(why ? [`   ${why}`] : []));
    closeRealCluster();
  }
}

/** One of the two suites of browser tests; what the machine lacks for it is said. */
async function browserTests(toolchain, { name, options = [], env = {} }) {
  const file = path.join(RESULTS, `${name}.json`);
  const code = await start(
    toolchain,
    ['scripts/e2e.cjs', ...options, '--json-output', file],
    { ...(await freePorts()), ...env },
  );
  const results = readJestResults(file);
  if (results && results.skipped) {
    skip('browser tests', results.reason);
    count(0, 0, 1);
    return;
  }
  countJest(file, code);
}

/** Over the mesh that runs, where there is one. */
async function realBrowserTests(toolchain, mesh) {
  if (!mesh.MESHDECK_REAL_MESH_STATE) {
    skip('browser tests over a real mesh', 'none runs');
    count(0, 0, 1);
    return;
  }
  await browserTests(toolchain, {
    name: 'e2e-real',
    options: ['--real'],
    env: mesh,
  });
}

/** What can be said of the code without running it, and what the commands leave behind. */
async function staticChecks(toolchain) {
  // On one core alone, and the longest of these checks: the others need not wait for it.
  const types = startBeside(toolchain, [
    bin('typescript', 'bin/tsc'),
    '--noEmit',
  ]);
  await check(toolchain, 'format', [
    bin('prettier', 'bin-prettier.js'),
    '--check',
    '--loglevel',
    'warn',
    '.',
  ]);
  await check(toolchain, 'lint', [cli, 'repo', 'lint', '--max-warnings', '0']);
  await check(toolchain, 'layers', [
    bin('dependency-cruiser', 'bin/dependency-cruiser.mjs'),
    '--config',
    '.dependency-cruiser.cjs',
    'plugins',
    'packages',
    'tools',
    'benchmarks',
  ]);
  await check(toolchain, 'nothing that is unused', [
    bin('knip', 'bin/knip.js'),
    '--no-progress',
  ]);
  await check(toolchain, 'commands leave no process behind', [
    '--test',
    path.join('scripts', 'lifeline.test.cjs'),
  ]);
  await check(toolchain, 'API description', [
    path.join('plugins', 'mesh-common', 'openapi', 'write.cjs'),
    '--check',
  ]);
  await checkThat('types', async () => {
    const { code, output } = await types;
    process.stdout.write(output);
    return code;
  });
}

run(async () => {
  const began = Date.now();
  whenEnding(() => process.exit(1));
  const toolchain = await bootstrap();
  fs.rmSync(RESULTS, { recursive: true, force: true });
  fs.mkdirSync(RESULTS, { recursive: true });
  const mesh = openRealMesh(toolchain);
  // Whatever the checks before it find, it is looked at where it is needed.
  mesh.catch(() => undefined);
  await staticChecks(toolchain);
  await step('unit, integration and contract', async () =>
    unitTests(toolchain, await mesh),
  );
  await step('browser, over the real mesh', async () =>
    realBrowserTests(toolchain, await mesh),
  );
  // It keeps a processor busy.
  closeRealMesh(toolchain);
  await step('browser', () => browserTests(toolchain, { name: 'e2e' }));
  if (failures.length) {
    say(`\n── What failed\n${failures.join('\n')}`);
    say(`\n── How many failed\n${failedIn.join('\n')}`);
  }
  say(`\nTook ${seconds(began)}.`);
  say(
    `${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`,
  );
  return total.failed === 0 ? 0 : 1;
});

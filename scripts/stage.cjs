'use strict';

// Starts the demo mesh, builds the app where it changed, starts the backend, and waits until the pages' data answers.

const { createHash } = require('crypto');
const fs = require('fs');
const path = require('path');
const { startNode } = require('./lifeline.cjs');
const { Explained, say, seconds } = require('./report.cjs');
const { choosePorts } = require('./ports.cjs');

const TRANSFORM = '@backstage/cli/config/nodeTransform.cjs';
const READY_WITHIN_MS = 180000;
/** Where its programs have to be built first, that takes most of an hour. */
const REAL_MESH_WITHIN_MS = 2 * 3600000;
/** Some dozens of pods are to be taken apart. */
const REAL_MESH_GRACE_MS = 15000;

const wait = ms => new Promise(resolve => setTimeout(resolve, ms));

/** A process of the stage: its output goes to a file, and its death ends everything. */
function startProcess({ name, node, args, cwd, env, logs, children, graceMs }) {
  const log = path.join(logs, `${name}.log`);
  const out = fs.openSync(log, 'w');
  const child = startNode(node, args, {
    cwd,
    env,
    stdio: ['ignore', out, out],
    graceMs,
  });
  const entry = { name, child, log, exited: undefined };
  child.on('exit', (code, signal) => {
    entry.exited = signal || code;
  });
  children.push(entry);
  return entry;
}

function lastLines(file, count) {
  return fs
    .readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .slice(-count)
    .join('\n');
}

function checkAlive(children) {
  for (const { name, exited, log } of children) {
    if (exited !== undefined) {
      throw new Explained(
        `${name} ended (${exited}). Its last words:\n${lastLines(log, 15)}`,
        `The whole log: ${log}`,
      );
    }
  }
}

async function until(what, children, probe, withinMs = READY_WITHIN_MS) {
  const began = Date.now();
  let last;
  while (Date.now() - began < withinMs) {
    checkAlive(children);
    try {
      const result = await probe();
      if (result !== undefined) {
        return result;
      }
    } catch (error) {
      last = error.message;
    }
    await wait(250);
  }
  throw new Explained(
    `${what} did not answer within ${withinMs / 1000} s${
      last ? ` (${last})` : ''
    }.`,
    `Look into ${children.map(({ log }) => log).join(' and ')}.`,
  );
}

/** Changes with the app's sources. */
function sourcesOfApp(root) {
  const hash = createHash('sha256');
  const visit = folder => {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const full = path.join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!['node_modules', 'dist', '__fixtures__'].includes(entry.name)) {
          visit(full);
        }
      } else if (!/\.test\.tsx?$/.test(entry.name)) {
        hash.update(path.relative(root, full)).update(fs.readFileSync(full));
      }
    }
  };
  ['packages/app', 'plugins/mesh', 'plugins/mesh-common'].forEach(folder =>
    visit(path.join(root, folder)),
  );
  return hash
    .update(fs.readFileSync(path.join(root, 'yarn.lock')))
    .update(fs.readFileSync(path.join(root, 'app-config.yaml')))
    .digest('hex');
}

async function buildApp({ node, root, env, logs }) {
  const mark = path.join(root, 'packages/app/dist/.meshdeck-sources');
  const wanted = sourcesOfApp(root);
  if (fs.existsSync(mark) && fs.readFileSync(mark, 'utf8') === wanted) {
    return;
  }
  const began = Date.now();
  say('Building the app (about a minute the first time)…');
  const children = [];
  const build = startProcess({
    name: 'app-build',
    node,
    args: [
      path.join(root, 'node_modules/@backstage/cli/bin/backstage-cli'),
      'package',
      'build',
      '--config',
      '../../app-config.yaml',
      '--config',
      '../../app-config.demo.yaml',
    ],
    cwd: path.join(root, 'packages/app'),
    env: { ...env, NODE_ENV: 'production' },
    logs,
    children,
  });
  await new Promise(resolve => build.child.on('exit', resolve));
  if (build.exited !== 0) {
    throw new Explained(
      `The app could not be built:\n${lastLines(build.log, 20)}`,
      `The whole log: ${build.log}`,
    );
  }
  fs.writeFileSync(mark, wanted);
  say(`Built the app in ${seconds(began)}.`);
}

async function json(url, options) {
  const response = await fetch(url, {
    ...options,
    signal: AbortSignal.timeout(10000),
  });
  if (!response.ok) {
    throw new Error(`${url} answered ${response.status}`);
  }
  return response.json();
}

/** The views of one entity, once its numbers are there. */
async function viewsOf(base, token, name) {
  const entity = `${base}/api/mesh/v1/entities/component/default/${name}`;
  const headers = { Authorization: `Bearer ${token}` };
  const { placements } = await json(`${entity}/placements`, { headers });
  if (!placements.length) {
    return undefined;
  }
  const views = {};
  for (const view of ['overview', 'routes', 'security', 'traces', 'canary']) {
    views[view] = await json(
      `${entity}/placements/${encodeURIComponent(placements[0].id)}/${view}`,
      { headers },
    );
    if (views[view].sources.some(({ status }) => status !== 'ok')) {
      return undefined;
    }
  }
  return views.overview.requestsPerSecond.value > 0 &&
    views.traces.traces.length
    ? { placement: placements[0], views }
    : undefined;
}

/** Starts the stand-in mesh. */
async function startDemoMesh({ node, root, env, ports, logs, children }) {
  say('Starting the demo mesh…');
  startProcess({
    name: 'demo-mesh',
    node,
    args: ['--require', TRANSFORM, 'packages/demo-mesh/src/main.ts'],
    cwd: root,
    env: { ...env, NODE_ENV: 'development' },
    logs,
    children,
  });
  await until('The demo mesh', children, async () => {
    await json(`http://127.0.0.1:${ports.MESHDECK_DEMO_PORT_CONTROL}/healthz`);
    return true;
  });
  return {};
}

/** Starts a real mesh with one of the platforms in it; answers where it is, as environment. */
async function startRealMesh({ node, root, env, logs, children }) {
  say(
    'Starting a real mesh (its programs are unpacked or built the first time)…',
  );
  const start = (name, file, ...args) =>
    startProcess({
      name,
      node,
      args: [
        '--require',
        TRANSFORM,
        path.join('tools/real-mesh/src', file),
        ...args,
      ],
      cwd: root,
      env,
      logs,
      children,
      graceMs: REAL_MESH_GRACE_MS,
    });
  const slot = env.MESHDECK_REAL_MESH_SLOT || '0';
  const folder = path.join(
    env.MESHDECK_REAL_MESH_DIR || '/var/tmp/meshdeck-real-mesh',
    slot,
  );
  // That of an earlier mesh would be taken for this one's.
  fs.rmSync(path.join(folder, 'state.json'), { force: true });
  const mesh = start('real-mesh', 'cli.ts', 'hold');
  const state = await until(
    'The real mesh',
    children,
    () => {
      const file = path.join(folder, 'state.json');
      return fs.existsSync(file)
        ? JSON.parse(fs.readFileSync(file, 'utf8'))
        : undefined;
    },
    REAL_MESH_WITHIN_MS,
  );
  say(`istiod ${state.istiod.version} runs. Bringing ORION in…`);
  const platform = start(
    'real-platform',
    'platform/platformMain.ts',
    'examples/platforms/orion',
  );
  await until('ORION', [mesh, platform], () =>
    /is in the mesh/.test(fs.readFileSync(platform.log, 'utf8'))
      ? true
      : undefined,
  );
  return {
    MESHDECK_REAL_KUBERNETES: state.server.url,
    MESHDECK_REAL_TOKEN: state.server.token,
    MESHDECK_REAL_CA: state.server.caFile,
    MESHDECK_REAL_PROMETHEUS: state.prometheusUrl,
    MESHDECK_REAL_JAEGER: state.jaegerUrl,
  };
}

/**
 * Everything up and answering. `stop` ends it again.
 * @param options.real - over a real mesh instead of the stand-in.
 */
async function openStage({ node, root, env: given }, { real = false } = {}) {
  const ports = await choosePorts();
  const logs = path.join(root, '.cache', 'logs');
  fs.mkdirSync(logs, { recursive: true });
  const env = { ...given, ...ports };
  const children = [];
  const stop = () => Promise.all(children.map(({ child }) => child.end()));
  try {
    const start = real ? startRealMesh : startDemoMesh;
    Object.assign(env, await start({ node, root, env, ports, logs, children }));
    await buildApp({ node, root, env, logs });
    say('Starting the backend…');
    startProcess({
      name: 'backend',
      node,
      args: [
        '--no-node-snapshot',
        '--require',
        TRANSFORM,
        'src/index.ts',
        '--config',
        '../../app-config.yaml',
        '--config',
        '../../app-config.demo.yaml',
        ...(real ? ['--config', '../../app-config.real.yaml'] : []),
      ],
      cwd: path.join(root, 'packages/backend'),
      env: { ...env, NODE_ENV: 'development' },
      logs,
      children,
    });
    const base = `http://localhost:${ports.MESHDECK_PORT}`;
    const seen = {};
    say('Waiting for the pages’ data…');
    const token = await until('The portal', children, async () => {
      const answer = await json(`${base}/api/auth/guest/refresh`, {
        headers: { 'X-Requested-With': 'XMLHttpRequest' },
      });
      return answer.backstageIdentity.token;
    });
    for (const name of ['auth-service', ...(real ? [] : ['deal-service'])]) {
      seen[name] = await until(`The page of ${name}`, children, () =>
        viewsOf(base, token, name),
      );
    }
    return { base, ports, seen, stop, children, checkAlive };
  } catch (error) {
    await stop();
    throw error;
  }
}

module.exports = { openStage };

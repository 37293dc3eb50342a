'use strict';

// Starts the demo mesh, builds the app where it changed, starts the backend, and waits until the pages' data answers.

const { createHash } = require('crypto');
const fs = require('fs');
const path = require('path');
const { choosePorts } = require('./ports.cjs');
const {
  checkAlive,
  lastLines,
  startProcess,
  until,
} = require('./processes.cjs');
const { startRealMesh } = require('./realMesh.cjs');
const { Explained, say, seconds } = require('./report.cjs');

const TRANSFORM = '@backstage/cli/config/nodeTransform.cjs';

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

/**
 * Everything up and answering. `stop` ends it again, `mesh` is the environment that says where a real one is.
 * @param options.real - over a real mesh instead of the stand-in.
 * @param options.onOpening - gets what ends it before it is up: a real mesh takes its network away only where it is asked to end.
 */
async function openStage(
  { node, root, env: given },
  { real = false, onOpening = () => {} } = {},
) {
  const ports = await choosePorts();
  const logs = path.join(root, '.cache', 'logs');
  fs.mkdirSync(logs, { recursive: true });
  const env = { ...given, ...ports };
  const children = [];
  const stop = () => Promise.all(children.map(({ child }) => child.end()));
  onOpening(stop);
  try {
    const start = real ? startRealMesh : startDemoMesh;
    const mesh = await start({ node, root, env, ports, logs, children });
    Object.assign(env, mesh);
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
    return { base, ports, mesh, seen, stop, children, checkAlive };
  } catch (error) {
    await stop();
    throw error;
  }
}

module.exports = { openStage };

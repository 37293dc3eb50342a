'use strict';

// A real mesh for the stage, with one of the platforms in it. One that runs already is taken as it is, and stays.

const fs = require('fs');
const path = require('path');
const { lastLines, startProcess, until } = require('./processes.cjs');
const { CannotRun, say } = require('./report.cjs');

const TRANSFORM = '@backstage/cli/config/nodeTransform.cjs';
const PLATFORM = 'examples/platforms/orion';
/** Where its programs have to be built first, that takes most of an hour. */
const WITHIN_MS = 2 * 3600000;
/** Some dozens of pods are to be taken apart. */
const GRACE_MS = 15000;
/** How the command for it says that this machine cannot run one. */
const CANNOT = 3;

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return false;
  }
}

function stateFile(env) {
  return (
    env.MESHDECK_REAL_MESH_STATE ||
    path.join(
      env.MESHDECK_REAL_MESH_DIR || '/var/tmp/meshdeck-real-mesh',
      env.MESHDECK_REAL_MESH_SLOT || '0',
      'state.json',
    )
  );
}

/** What is known of the mesh, once it runs; undefined before. */
function stateIn(file) {
  if (!fs.existsSync(file)) {
    return undefined;
  }
  const state = JSON.parse(fs.readFileSync(file, 'utf8'));
  // An earlier mesh may have left its own.
  return isRunning(state.pid) ? state : undefined;
}

async function startMesh(file, start) {
  const mesh = start('real-mesh', 'cli.ts', ['hold']);
  try {
    return await until('The real mesh', [mesh], () => stateIn(file), WITHIN_MS);
  } catch (error) {
    throw mesh.exited === CANNOT
      ? new CannotRun(lastLines(mesh.log, 1))
      : error;
  }
}

/**
 * Answers where the mesh is, as environment, once the platform is in it.
 * @throws CannotRun where the machine cannot run a mesh.
 */
async function startRealMesh({ node, root, env, logs, children }) {
  const start = (name, file, args, more) =>
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
      env: { ...env, ...more },
      logs,
      children,
      graceMs: GRACE_MS,
    });
  const file = stateFile(env);
  let state = stateIn(file);
  if (state) {
    say('A real mesh runs already: it is used, and stays.');
  } else {
    say(
      'Starting a real mesh (its programs are unpacked or built the first time)…',
    );
    state = await startMesh(file, start);
  }
  if (!state.prometheusUrl || !state.jaegerUrl) {
    throw new CannotRun('no Prometheus or no Jaeger to measure the mesh');
  }
  say(`istiod ${state.istiod.version} runs. Bringing ORION in…`);
  const platform = start(
    'real-platform',
    'platform/platformMain.ts',
    [PLATFORM],
    { MESHDECK_REAL_MESH_SLOT: String(state.slot) },
  );
  await until('ORION', children, () =>
    /is in the mesh/.test(fs.readFileSync(platform.log, 'utf8'))
      ? true
      : undefined,
  );
  return {
    MESHDECK_REAL_MESH_STATE: file,
    MESHDECK_REAL_KUBERNETES: state.server.url,
    MESHDECK_REAL_TOKEN: state.server.token,
    MESHDECK_REAL_CA: state.server.caFile,
    MESHDECK_REAL_PROMETHEUS: state.prometheusUrl,
    MESHDECK_REAL_JAEGER: state.jaegerUrl,
  };
}

module.exports = { startRealMesh };

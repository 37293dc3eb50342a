'use strict';

const { startNode, whenEnding } = require('./lifeline.cjs');

/** Longer than what is handed over takes to end what it started. */
const GRACE_MS = 20000;

/** Goes on in the Node that was brought: scripts need today's fetch. Answers the exit code. */
function handOver(toolchain, script, env = {}) {
  const child = startNode(toolchain.node, [script, ...process.argv.slice(2)], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...toolchain.env, ...env },
    graceMs: GRACE_MS,
  });
  whenEnding(() => child.end());
  return new Promise(resolve => {
    child.on('error', () => resolve(1));
    child.on('exit', code => resolve(code === null ? 1 : code));
  });
}

module.exports = { handOver };

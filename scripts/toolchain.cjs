'use strict';

// Brings a Node and a Yarn that fit, from the npm registry, where the machine lacks them. Runs on old Nodes, too.

const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { startNode, startProgram } = require('./lifeline.cjs');
const { Explained, say } = require('./report.cjs');

const NODE_MAJOR = 22;
const NODE_VERSION = '22.22.3';
const YARN_VERSION = '4.13.0';

function cacheFolder() {
  const base =
    process.env.XDG_CACHE_HOME ||
    (process.platform === 'win32' && process.env.LOCALAPPDATA) ||
    path.join(os.homedir(), '.cache');
  return path.join(base, 'meshdeck');
}

/** The npm that runs this script, or that belongs to this Node; undefined where there is only one in the PATH. */
function npmScript() {
  const { npm_execpath: running } = process.env;
  const own = path.join(
    path.dirname(process.execPath),
    '../lib/node_modules/npm/bin/npm-cli.js',
  );
  return [running, own].find(
    file => file && /npm-cli\.c?js$/.test(file) && fs.existsSync(file),
  );
}

function startNpm(args) {
  const options = {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, npm_config_update_notifier: 'false' },
  };
  const script = npmScript();
  return script
    ? startNode(process.execPath, [script, ...args], options)
    : startProgram(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, {
        ...options,
        shell: process.platform === 'win32',
      });
}

/** Runs npm to its end: `{ status, output }`, its errors in the output, too. */
function npm(args) {
  return new Promise((resolve, reject) => {
    const child = startNpm(args);
    const answer = { output: '', errors: '' };
    child.stdout.on('data', chunk => {
      answer.output += chunk;
    });
    child.stderr.on('data', chunk => {
      answer.errors += chunk;
    });
    child.on('error', reject);
    child.on('close', status => resolve({ ...answer, status }));
  });
}

/** The folder of a package in the cache; fetched once, whole or not at all. */
async function fetchPackage(name, version, label) {
  const folder = path.join(
    cacheFolder(),
    `${name.replace(/[@/]/g, '_')}-${version}`,
  );
  const installed = path.join(folder, 'node_modules', name);
  if (fs.existsSync(path.join(installed, 'package.json'))) {
    return installed;
  }
  say(`Fetching ${label} from the npm registry…`);
  fs.mkdirSync(cacheFolder(), { recursive: true });
  const draft = fs.mkdtempSync(path.join(cacheFolder(), 'draft-'));
  const result = await npm([
    'install',
    '--prefix',
    draft,
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    `${name}@${version}`,
  ]);
  if (result.status !== 0) {
    fs.rmSync(draft, { recursive: true, force: true });
    throw fetchFailure(label, `${result.output}${result.errors}`);
  }
  try {
    fs.renameSync(draft, folder);
  } catch (error) {
    // Another run was faster.
    fs.rmSync(draft, { recursive: true, force: true });
    if (!fs.existsSync(installed)) {
      throw error;
    }
  }
  return installed;
}

const NO_NETWORK =
  /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH|network|RequestError/i;

function fetchFailure(label, output) {
  if (NO_NETWORK.test(output)) {
    return new Explained(
      `${label} cannot be fetched: the npm registry is out of reach.`,
      'Connect to the network, or set registry and proxy with `npm config set`, and run the command again.',
    );
  }
  const lines = output.trim().split('\n').slice(-5).join('\n');
  return new Explained(
    `${label} cannot be fetched:\n${lines}`,
    'Check `npm config get registry`, and run the command again.',
  );
}

/** The Node to use: this one if it fits, else one from the registry. */
async function ensureNode() {
  if (Number(process.versions.node.split('.')[0]) === NODE_MAJOR) {
    return {
      node: process.execPath,
      home: path.dirname(path.dirname(process.execPath)),
    };
  }
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const home = await fetchPackage(
    `node-${platform}-${process.arch}`,
    NODE_VERSION,
    `Node ${NODE_VERSION}`,
  );
  const node = path.join(
    home,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  const probe = spawnSync(node, ['--version'], { encoding: 'utf8' });
  if (probe.status !== 0) {
    throw new Explained(
      `Node ${NODE_VERSION} from the registry does not run on this machine.`,
      `Install Node ${NODE_MAJOR} by other means, put it first in PATH, and run the command again.`,
    );
  }
  return { node, home };
}

/** What the other scripts start programs with. */
async function ensureToolchain() {
  const { node, home } = await ensureNode();
  const yarn = path.join(
    await fetchPackage(
      '@yarnpkg/cli-dist',
      YARN_VERSION,
      `Yarn ${YARN_VERSION}`,
    ),
    'bin',
    'yarn.js',
  );
  const env = { ...process.env };
  for (const name of Object.keys(env)) {
    // npm's own settings confuse the tools below it.
    if (/^npm_(config|package|lifecycle)_/i.test(name)) {
      delete env[name];
    }
  }
  env.PATH = `${path.dirname(node)}${path.delimiter}${env.PATH || ''}`;
  env.YARN_IGNORE_PATH = '1';
  if (fs.existsSync(path.join(home, 'include', 'node', 'node.h'))) {
    // Where no prebuilt binary can be fetched, native modules are built against these headers.
    env.npm_config_nodedir = home;
  }
  return { node, yarn, env };
}

module.exports = { ensureToolchain, npm, NO_NETWORK };

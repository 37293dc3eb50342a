'use strict';

// Installs what Meshdeck needs: `npm run bootstrap`. Does nothing where it is installed already, so it works offline then.

const { createHash } = require('crypto');
const fs = require('fs');
const path = require('path');
const { startNode, whenEnding } = require('./lifeline.cjs');
const { Explained, run, say, seconds } = require('./report.cjs');
const { ensureToolchain, npm, NO_NETWORK } = require('./toolchain.cjs');

const ROOT = path.resolve(__dirname, '..');
const STATE = path.join(ROOT, 'node_modules', '.meshdeck-state');

/** Changes with whatever the installation depends on. */
function fingerprint(node) {
  const hash = createHash('sha256').update(node);
  const files = ['yarn.lock', '.yarnrc.yml', 'package.json'];
  for (const group of ['packages', 'plugins', 'tools']) {
    for (const name of fs.readdirSync(path.join(ROOT, group)).sort()) {
      files.push(path.join(group, name, 'package.json'));
    }
  }
  for (const file of files) {
    const full = path.join(ROOT, file);
    if (fs.existsSync(full)) {
      hash.update(file).update(fs.readFileSync(full));
    }
  }
  return hash.digest('hex');
}

async function yarnSettings() {
  const settings = {
    YARN_ENABLE_PROGRESS_BARS: '0',
    YARN_ENABLE_TELEMETRY: '0',
    YARN_ENABLE_COLORS: '0',
    YARN_ENABLE_HARDENED_MODE: '0',
  };
  const configured = async key => {
    const value = (await npm(['config', 'get', key])).output.trim();
    return value && value !== 'null' && value !== 'undefined'
      ? value
      : undefined;
  };
  const pairs = {
    YARN_NPM_REGISTRY_SERVER: await configured('registry'),
    YARN_HTTPS_PROXY: await configured('https-proxy'),
    YARN_HTTP_PROXY: await configured('proxy'),
    YARN_HTTPS_CA_FILE_PATH: await configured('cafile'),
  };
  for (const [name, value] of Object.entries(pairs)) {
    if (value && !process.env[name]) {
      settings[name] = value;
    }
  }
  if (!(await isRegistryThere())) {
    // Without this, Yarn would try each of some 2,600 packages several times.
    settings.YARN_ENABLE_NETWORK = '0';
  }
  const registry = settings.YARN_NPM_REGISTRY_SERVER || '';
  if (registry.startsWith('http://')) {
    // npm takes a registry without TLS as it is; Yarn wants it named.
    settings.YARN_UNSAFE_HTTP_WHITELIST = new URL(registry).hostname;
  }
  return settings;
}

/** Only a network failure counts: some registries know no ping, and answer so. */
async function isRegistryThere() {
  const { status, output, errors } = await npm([
    'ping',
    '--fetch-retries=0',
    '--fetch-timeout=15000',
  ]);
  return status === 0 || !NO_NETWORK.test(`${output}${errors}`);
}

async function install(toolchain) {
  const settings = await yarnSettings();
  await new Promise((resolve, reject) => {
    const child = startNode(
      toolchain.node,
      [toolchain.yarn, 'install', '--immutable'],
      {
        cwd: ROOT,
        env: { ...toolchain.env, ...settings },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let output = '';
    const take = chunk => {
      output += chunk;
      const step = /┌ (Resolution|Fetch|Link) step/.exec(String(chunk));
      if (step) {
        say(
          {
            Resolution: '  resolving…',
            Fetch: '  fetching packages…',
            Link: '  linking, and building native modules…',
          }[step[1]],
        );
      }
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', reject);
    child.on('close', code =>
      code === 0 ? resolve() : reject(installFailure(output)),
    );
  });
}

function installFailure(output) {
  const logs = [...output.matchAll(/logs can be found here: (\S+?)\)/g)];
  const details = logs
    .map(([, file]) =>
      fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '',
    )
    .join('\n');
  if (
    /find Python|not found: (make|g\+\+|cc)|make: (not found|command)/i.test(
      details,
    )
  ) {
    return new Explained(
      'A native module has to be built here, and the machine lacks a compiler or Python.',
      'Install Python 3, make and a C++ compiler (Debian: apt install python3 make g++; macOS: xcode-select --install), and run the command again.',
    );
  }
  const notes = /YN0000|YN0002|YN0007|YN0013|YN0060|YN0085|YN0086/;
  const errors = output
    .split('\n')
    .filter(line => /➤ YN\d+/.test(line) && !notes.test(line))
    .slice(0, 5)
    .join('\n');
  if (NO_NETWORK.test(errors) || /YN0080/.test(errors)) {
    return new Explained(
      'The packages cannot be fetched: the npm registry is out of reach.',
      'Connect to the network, or set registry and proxy with `npm config set`, and run the command again. Once installed, no network is needed.',
    );
  }
  return new Explained(
    `Installing failed:\n${errors || output.slice(-2000)}`,
    'If yarn.lock does not fit package.json, run `yarn install` and commit the lockfile; else run the command again.',
  );
}

/** Installs if need be; answers what to start programs with. */
async function bootstrap() {
  const toolchain = await ensureToolchain();
  const wanted = fingerprint(toolchain.node);
  const installed = fs.existsSync(STATE) && fs.readFileSync(STATE, 'utf8');
  if (installed !== wanted) {
    const began = Date.now();
    say('Installing dependencies (about 3 minutes the first time)…');
    await install(toolchain);
    fs.writeFileSync(STATE, wanted);
    say(`Installed in ${seconds(began)}.`);
  }
  return { ...toolchain, root: ROOT };
}

module.exports = { bootstrap };

if (require.main === module) {
  run(async () => {
    whenEnding(() => process.exit(1));
    await bootstrap();
    say('Ready: everything is installed.');
  });
}

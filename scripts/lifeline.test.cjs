'use strict';

// `node --test scripts`: commands leave no process behind.

const assert = require('assert/strict');
const { spawn } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { afterEach, beforeEach, describe, it } = require('node:test');

const LIFELINE = JSON.stringify(path.join(__dirname, 'lifeline.cjs'));
const WITHIN_MS = 15000;

/** A command that starts a program that starts another one: each writes its process id and stays. */
const SCRIPTS = {
  'first.cjs': `
    const { startNode, whenEnding } = require(${LIFELINE});
    whenEnding(() => process.exit(1));
    require('./stay.cjs');
    startNode(process.execPath, ['second.cjs'], { env: process.env, stdio: 'ignore' });`,
  'second.cjs': `
    require('./stay.cjs');
    if (process.env.DEAF) process.on('SIGTERM', () => {});
    require('child_process').spawn(process.execPath, ['third.cjs'], { stdio: 'ignore' });`,
  'third.cjs': `require('./stay.cjs');`,
  'stay.cjs': `
    require('fs').writeFileSync(require('path').basename(require.main.filename) + '.pid', String(process.pid));
    setInterval(() => {}, 1000);`,
  'package.json': JSON.stringify({ scripts: { first: 'node first.cjs' } }),
};
const PROGRAMS = ['first.cjs', 'second.cjs', 'third.cjs'];

let folder;
const pidOf = program =>
  Number(fs.readFileSync(path.join(folder, `${program}.pid`), 'utf8'));

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    // One that ended and that nobody has asked about is still in the table.
    return !/\) Z /.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch (error) {
    return error.code === 'ENOENT' && !fs.existsSync('/proc/self/stat');
  }
}

async function until(what, isSo) {
  const end = Date.now() + WITHIN_MS;
  while (!isSo()) {
    assert.ok(Date.now() < end, `${what} within ${WITHIN_MS} ms`);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

async function startAll(env = {}) {
  const first = spawn('npm', ['run', 'first'], {
    cwd: folder,
    stdio: 'ignore',
    detached: true,
    env: { ...process.env, ...env },
  });
  await until('all three run', () =>
    PROGRAMS.every(program =>
      fs.existsSync(path.join(folder, `${program}.pid`)),
    ),
  );
  return first;
}

describe('a command ended by a signal', () => {
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lifeline-'));
    for (const [name, text] of Object.entries(SCRIPTS)) {
      fs.writeFileSync(path.join(folder, name), text);
    }
  });

  afterEach(() => {
    for (const program of PROGRAMS) {
      try {
        process.kill(pidOf(program), 'SIGKILL');
      } catch (error) {
        assert.equal(error.code, 'ESRCH');
      }
    }
    fs.rmSync(folder, { recursive: true });
  });

  it('leaves nothing behind: Ctrl+C', async () => {
    const npm = await startAll();
    // A terminal sends it to all that it sees; npm itself waits for its script.
    process.kill(-npm.pid, 'SIGINT');
    await until('none is left', () => !PROGRAMS.map(pidOf).some(isAlive));
  });

  for (const signal of ['SIGTERM', 'SIGKILL']) {
    it(`leaves nothing behind: ${signal} to npm`, async () => {
      const npm = await startAll();
      npm.kill(signal);
      await until('none is left', () => !PROGRAMS.map(pidOf).some(isAlive));
    });
  }

  for (const victim of PROGRAMS.slice(0, 2)) {
    it(`leaves nothing behind below ${victim} when that is killed`, async () => {
      await startAll();
      process.kill(pidOf(victim), 'SIGKILL');
      const below = PROGRAMS.slice(PROGRAMS.indexOf(victim));
      await until('none is left', () => !below.map(pidOf).some(isAlive));
    });
  }

  it('ends what does not listen', async () => {
    const npm = await startAll({ DEAF: '1' });
    npm.kill('SIGTERM');
    await until('none is left', () => !PROGRAMS.map(pidOf).some(isAlive));
  });
});

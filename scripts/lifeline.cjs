'use strict';

// No process outlives the command that it was started for, whichever process of it a signal ends.

const { spawn, spawnSync } = require('child_process');
const fs = require('fs');

const LOOK_EVERY_MS = 500;
const GRACE_MS = 5000;
/** Set for a program into which this file is loaded. */
const LOADED = 'MESHDECK_LIFELINE';

/** Of a process in the table of all: undefined where it is gone. */
function parentOf(pid) {
  try {
    // The name in brackets may hold anything, brackets too.
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch (error) {
    if (fs.existsSync('/proc/self/stat') || process.platform === 'win32') {
      return undefined;
    }
    const { stdout } = spawnSync('ps', ['-o', 'ppid=', '-p', String(pid)]);
    return Number(stdout) || undefined;
  }
}

/** Whoever started this one; for a script of npm, npm itself: it stands behind a shell, which would stay when npm is killed. */
function starters() {
  const parent = process.ppid;
  const npm = process.env.npm_lifecycle_event ? parentOf(parent) : undefined;
  return { parent, npm };
}

/** Calls back, once, when whoever started this process is no longer there. */
function whenAbandoned(callback) {
  const { parent, npm } = starters();
  const timer = setInterval(() => {
    const isAbandoned =
      process.ppid !== parent ||
      (npm !== undefined && parentOf(parent) !== npm);
    if (isAbandoned) {
      clearInterval(timer);
      callback();
    }
  }, LOOK_EVERY_MS);
  timer.unref();
}

/** A signal to a process and to all that it started. */
function signalGroup(pid, signal) {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') {
      throw error;
    }
  }
}

/**
 * A program in a group of its own: it ends when this process ends, and takes what it started along. `child.end()` asks it
 * to end, and ends it where it does not within `graceMs`.
 */
function startProgram(command, args, { graceMs = GRACE_MS, ...options }) {
  const child = spawn(command, args, {
    ...options,
    detached: process.platform !== 'win32',
  });
  const endAll = () => child.pid && signalGroup(child.pid, 'SIGKILL');
  process.once('exit', endAll);
  child.once('exit', () => {
    process.removeListener('exit', endAll);
    // What it left behind.
    endAll();
  });
  const isOver = () =>
    !child.pid || child.exitCode !== null || child.signalCode !== null;
  child.end = () =>
    new Promise(resolve => {
      if (isOver()) {
        resolve();
        return;
      }
      const timer = setTimeout(endAll, graceMs);
      child.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
      child.kill('SIGTERM');
    });
  return child;
}

/** A Node program that ends by itself, too, when this process is killed. */
function startNode(node, args, options) {
  return startProgram(node, ['--require', __filename, ...args], {
    ...options,
    env: { ...options.env, [LOADED]: '1' },
  });
}

/** Calls back, once, when this process is to end: by a signal, or because nobody waits for it any more. */
function whenEnding(callback) {
  let isEnding = false;
  const end = () => {
    if (!isEnding) {
      isEnding = true;
      callback();
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, end);
  }
  whenAbandoned(end);
}

module.exports = { startNode, startProgram, whenEnding };

// Loaded into a program by `startNode`.
if (process.env[LOADED]) {
  // What that program starts is not to take itself for such a one.
  delete process.env[LOADED];
  whenAbandoned(() => {
    signalGroup(process.pid, 'SIGTERM');
    setTimeout(() => signalGroup(process.pid, 'SIGKILL'), GRACE_MS);
  });
}

'use strict';

// The processes that stand behind a portal: started with a log each, and waited for.

const fs = require('fs');
const path = require('path');
const { startNode } = require('./lifeline.cjs');
const { Explained } = require('./report.cjs');

const READY_WITHIN_MS = 180000;

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

/** What the probe answers, as soon as that is not undefined. Throws where one of the processes ends or time runs out. */
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

module.exports = { checkAlive, lastLines, startProcess, until };

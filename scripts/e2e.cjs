'use strict';

// `npm run e2e`: the browser tests, against the whole portal over the demo mesh. Further arguments go to jest:
// `npm run e2e -- canary` runs one file. With --real: those of e2e/real, over a real mesh on this machine. With
// --json-output FILE: jest's results go there, too.

const fs = require('fs');
const path = require('path');
const { bootstrap } = require('./bootstrap.cjs');
const { handOver } = require('./handOver.cjs');
const { startNode, whenEnding } = require('./lifeline.cjs');
const { CannotRun, Explained, run, say, seconds } = require('./report.cjs');

const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const CHROMIUM_PATHS = [
  '/usr/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

function isProgram(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch (error) {
    return false;
  }
}

/** The browser to use; undefined where there is none. */
function findChromium() {
  const chosen = process.env.CHROMIUM;
  if (chosen) {
    if (!isProgram(chosen)) {
      throw new Explained(
        `CHROMIUM is "${chosen}", which is no program.`,
        'Set it to the path of a Chromium or Chrome, or unset it.',
      );
    }
    return chosen;
  }
  const inPath = CHROMIUM_NAMES.map(name =>
    (process.env.PATH || '')
      .split(path.delimiter)
      .filter(Boolean)
      .map(folder => path.join(folder, name)),
  );
  return [].concat(...inPath, CHROMIUM_PATHS).find(isProgram);
}

/** Takes an option out of the arguments, with the values that follow it. */
function take(rest, option, values) {
  const at = rest.indexOf(option);
  return at < 0 ? undefined : rest.splice(at, values + 1).slice(1);
}

function readArguments(given) {
  const rest = [...given];
  const real = take(rest, '--real', 0) !== undefined;
  const named = take(rest, '--json-output', 1);
  if (!named) {
    return { real, rest };
  }
  const [file] = named;
  if (!file || file.startsWith('-')) {
    throw new Explained(
      '--json-output lacks its file.',
      'Say where the results shall go: --json-output results.json',
    );
  }
  return { real, output: path.resolve(file), rest };
}

function skip(reason, output) {
  say(`Browser tests skipped: ${reason}.`);
  if (output) {
    fs.mkdirSync(path.dirname(output), { recursive: true });
    fs.writeFileSync(
      output,
      `${JSON.stringify({ skipped: true, reason }, undefined, 2)}\n`,
    );
  }
  return 0;
}

function exitOf(child) {
  return new Promise(resolve => {
    child.on('error', () => resolve(1));
    child.on('exit', code => resolve(code === null ? 1 : code));
  });
}

/** What belongs to one of the two suites: its tests, and where its screenshots go. */
function suiteOf(root, real) {
  const folder = path.join(root, 'e2e');
  return {
    config: path.join(folder, ...(real ? ['real'] : []), 'jest.config.cjs'),
    results: path.join(folder, 'results', real ? 'real' : 'demo'),
  };
}

function startJest(
  toolchain,
  { stage, suite, chromium, profile, output, rest },
) {
  return startNode(
    toolchain.node,
    [
      require.resolve('jest/bin/jest'),
      '--config',
      suite.config,
      '--runInBand',
      ...(output ? ['--json', '--outputFile', output] : []),
      ...rest,
    ],
    {
      cwd: toolchain.root,
      env: {
        ...toolchain.env,
        ...stage.ports,
        ...stage.mesh,
        MESHDECK_E2E_RESULTS: suite.results,
        MESHDECK_URL: stage.base,
        CHROMIUM: chromium,
        MESHDECK_BROWSER_PROFILE: profile,
      },
      // With --json jest prints the results, too; they are in the file.
      stdio: ['ignore', output ? 'ignore' : 'inherit', 'inherit'],
    },
  );
}

/** The stage; undefined where the machine cannot run what the tests need, which is said. */
async function tryStage(openStage, toolchain, { output, ...options }) {
  try {
    return await openStage(toolchain, options);
  } catch (error) {
    if (!(error instanceof CannotRun)) {
      throw error;
    }
    skip(`no real mesh here: ${error.message}`, output);
    return undefined;
  }
}

run(async () => {
  const began = Date.now();
  const args = readArguments(process.argv.slice(2));
  const chromium = findChromium();
  if (!chromium) {
    return skip(
      'no Chromium or Chrome in PATH; set CHROMIUM to the path of one',
      args.output,
    );
  }
  let end = () => process.exit(1);
  whenEnding(() => end());
  const toolchain = await bootstrap();
  if (toolchain.node !== process.execPath) {
    return handOver(toolchain, __filename);
  }

  const profile = path.join(toolchain.root, '.cache', 'browser');
  const suite = suiteOf(toolchain.root, args.real);
  // Screenshots of an earlier run would pass for those of this one.
  for (const left of [suite.results, profile]) {
    fs.rmSync(left, { recursive: true, force: true });
  }
  const { openStage } = require('./stage.cjs');
  const stage = await tryStage(openStage, toolchain, {
    real: args.real,
    output: args.output,
    onOpening: stop => {
      end = stop;
    },
  });
  if (!stage) {
    return 0;
  }
  try {
    say(`The stage is open after ${seconds(began)}: ${stage.base}`);
    const jest = startJest(toolchain, {
      stage,
      suite,
      chromium,
      profile,
      ...args,
    });
    end = () => jest.end();
    return await exitOf(jest);
  } finally {
    await stage.stop();
  }
});

'use strict';

// `npm run demo`: the whole portal over a stand-in mesh. With --check: starts it, says what it saw, and ends. With --real:
// over a real mesh on this machine (Linux, root), with ORION in it.

const { bootstrap } = require('./bootstrap.cjs');
const { handOver } = require('./handOver.cjs');
const { whenEnding } = require('./lifeline.cjs');
const { run, say, seconds } = require('./report.cjs');

const percent = share =>
  share === undefined ? 'unknown' : `${Math.round(share * 1000) / 10} %`;

function describe(name, { placement, views }) {
  const { overview, routes, security, traces, canary } = views;
  const lines = [
    `${name} (${placement.namespace} in ${placement.cluster})`,
    `  overview  ${overview.verdict.sentence}`,
    `            ${overview.requestsPerSecond.value.toFixed(
      1,
    )} requests/s, ${percent(overview.errorShare.value)} errors, mTLS ${percent(
      overview.mtlsShare.value,
    )}`,
    `  routes    ${routes.rules
      .map(rule => rule.requests.join(' or '))
      .join(' | ')}`,
    `  mTLS      ${security.ports
      .map(({ port, mode }) => `${mode} on ${port}`)
      .filter((text, index, all) => all.indexOf(text) === index)
      .join(', ')}; ${security.callers.length} callers`,
    `  traces    ${traces.traces.length} found, operations: ${traces.operations.length}`,
    `  canary    ${canary.verdict.sentence}`,
  ];
  return lines.join('\n');
}

run(async () => {
  const began = Date.now();
  const check = process.argv.includes('--check');
  // Whatever was started by then ends with this process.
  let end = () => process.exit(1);
  whenEnding(() => end());
  const toolchain = await bootstrap();
  if (toolchain.node !== process.execPath) {
    return handOver(toolchain, __filename, { MESHDECK_BEGAN: String(began) });
  }
  const { openStage } = require('./stage.cjs');
  const real = process.argv.includes('--real');
  const stage = await openStage(toolchain, {
    real,
    onOpening: stop => {
      end = stop;
    },
  });
  const since = Number(process.env.MESHDECK_BEGAN) || began;
  if (check) {
    say('');
    for (const [name, seen] of Object.entries(stage.seen)) {
      say(describe(name, seen));
    }
    await stage.stop();
    say(`\nAll answered, ${seconds(since)} after the start.`);
    return 0;
  }
  say(`\nMeshdeck is up after ${seconds(since)}:\n\n  ${stage.base}\n`);
  say('Begin with the page of auth-service. Ctrl+C ends everything.');
  await new Promise((resolve, reject) => {
    end = resolve;
    setInterval(() => {
      try {
        stage.checkAlive(stage.children);
      } catch (error) {
        reject(error);
      }
    }, 1000);
  });
  await stage.stop();
  return 0;
});

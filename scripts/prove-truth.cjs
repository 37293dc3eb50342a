/*
 * Holds what the portal says of services against situations made in the demo mesh, and every figure against the others. With --json also,
 * as the last line, {situations, wrong, healthy, accused, figures, disagree}.
 */
const { spawnSync } = require('node:child_process');
const { mkdtempSync, readFileSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const folder = mkdtempSync(join(tmpdir(), 'meshdeck-truth-'));
const file = join(folder, 'truth.json');
process.on('exit', () => rmSync(folder, { recursive: true }));

const { status } = spawnSync(
  'yarn',
  [
    'workspace',
    '@meshdeck/plugin-mesh-backend',
    'test',
    '--watchAll=false',
    'truth.contract',
  ],
  {
    env: { ...process.env, MESHDECK_TRUTH_FILE: file },
    // What went wrong is told there.
    stdio: ['ignore', process.stderr, process.stderr],
  },
);
const { situations, figures, disagree } = JSON.parse(readFileSync(file));
for (const { service, name, said, isRight } of situations) {
  const { level, sentence } = said.overview ?? {};
  process.stdout.write(
    `${
      isRight ? 'right' : 'WRONG'
    }  ${service}: ${name}\n       ${level}: ${sentence}\n`,
  );
  if (!isRight) {
    process.stdout.write(`       ${JSON.stringify(said)}\n`);
  }
}
disagree.forEach(words => process.stdout.write(`DISAGREE ${words}\n`));
const healthy = situations.filter(({ wanted }) => wanted === 'ok');
const sick = situations.filter(({ wanted }) => wanted !== 'ok');
const wrong = list => list.filter(({ isRight }) => !isRight).length;
if (process.argv.includes('--json')) {
  process.stdout.write(
    `${JSON.stringify({
      situations: sick.length,
      wrong: wrong(sick),
      healthy: healthy.length,
      accused: wrong(healthy),
      figures,
      disagree: disagree.length,
    })}\n`,
  );
}
process.exitCode = status ?? 1;

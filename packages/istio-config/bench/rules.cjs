/*
 * Prints the timings of the rules as JSON; with --json, also those of the command beside istioctl, which MESHDECK_ISTIOCTL names.
 */
require('@backstage/cli/config/nodeTransform.cjs');

const { besideIstioctl } = require('./besideIstioctl.cjs');
const { manyServices } = require('./manyServices');
const { benchRules, SERVICES } = require('./rules');

const rules = benchRules();
const beside = process.argv.includes('--json')
  ? besideIstioctl(process.env.MESHDECK_ISTIOCTL, manyServices(SERVICES))
  : undefined;
if (process.argv.includes('--json') && !beside) {
  // Not among the JSON.
  process.stderr.write(
    'Without istioctl: MESHDECK_ISTIOCTL names none, so the command is not timed beside it.\n',
  );
}
process.stdout.write(`${JSON.stringify({ ...rules, ...beside })}\n`);

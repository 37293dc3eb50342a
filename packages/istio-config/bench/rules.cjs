/* Prints the timings of the rules as JSON. */
require('@backstage/cli/config/nodeTransform.cjs');

const { benchRules } = require('./rules');

process.stdout.write(`${JSON.stringify(benchRules())}\n`);

#!/usr/bin/env node
/* Runs the command from its TypeScript sources, as the Backstage CLI does with those of a repository. */
require('@backstage/cli/config/nodeTransform.cjs');

const { analyze } = require('../src/cli/analyze');

process.exitCode = analyze(process.argv.slice(2), {
  out: text => process.stdout.write(text),
  error: text => process.stderr.write(text),
});

#!/usr/bin/env node
const { enableCompileCache } = require('module');
const { join } = require('path');
const { bundle, CACHE } = require('./bundle.cjs');

/** Where nothing can be written, the sources are transpiled as the Backstage CLI does it. */
function command() {
  try {
    const file = bundle();
    // Absent before Node 22.1.
    enableCompileCache?.(join(CACHE, 'compiled'));
    return require(file);
  } catch (problem) {
    if (!['EACCES', 'EPERM', 'EROFS', 'ENOSPC'].includes(problem.code)) {
      throw problem;
    }
    require('@backstage/cli/config/nodeTransform.cjs');
    return require('../src/cli/analyze');
  }
}

process.exitCode = command().analyze(process.argv.slice(2), {
  out: text => process.stdout.write(text),
  error: text => process.stderr.write(text),
});

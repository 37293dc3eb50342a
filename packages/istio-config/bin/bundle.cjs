const { createHash } = require('crypto');
const fs = require('fs');
const { join } = require('path');

const PACKAGE = join(__dirname, '..');
/** Ignored by Git, and gone with the installed packages that it was made from. */
const CACHE = join(PACKAGE, 'node_modules', '.cache', 'meshdeck-analyze');

/**
 * One file with the command and all that it imports: transpiling the sources at each start takes longer than most analyses.
 * Made at the first run, and again after a change to the sources.
 */
function bundle() {
  const file = join(CACHE, `analyze-${stateOfSources()}.cjs`);
  if (fs.existsSync(file)) {
    return file;
  }
  fs.mkdirSync(CACHE, { recursive: true });
  const own = `${file}.${process.pid}`;
  require('esbuild').buildSync({
    entryPoints: [join(PACKAGE, 'src/cli/analyze.ts')],
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    outfile: own,
    logLevel: 'error',
  });
  // Renamed when it is whole: another run may want it at the same time.
  fs.renameSync(own, file);
  for (const name of fs.readdirSync(CACHE)) {
    const other = join(CACHE, name);
    if (/^analyze-\w+\.cjs$/.test(name) && other !== file) {
      fs.rmSync(other, { force: true });
    }
  }
  return file;
}

/** Changes with any source file, and with the installed packages. */
function stateOfSources() {
  const hash = createHash('sha1');
  const add = path => {
    const { mtimeMs, size } = fs.statSync(path);
    hash.update(`${path} ${mtimeMs} ${size}\n`);
  };
  const visit = folder => {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        visit(path);
      } else if (/(?<!\.test)\.(ts|json)$/.test(entry.name)) {
        add(path);
      }
    }
  };
  visit(join(PACKAGE, 'src'));
  add(join(PACKAGE, 'package.json'));
  add(__filename);
  return hash.digest('hex').slice(0, 16);
}

module.exports = { bundle, CACHE };

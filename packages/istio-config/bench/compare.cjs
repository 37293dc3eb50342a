/*
 * Prints what istioctl finds in the YAML of folders and the command does not, and the reverse: each folder's own files alone and
 * all together. MESHDECK_ISTIOCTL=istioctl node bench/compare.cjs FOLDER…
 */
const fs = require('fs');
const { join } = require('path');
const { comparedWith } = require('./besideIstioctl.cjs');

const istioctl = process.env.MESHDECK_ISTIOCTL;
if (!istioctl || !fs.existsSync(istioctl)) {
  process.stdout.write('Skipped: MESHDECK_ISTIOCTL names no istioctl.\n');
  process.exit();
}

for (const folder of process.argv.slice(2)) {
  visit(folder);
}

function visit(folder) {
  const entries = fs
    .readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const files = entries
    .filter(entry => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map(({ name }) => join(folder, name));
  for (const file of files) {
    print(file, [file]);
  }
  if (files.length > 1) {
    print(folder, files);
  }
  for (const entry of entries.filter(one => one.isDirectory())) {
    visit(join(folder, entry.name));
  }
}

function print(name, files) {
  const { onlyIstioctl, onlyOurs } = comparedWith(istioctl, files);
  for (const one of onlyIstioctl) {
    process.stdout.write(`${name}: only istioctl: ${one}\n`);
  }
  for (const one of onlyOurs) {
    process.stdout.write(`${name}: only ours: ${one}\n`);
  }
}

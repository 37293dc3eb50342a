const { execFileSync, spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const { join } = require('path');
const { stringify } = require('yaml');

const COMMAND = join(__dirname, '..', 'bin', 'meshdeck-analyze.cjs');
const REPEATS = 5;
const SMALL = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: orders, namespace: shop }
spec:
  host: orders
  trafficPolicy: { outlierDetection: { consecutiveErrors: 5 } }
`;

/**
 * The same files analyzed by istioctl and by the command, each as a process of its own: the best of several runs.
 * Undefined where there is no istioctl.
 */
function besideIstioctl(istioctl, objects) {
  if (!istioctl || !fs.existsSync(istioctl)) {
    return undefined;
  }
  const folder = fs.mkdtempSync(join(os.tmpdir(), 'beside-istioctl-'));
  try {
    const many = join(folder, 'many.yaml');
    const small = join(folder, 'small.yaml');
    fs.writeFileSync(many, yamlOf(objects));
    fs.writeFileSync(small, SMALL);
    const theirs = file =>
      best(istioctl, ['analyze', '--use-kube=false', '-A', file]);
    const ours = file => best(process.execPath, [COMMAND, file]);
    return {
      istioctl: { ms: theirs(many) },
      ours: { ms: ours(many) },
      small: { istioctlMs: theirs(small), oursMs: ours(small) },
    };
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/** The objects, and the namespaces that they are in. */
function yamlOf(objects) {
  const namespaces = new Set(objects.map(({ metadata }) => metadata.namespace));
  return [
    ...[...namespaces].map(name => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { 'istio-injection': 'enabled' } },
    })),
    ...objects,
  ]
    .map(object => stringify(object, { aliasDuplicateObjects: false }))
    .join('---\n');
}

function best(program, args) {
  const times = Array.from({ length: REPEATS }, () => {
    const start = performance.now();
    const { error } = spawnSync(program, args, { stdio: 'ignore' });
    if (error) {
      throw error;
    }
    return performance.now() - start;
  });
  return Math.round(Math.min(...times));
}

/** What both say of the same files: `code Kind name`, each once. */
function comparedWith(istioctl, files) {
  const theirs = parsed(
    run(istioctl, [
      'analyze',
      '--use-kube=false',
      '-A',
      '-o',
      'json',
      ...files,
    ]),
  ).map(({ code, origin }) => [code, origin]);
  const ours = parsed(
    run(process.execPath, [COMMAND, '--output', 'json', ...files]),
  ).map(({ code, resource }) => [code, resource]);
  const named = pairs =>
    new Set(
      pairs.map(([code, name]) => `${code} ${name.replace(/ .*\//, ' ')}`),
    );
  const [a, b] = [named(theirs), named(ours)];
  return {
    onlyIstioctl: [...a].filter(one => !b.has(one)).sort(),
    onlyOurs: [...b].filter(one => !a.has(one)).sort(),
  };
}

/** Both exit with another code than 0 where they find something. */
function run(program, args) {
  try {
    return execFileSync(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  } catch (failed) {
    return failed.stdout ?? Buffer.alloc(0);
  }
}

function parsed(output) {
  const text = output.toString();
  const start = text.search(/^\[/m);
  return start < 0 ? [] : JSON.parse(text.slice(start));
}

module.exports = { besideIstioctl, comparedWith };

import fc from 'fast-check';
import { stringify } from 'yaml';
import { MeshHandle } from '../MeshHandle';
import { readMeshState } from '../meshState';
import { compareArguments } from './compareArguments';
import { compareTrial, type Difference } from './compareTrial';
import { THEME_NAMES, trials } from './generate/trials';
import { shrink } from './shrink';
import { World } from './World';

const USAGE = `Sends random requests through random configurations of a real mesh, and compares what comes back with what istio-config foretells.

  --count N   how many requests (500)
  --seed N    of the random numbers; the same seed makes the same configurations
  --theme X   only configurations of this kind: ${THEME_NAMES.join(', ')}
  --shrink    makes each difference as small as it can be
  --json      only the last line: {requests, different, stale, configurations, seconds}; stale ones ended as foretold
              once istiod had forgotten what it keeps (docs/testing.md). Differences go to stderr
`;
const PER_CONFIGURATION = 25;

function describe({
  ask,
  foretold,
  why,
  observed,
  objects,
}: Difference): string {
  const spec = objects.map(({ kind, metadata, spec: written }) => ({
    [`${kind} ${metadata.namespace}/${metadata.name}`]: written,
  }));
  return `${stringify(
    { ask, foretold, why, observed, objects: spec },
    { lineWidth: 0, collectionStyle: 'any' },
  )}---\n`;
}

async function main(): Promise<number> {
  const given = compareArguments(process.argv.slice(2));
  if (given.isHelpWanted) {
    process.stdout.write(USAGE);
    return 0;
  }
  const { count, seed = Date.now() % 1_000_000, themes } = given;
  const state = readMeshState(Number(process.env.MESHDECK_REAL_MESH_SLOT ?? 0));
  if (!state) {
    process.stderr.write('No mesh runs: start one with `yarn real-mesh up`.\n');
    return 3;
  }
  const say = (text: string) =>
    given.isBrief ? 0 : process.stdout.write(text);
  say(`seed ${seed}\n`);
  const mesh = MeshHandle.attach(state);
  const world = await World.open(mesh);
  const began = Date.now();
  const configurations = Math.ceil(count / PER_CONFIGURATION);
  let different = 0;
  let stale = 0;
  let compared = 0;
  for (const trial of fc.sample(trials(PER_CONFIGURATION, themes), {
    seed,
    numRuns: configurations,
  })) {
    const found = await compareTrial(world, trial).catch(error => {
      process.stderr.write(`${(error as Error).message}\n`);
      return undefined;
    });
    if (!found) {
      continue;
    }
    compared += 1;
    different += found.differences.length;
    stale += found.stale;
    for (const difference of found.differences.slice(0, 1)) {
      const told = given.isShrinking
        ? await shrink(world, difference)
        : difference;
      (given.isBrief ? process.stderr : process.stdout).write(describe(told));
    }
  }
  const seconds = (Date.now() - began) / 1000;
  const requests = compared * PER_CONFIGURATION;
  process.stdout.write(
    `${JSON.stringify({
      requests,
      different,
      stale,
      configurations: compared,
      seconds,
    })}\n`,
  );
  // What is for the whole mesh would be there for whoever uses it next.
  await world.put([]);
  await mesh.close();
  // What could not be put in force was not compared.
  return different || compared < configurations ? 1 : 0;
}

main().then(
  code => process.exit(code),
  error => {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(1);
  },
);

import fc from 'fast-check';
import { MeshHandle } from '../MeshHandle';
import { readMeshState } from '../meshState';
import { trials } from './arbitraries';
import { compareTrial, type Difference } from './compareTrial';
import { World } from './World';

const PER_CONFIGURATION = 25;

function numberAfter(flag: string, otherwise: number): number {
  const at = process.argv.indexOf(flag);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
}

async function main(): Promise<number> {
  const count = numberAfter('--count', 500);
  const seed = numberAfter('--seed', Date.now() % 1_000_000);
  const state = readMeshState(Number(process.env.MESHDECK_REAL_MESH_SLOT ?? 0));
  if (!state) {
    process.stderr.write('No mesh runs: start one with `yarn real-mesh up`.\n');
    return 3;
  }
  const mesh = MeshHandle.attach(state);
  const world = await World.open(mesh);
  const began = Date.now();
  const configurations = Math.ceil(count / PER_CONFIGURATION);
  const differences: Difference[] = [];
  for (const trial of fc.sample(trials(PER_CONFIGURATION), {
    seed,
    numRuns: configurations,
  })) {
    const found = await compareTrial(world, trial).catch(error => {
      process.stderr.write(`${(error as Error).message}\n`);
      return [];
    });
    differences.push(...found);
    found
      .slice(0, 1)
      .forEach(difference =>
        process.stdout.write(`${JSON.stringify(difference)}\n`),
      );
  }
  const seconds = (Date.now() - began) / 1000;
  process.stdout.write(
    `${JSON.stringify({
      requests: configurations * PER_CONFIGURATION,
      different: differences.length,
      configurations,
      seconds,
    })}\n`,
  );
  await mesh.close();
  return differences.length ? 1 : 0;
}

main().then(
  code => process.exit(code),
  error => {
    process.stderr.write(`${(error as Error).stack}\n`);
    process.exit(1);
  },
);

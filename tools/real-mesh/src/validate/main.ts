import fc from 'fast-check';
import { MeshHandle } from '../MeshHandle';
import { readMeshState } from '../meshState';
import { changedObjects } from './changes';
import { agrees, judgeAll } from './judge';

function numberAfter(flag: string, otherwise: number): number {
  const at = process.argv.indexOf(flag);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
}

/** Objects, well-formed and changed, before the real API server with Istio's webhook and before our rules. */
async function main(): Promise<number> {
  const count = numberAfter('--count', 500);
  const seed = numberAfter('--seed', Date.now() % 1_000_000);
  const state = readMeshState(Number(process.env.MESHDECK_REAL_MESH_SLOT ?? 0));
  if (!state) {
    process.stderr.write('No mesh runs: start one with `yarn real-mesh up`.\n');
    return 3;
  }
  const mesh = MeshHandle.attach(state);
  const began = Date.now();
  const objects = fc.sample(changedObjects(), { seed, numRuns: count });
  const verdicts = await judgeAll(mesh, objects);
  const different = verdicts.filter(verdict => !agrees(verdict));
  for (const verdict of different) {
    process.stdout.write(`${JSON.stringify(verdict)}\n`);
  }
  const seconds = (Date.now() - began) / 1000;
  const refused = verdicts.filter(({ server }) => server !== undefined).length;
  process.stdout.write(
    `${JSON.stringify({
      objects: count,
      refused,
      different: different.length,
      seconds,
    })}\n`,
  );
  await mesh.close();
  return different.length ? 1 : 0;
}

main().then(
  code => process.exit(code),
  error => {
    process.stderr.write(`${(error as Error).stack}\n`);
    process.exit(1);
  },
);

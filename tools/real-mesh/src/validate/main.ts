import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { MeshHandle } from '../MeshHandle';
import { readMeshState } from '../meshState';
import { wholeNumber } from '../wholeNumber';
import { changedObjects } from './changes';
import { probes } from './probes';
import { agrees, judgeAll } from './judge';

/** Objects, well-formed and changed, before the real API server with Istio's webhook and before our rules. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '500' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    },
  });
  const count = wholeNumber('--count', values.count, 1);
  const seed = wholeNumber('--seed', values.seed, 0);
  const state = readMeshState(Number(process.env.MESHDECK_REAL_MESH_SLOT ?? 0));
  if (!state) {
    process.stderr.write('No mesh runs: start one with `yarn real-mesh up`.\n');
    return 3;
  }
  const mesh = MeshHandle.attach(state);
  const began = Date.now();
  const objects = [
    ...probes().map(([, object]) => object),
    ...fc.sample(changedObjects(), { seed, numRuns: count }),
  ];
  const verdicts = await judgeAll(mesh, objects);
  const different = verdicts.filter(verdict => !agrees(verdict));
  for (const verdict of different) {
    process.stdout.write(`${JSON.stringify(verdict)}\n`);
  }
  const seconds = (Date.now() - began) / 1000;
  const refused = verdicts.filter(({ server }) => server !== undefined).length;
  process.stdout.write(
    `${JSON.stringify({
      objects: objects.length,
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
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(1);
  },
);

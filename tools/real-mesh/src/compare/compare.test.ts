import fc from 'fast-check';
import { attachTestMesh } from '../testMesh';
import { compareTrial } from './compareTrial';
import { trials } from './generate/trials';
import { World } from './World';

const SEED = 20261128;
const CONFIGURATIONS = 14;
const REQUESTS_EACH = 25;
const WITHIN_MS = 120_000;

const mesh = attachTestMesh();
if (!mesh) {
  // eslint-disable-next-line no-console
  console.log(
    'Skipped: no real mesh to hold the rules against (MESHDECK_REAL_MESH_STATE names none).',
  );
}

(mesh ? describe : describe.skip)('what is foretold of a request', () => {
  let world: World | undefined;

  beforeAll(async () => {
    world = await World.open(mesh!);
  }, WITHIN_MS);

  afterAll(async () => {
    await world?.close();
    await mesh?.close();
  }, WITHIN_MS);

  it(
    'is what a real mesh does with it',
    async () => {
      for (const trial of fc.sample(trials(REQUESTS_EACH), {
        seed: SEED,
        numRuns: CONFIGURATIONS,
      })) {
        expect(await compareTrial(world!, trial)).toEqual([]);
      }
    },
    WITHIN_MS,
  );
});

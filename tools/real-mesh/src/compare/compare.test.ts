import fc from 'fast-check';
import type { AnyObject } from '../KubeApi';
import { attachTestMesh } from '../testMesh';
import { compareTrial } from './compareTrial';
import { trials } from './generate/trials';
import { World } from './World';

const SEED = 20261128;
const CONFIGURATIONS = 20;
const REQUESTS_EACH = 25;
const WITHIN_MS = 120_000;

/** Other tests use the same mesh: nothing may be for all of it. */
function concernsOnlyItself({ metadata, spec }: AnyObject): boolean {
  return (
    metadata.namespace !== 'istio-system' &&
    !(spec.hosts ?? []).includes('*.svc.cluster.local')
  );
}

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
    world = await World.open(mesh!, { isShared: true });
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
        const objects = trial.objects.filter(concernsOnlyItself);
        const { differences } = await compareTrial(world!, {
          ...trial,
          objects,
        });
        expect(differences).toEqual([]);
      }
    },
    WITHIN_MS,
  );
});

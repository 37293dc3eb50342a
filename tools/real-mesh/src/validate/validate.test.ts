import fc from 'fast-check';
import { attachTestMesh } from '../testMesh';
import { changedObjects } from './changes';
import { agrees, judgeAll } from './judge';
import { probes } from './probes';
import { wellFormedObjects } from './wellFormed';

const mesh = attachTestMesh();
const describeMesh = mesh ? describe : describe.skip;
const SEED = 20_261_128;
const OBJECTS = 400;
const WITHIN_MS = 60_000;

describeMesh('IST0106', () => {
  it(
    'accuses no object that Istio takes',
    async () => {
      const verdicts = await judgeAll(mesh!, wellFormedObjects());
      expect(
        verdicts.filter(({ server, ours }) => server || ours.length > 0),
      ).toEqual([]);
    },
    WITHIN_MS,
  );

  it(
    'agrees with them about mistakes that are easily made',
    async () => {
      const verdicts = await judgeAll(
        mesh!,
        probes().map(([, object]) => object),
      );
      expect(verdicts.filter(verdict => !agrees(verdict))).toEqual([]);
    },
    WITHIN_MS,
  );

  it(
    'agrees with the API server and Istio’s webhook about changed objects',
    async () => {
      const objects = fc.sample(changedObjects(), {
        seed: SEED,
        numRuns: OBJECTS,
      });
      const verdicts = await judgeAll(mesh!, objects);
      expect(verdicts.filter(verdict => !agrees(verdict))).toEqual([]);
      expect(verdicts.filter(({ server }) => server).length).toBeGreaterThan(
        OBJECTS / 5,
      );
    },
    WITHIN_MS,
  );
});

import { TestDatabases } from '@backstage/backend-test-utils';
import { TEST_CLUSTERS } from '../__testUtils__/testClusters';
import { undoChange } from './undoChange';
import {
  isWrite,
  nameIn,
  said,
  writes,
  SeveralStage,
} from './__testUtils__/SeveralStage';
import { extra, NAMES, changeOfThree } from './__testUtils__/threeObjects';

jest.setTimeout(120_000);

describe.each(TEST_CLUSTERS)(
  'a change of several objects, on %s',
  (_cluster, start) => {
    const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
    let on: SeveralStage;

    beforeAll(async () => {
      on = await SeveralStage.open(start, await databases.init('SQLITE_3'));
    });

    afterAll(() => on.stop());

    it('is made in its order, remembered as one, and taken back in the reverse', async () => {
      const trial = await on.trial();
      const { stage } = trial;
      const make = await stage.previewed(changeOfThree(trial.namespace));
      stage.proxy.passed.splice(0);
      const { isWritten, result } = await make();
      expect(isWritten).toBe(true);
      expect(result.object.name).toBe('auth-late');
      const made = stage.proxy.passed.filter(isWrite).map(nameIn);
      expect(made).toEqual(NAMES);
      const [change, ...others] = await stage.remembered();
      expect(others).toEqual([]);
      expect(change).toMatchObject({ state: 'written', undone: false });
      expect(change.steps.map(({ after }) => after?.metadata.name)).toEqual(
        NAMES,
      );

      const undo = await stage.previewed(undoChange(change));
      stage.proxy.passed.splice(0);
      await undo();
      expect(stage.proxy.passed.filter(isWrite).map(nameIn)).toEqual(
        [...NAMES].reverse(),
      );
      expect(await trial.now()).toEqual(trial.before);
      stage.close();
    });

    it('is refused where one of them is another one than was seen', async () => {
      const trial = await on.trial();
      const { stage } = trial;
      for (const name of ['auth', 'auth-late']) {
        const make = await stage.previewed(changeOfThree(trial.namespace));
        await on.touch(trial.namespace, name);
        const before = await trial.now();
        await expect(make()).rejects.toThrow(
          new RegExp(`${name} was changed since you looked at it`),
        );
        expect(await trial.now()).toEqual(before);
        expect(await stage.remembered()).toEqual([]);
      }
      stage.close();
    });

    // The first cannot be cut off from others.
    it.each([1, 2])('is taken back where write %i is refused', async index => {
      const trial = await on.trial();
      const { stage } = trial;
      const make = await stage.previewed(changeOfThree(trial.namespace));
      stage.proxy.once(writes(NAMES[index - 1]), 'cut-after', () =>
        index === 1
          ? on.cluster.apply(extra(trial.namespace, '9s'))
          : on.touch(trial.namespace, NAMES[index]),
      );
      stage.proxy.passed.splice(0);
      await expect(make()).rejects.toThrow(/changed since/);
      const made = NAMES.slice(0, index);
      const written = stage.proxy.passed.filter(isWrite).map(nameIn);
      expect(written.slice(0, index)).toEqual(made);
      expect(written.slice(-index)).toEqual(made.reverse());
      const [auth, other, late] = await trial.now();
      const was = trial.before;
      expect(auth).toEqual(was[0]);
      // What somebody else wrote in between stays.
      expect(other).toEqual(
        index === 1 ? said(extra(trial.namespace, '9s')) : was[1],
      );
      expect(late).toEqual(
        index === 1 ? was[2] : { ...was[2], labels: { team: 'a' } },
      );
      expect(await stage.remembered()).toEqual([]);
      stage.close();
    });

    it.each([1, 2])(
      'does not go on after write %i once another took it for dead',
      async writesMade => {
        const trial = await on.trial();
        const { stage } = trial;
        const make = await stage.previewed(changeOfThree(trial.namespace));
        const mayGoOn = on.memory.mayGoOn.bind(on.memory);
        let asked = 0;
        jest.spyOn(on.memory, 'mayGoOn').mockImplementation(async id => {
          asked += 1;
          if (asked === writesMade) {
            await trial.settle();
          }
          return mayGoOn(id);
        });
        await expect(make()).rejects.toThrow(/held up for so long/);
        jest.restoreAllMocks();
        expect(await trial.now()).toEqual(trial.before);
        expect(await stage.remembered()).toEqual([]);
        stage.close();
      },
    );
  },
);

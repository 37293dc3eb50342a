import { TestDatabases } from '@backstage/backend-test-utils';
import {
  type KubeObject,
  type ObjectEdit,
  refOf,
} from '@meshdeck/istio-config';
import { isDeepStrictEqual } from 'util';
import { TEST_CLUSTERS } from '../__testUtils__/testClusters';
import { stepOf } from './Change';
import { EditDelivery } from './EditDelivery';
import { takeBack } from './takeBack';
import {
  DEADLINE_MS,
  isWrite,
  nameIn,
  noted,
  writes,
  SeveralStage,
} from './__testUtils__/SeveralStage';
import { NAMES, changeOfThree } from './__testUtils__/threeObjects';

jest.setTimeout(120_000);

describe.each(TEST_CLUSTERS)(
  'a change of several objects that was not made whole, on %s',
  (_cluster, start) => {
    const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
    let on: SeveralStage;

    beforeAll(async () => {
      on = await SeveralStage.open(start, await databases.init('SQLITE_3'));
    });

    afterAll(() => on.stop());

    it.each(
      [0, 1, 2].flatMap(index => [
        [index, 'before'] as const,
        [index, 'after'] as const,
      ]),
    )(
      'is settled once the API server is back that went away at write %i, %s it',
      async (index, when) => {
        const trial = await on.trial();
        const { stage } = trial;
        const make = await stage.previewed(changeOfThree(trial.namespace));
        const { proxy } = stage;
        if (when === 'after') {
          proxy.once(writes(NAMES[index]), 'die');
        } else {
          proxy.once(writes(NAMES[index]), 'cut-before', async () =>
            proxy.kill(),
          );
        }
        await expect(make()).rejects.toThrow(
          /Nobody can say|could not be taken/,
        );
        expect((await stage.remembered()).map(({ state }) => state)).toEqual([
          expect.stringMatching(/writing|returning/),
        ]);
        await trial.settle();
        expect(await stage.remembered()).toHaveLength(1);
        proxy.mend();
        await trial.settle();
        const isWhole = index === 2 && when === 'after';
        expect({
          isAsBefore: isDeepStrictEqual(await trial.now(), trial.before),
          states: (await stage.remembered()).map(({ state }) => state),
        }).toEqual({
          isAsBefore: !isWhole,
          states: isWhole ? ['written'] : [],
        });
        stage.close();
      },
    );

    it.each([
      [0, 0],
      [1, 0],
      [2, 0],
      [3, 0],
      [2, 1],
      [2, 2],
    ])(
      'is settled where the portal was killed after %i writes, %i of them taken back',
      async (count, back) => {
        const trial = await on.trial();
        const { stage } = trial;
        const { edits, id } = await noted(on.memory, trial);
        const delivery = EditDelivery.create({
          client: stage.client,
          deadlineMs: DEADLINE_MS,
        });
        const made: ObjectEdit[] = edits.slice(0, count);
        const afters: (KubeObject | undefined)[] = [];
        for (const edit of made) {
          afters.push((await delivery.deliver(stepOf(edit))).object);
        }
        if (back > 0) {
          await on.memory.returning(id);
        }
        for (const index of [1, 0].slice(0, back)) {
          const step = { edit: made[index], after: afters[index] };
          await takeBack(stage.client, delivery, step);
        }
        on.auditor.createEvent.mockClear();
        stage.proxy.passed.splice(0);
        await trial.settle();
        await trial.settle();
        const isWhole = count === edits.length;
        const isLeft = count > 0 && !isWhole;
        expect(
          on.auditor.createEvent.mock.calls.map(([{ eventId }]) => eventId),
        ).toEqual(isLeft ? ['change-take-back'] : []);
        expect(stage.proxy.passed.filter(isWrite).map(nameIn)).toEqual(
          isWhole ? [] : NAMES.slice(0, count - back).reverse(),
        );
        expect({
          isAsBefore: isDeepStrictEqual(await trial.now(), trial.before),
          states: (await stage.remembered()).map(({ state }) => state),
        }).toEqual({
          isAsBefore: !isWhole,
          states: isWhole ? ['written'] : [],
        });
        stage.close();
      },
    );

    it.each<[string, (made: KubeObject) => Promise<unknown>]>([
      [
        'somebody made something else of',
        made =>
          on.cluster.patch(refOf(made), [
            { op: 'replace', path: '/spec/http/1/timeout', value: '9s' },
          ]),
      ],
      [
        'somebody put in its place',
        async made => {
          await on.cluster.remove(refOf(made));
          await on.cluster.apply({
            ...made,
            metadata: {
              namespace: made.metadata.namespace,
              name: made.metadata.name,
            },
          });
        },
      ],
    ])('leaves alone what %s, and says so', async (_what, does) => {
      const trial = await on.trial();
      const { stage } = trial;
      const { edits } = await noted(on.memory, trial);
      const delivery = EditDelivery.create({
        client: stage.client,
        deadlineMs: DEADLINE_MS,
      });
      const { object } = await delivery.deliver(stepOf(edits[0]));
      await does(object!);
      const now = await trial.now();
      await trial.settle();
      await trial.settle();
      expect(await trial.now()).toEqual(now);
      expect((await stage.remembered()).map(({ state }) => state)).toEqual([
        'unknown',
      ]);
      stage.close();
    });
  },
);

import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { isDeepStrictEqual } from 'util';
import {
  type KubeObject,
  type ObjectEdit,
  refOf,
} from '@meshdeck/istio-config';
import type { ProxiedRequest } from '../__testUtils__/FaultyProxy';
import { TEST_CLUSTERS, TestCluster } from '../__testUtils__/testClusters';
import { memoryOn } from '../memory/__testUtils__/memoryOn';
import type { ChangeMemory } from '../memory/ChangeMemory';
import { stepOf } from './Change';
import { ChangeSettler } from './ChangeSettler';
import { EditDelivery } from './EditDelivery';
import { takeBack } from './takeBack';
import { undoChange } from './undoChange';
import { PipelineStage } from './__testUtils__/PipelineStage';
import {
  changeOfThree,
  editsOfThree,
  extra,
  NAMES,
  refsOf,
  serviceWithThree,
} from './__testUtils__/threeObjects';
import { written as withoutCounts } from './__testUtils__/weightedService';

jest.setTimeout(120_000);

const DEADLINE_MS = 3_000;
/** Longer than a change of three objects can be on its way, and be taken back. */
const LONG_AGO_MS = 7 * 3 * DEADLINE_MS;

const isWrite = ({ method, url }: ProxiedRequest) =>
  method !== 'GET' && !url.includes('dryRun');
/** The next write of one of the three. */
const writes = (name: string) => (request: ProxiedRequest) =>
  isWrite(request) &&
  (request.url.split('?')[0].endsWith(`/${name}`) ||
    (request.method === 'POST' && request.body.includes(`"name":"${name}"`)));

describe.each(TEST_CLUSTERS)(
  'a change of several objects, on %s',
  (_cluster, start) => {
    const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
    let cluster: TestCluster;
    let memory: ChangeMemory;
    let round = 0;
    const auditor = mockServices.auditor.mock();

    beforeAll(async () => {
      cluster = await TestCluster.open(start);
      const knex = await databases.init('SQLITE_3');
      memory = memoryOn(knex, { now: () => Date.now() - LONG_AGO_MS }).memory;
    });

    afterAll(() => cluster.stop());

    const touch = (namespace: string, name: string) =>
      cluster.patch(refsOf(namespace)[NAMES.indexOf(name)], {
        metadata: { labels: { team: 'a' } },
      });

    /** A service of its own, and what its objects say. */
    async function open() {
      round += 1;
      const namespace = `several-${cluster.id}-${round}`;
      const stage = await PipelineStage.open({
        cluster,
        namespace,
        objects: serviceWithThree(namespace),
        memory,
        deadlineMs: DEADLINE_MS,
      });
      const now = () =>
        Promise.all(
          refsOf(namespace).map(ref =>
            cluster.get(ref).then(said, () => undefined),
          ),
        );
      const settle = () =>
        ChangeSettler.create({
          ...stage.way,
          memory,
          scheduler: mockServices.scheduler.mock(),
          auditor,
          deadlineMs: DEADLINE_MS,
        }).settle();
      return { stage, namespace, now, settle, before: await now() };
    }

    it('is made in its order, remembered as one, and taken back in the reverse', async () => {
      const trial = await open();
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
      const trial = await open();
      const { stage } = trial;
      for (const name of ['auth', 'auth-late']) {
        const make = await stage.previewed(changeOfThree(trial.namespace));
        await touch(trial.namespace, name);
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
      const trial = await open();
      const { stage } = trial;
      const make = await stage.previewed(changeOfThree(trial.namespace));
      stage.proxy.once(writes(NAMES[index - 1]), 'cut-after', () =>
        index === 1
          ? cluster.apply(extra(trial.namespace, '9s'))
          : touch(trial.namespace, NAMES[index]),
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

    it.each(
      [0, 1, 2].flatMap(index => [
        [index, 'before'] as const,
        [index, 'after'] as const,
      ]),
    )(
      'is settled once the API server is back that went away at write %i, %s it',
      async (index, when) => {
        const trial = await open();
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
        const trial = await open();
        const { stage } = trial;
        const { edits, id } = await noted(trial);
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
          await memory.returning(id);
        }
        for (const index of [1, 0].slice(0, back)) {
          const step = { edit: made[index], after: afters[index] };
          await takeBack(stage.client, delivery, step);
        }
        auditor.createEvent.mockClear();
        stage.proxy.passed.splice(0);
        await trial.settle();
        await trial.settle();
        const isWhole = count === edits.length;
        const isLeft = count > 0 && !isWhole;
        expect(
          auditor.createEvent.mock.calls.map(([{ eventId }]) => eventId),
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
          cluster.patch(refOf(made), [
            { op: 'replace', path: '/spec/http/1/timeout', value: '9s' },
          ]),
      ],
      [
        'somebody put in its place',
        async made => {
          await cluster.remove(refOf(made));
          await cluster.apply({
            ...made,
            metadata: {
              namespace: made.metadata.namespace,
              name: made.metadata.name,
            },
          });
        },
      ],
    ])('leaves alone what %s, and says so', async (_what, does) => {
      const trial = await open();
      const { stage } = trial;
      const { edits } = await noted(trial);
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

    it.each([1, 2])(
      'does not go on after write %i once another took it for dead',
      async writesMade => {
        const trial = await open();
        const { stage } = trial;
        const make = await stage.previewed(changeOfThree(trial.namespace));
        const mayGoOn = memory.mayGoOn.bind(memory);
        let asked = 0;
        jest.spyOn(memory, 'mayGoOn').mockImplementation(async id => {
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

    async function noted({
      stage,
      namespace,
    }: Awaited<ReturnType<typeof open>>) {
      const objects = await Promise.all(
        refsOf(namespace).map(ref => stage.client.find(ref)),
      );
      const edits = editsOfThree(namespace, ref =>
        objects.find(object => object?.metadata.name === ref.name),
      );
      const id = await memory.begin({
        placement: stage.placement,
        entityRef: 'component:default/auth',
        intent: { intent: 'several' },
        edits,
        sentence: 'Three objects become others.',
      });
      return { edits, id };
    }
  },
);

/** What a person wrote of it. */
function said(object: KubeObject) {
  const { spec, metadata } = withoutCounts(object);
  return { spec, labels: metadata.labels };
}

function nameIn({ url, body, method }: ProxiedRequest): string | undefined {
  return method === 'POST'
    ? JSON.parse(body).metadata.name
    : url.split('?')[0].split('/').pop();
}

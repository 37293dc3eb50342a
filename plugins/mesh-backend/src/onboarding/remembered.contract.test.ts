import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import {
  type KubeObject,
  type OnboardingAnswers,
  planOnboarding,
  refOf,
} from '@meshdeck/istio-config';
import { DirectAccess } from '../__testUtils__/DirectAccess';
import { FaultyProxy } from '../__testUtils__/FaultyProxy';
import { TEST_CLUSTERS, TestCluster } from '../__testUtils__/testClusters';
import { type Step, stepOf } from '../changes/Change';
import { ChangeSettler } from '../changes/ChangeSettler';
import { withCreationMark } from '../changes/creationMark';
import { EditDelivery } from '../changes/EditDelivery';
import { RememberedDelivery } from '../changes/RememberedDelivery';
import { KubernetesClient } from '../cluster/KubernetesClient';
import { memoryOn } from '../memory/__testUtils__/memoryOn';
import type { ChangeMemory } from '../memory/ChangeMemory';
import { ONBOARD } from '../memory/intents';
import { shopAnswers } from './__testUtils__/shop';
import { OnboardingWriter } from './OnboardingWriter';

jest.setTimeout(120_000);

const DEADLINE_MS = 3_000;
/** Longer than a change of eight objects can be on its way, and be taken back. */
const LONG_AGO_MS = 7 * 8 * DEADLINE_MS;

describe.each(TEST_CLUSTERS)(
  'onboarding, as the memory has it, on %s',
  (_cluster, start) => {
    const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
    const auditor = mockServices.auditor.mock();
    const logger = mockServices.logger.mock();
    let cluster: TestCluster;
    /** Of a portal that stopped long ago, and of one that runs. */
    let [old, memory]: ChangeMemory[] = [];
    let round = 0;

    beforeAll(async () => {
      cluster = await TestCluster.open(start);
      const knex = await databases.init('SQLITE_3');
      old = memoryOn(knex, { now: () => Date.now() - LONG_AGO_MS }).memory;
      memory = memoryOn(knex).memory;
    });

    afterAll(() => cluster.stop());

    async function open() {
      round += 1;
      const namespace = `brought-${cluster.id}-${round}`;
      await cluster.apply({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: namespace },
      });
      const access = DirectAccess.create({ c: cluster.server });
      const options = { access, deadlineMs: DEADLINE_MS };
      const client = KubernetesClient.create({ ...options, cluster: 'c' });
      const place = { cluster: 'c', namespace, service: 'shop' };
      const answers = shopAnswers({ namespace });
      const { objects } = planOnboarding([], answers);
      const read = async () => {
        const found = await Promise.all(
          objects.map(object => client.find(refOf(object))),
        );
        return found.flatMap(object => object ?? []);
      };
      const settle = () =>
        ChangeSettler.create({
          ...options,
          memory,
          scheduler: mockServices.scheduler.mock(),
          auditor,
          logger,
        }).settle();
      return {
        namespace,
        place,
        client,
        answers,
        read,
        settle,
        delivery: EditDelivery.create({ client, deadlineMs: DEADLINE_MS }),
        /** What is there, as `Kind name`. */
        there: async () =>
          (await read()).map(
            ({ kind, metadata }) => `${kind} ${metadata.name}`,
          ),
        states: async () =>
          (await memory.of(place, 10)).map(({ state }) => state),
        /** A replica. */
        writer: () =>
          OnboardingWriter.create({
            memory,
            deadlineMs: DEADLINE_MS,
            delivery: RememberedDelivery.create({ ...options, memory, logger }),
          }),
        /** As a replica plans it on what is there now. */
        planned: async (others: Partial<OnboardingAnswers> = {}) => {
          const there = await read();
          const plan = planOnboarding(there, { ...answers, ...others });
          const entityRef = 'component:default/shop';
          return { client, place, entityRef, plan, there };
        },
      };
    }

    /** Noted by a portal that stopped then. */
    async function noted(
      { place }: Pick<Awaited<ReturnType<typeof open>>, 'place'>,
      steps: readonly Step[],
      { by = old, intent = ONBOARD } = {},
    ) {
      return by.begin({
        placement: place,
        entityRef: 'component:default/shop',
        intent: { intent },
        edits: steps.map(({ edit }) => edit),
        sentence: 'Brought shop into the mesh: 8 objects.',
      });
    }

    const creations = (objects: readonly KubeObject[], call: string) =>
      objects.map(object =>
        stepOf({ action: 'create', object: withCreationMark(object, call) }),
      );

    it.each([0, 1, 4, 7, 8])(
      'is settled where the portal was killed after %i writes',
      async count => {
        const trial = await open();
        const { plan } = await trial.planned();
        const steps = creations(plan.objects, 'a');
        await noted(trial, steps);
        for (const step of steps.slice(0, count)) {
          await trial.delivery.deliver(step);
        }
        auditor.createEvent.mockClear();
        await trial.settle();
        await trial.settle();
        const isWhole = count === steps.length;
        expect(await trial.there()).toHaveLength(isWhole ? count : 0);
        expect(await trial.states()).toEqual(isWhole ? ['written'] : []);
        expect(
          auditor.createEvent.mock.calls.map(([{ eventId }]) => eventId),
        ).toEqual(count > 0 && !isWhole ? ['change-take-back'] : []);
      },
    );

    it.each([1, 3, 5])(
      'is settled where the portal was killed after %i changes of a second time',
      async count => {
        const trial = await open();
        await trial.writer().write(await trial.planned());
        const before = (await trial.read()).map(said);
        const { plan } = await trial.planned({
          replicas: 3,
          port: 8091,
          image: 'ghcr.io/market/shop:2',
        });
        const steps = plan.edits.map(stepOf);
        expect(steps).toHaveLength(5);
        await noted(trial, steps);
        for (const step of steps.slice(0, count)) {
          await trial.delivery.deliver(step);
        }
        await trial.settle();
        const isWhole = count === steps.length;
        const now = (await trial.read()).map(said);
        expect(
          now.filter((saying, index) => saying !== before[index]),
        ).toHaveLength(isWhole ? count : 0);
        expect((await trial.states()).sort()).toEqual(
          isWhole ? ['written', 'written'] : ['written'],
        );
      },
    );

    it.each([1, 4, 6, 8])(
      'is there again where the portal was killed after it took back %i of its objects, unless that was all',
      async count => {
        const trial = await open();
        await trial.writer().write(await trial.planned());
        const before = (await trial.read()).map(containers);
        const locked = (await trial.read())
          .reverse()
          .map(object => stepOf({ action: 'delete', before: object }));
        await noted(trial, locked, { intent: 'undo' });
        for (const step of locked.slice(0, count)) {
          await trial.delivery.deliver(step);
        }
        await trial.settle();
        const isWhole = count === locked.length;
        expect((await trial.read()).map(containers)).toEqual(
          isWhole ? [] : before,
        );
      },
    );

    it('leaves alone what somebody changed of it, takes back the rest, and says that it is not settled', async () => {
      const trial = await open();
      const { plan } = await trial.planned();
      const steps = creations(plan.objects, 'a');
      await noted(trial, steps);
      for (const step of steps.slice(0, 6)) {
        await trial.delivery.deliver(step);
      }
      const service = plan.objects.find(({ kind }) => kind === 'Service')!;
      await cluster.patch(refOf(service), {
        metadata: { labels: { team: 'pay' } },
      });
      await trial.settle();
      await trial.settle();
      expect(await trial.there()).toEqual(['Service shop']);
      expect(await trial.states()).toEqual(['unknown']);

      // The next one goes on with it, and it is a part of that.
      await trial.writer().write(await trial.planned());
      expect(await trial.there()).toHaveLength(8);
      const [change, ...others] = await memory.of(trial.place, 10);
      expect(others).toEqual([]);
      expect(change).toMatchObject({
        state: 'written',
        sentence: 'Brought shop into the mesh: 8 objects.',
      });
      expect(change.steps).toHaveLength(8);
    });

    it('takes back what came after the portal had given up', async () => {
      const trial = await open();
      const { plan } = await trial.planned();
      const steps = creations(plan.objects, 'a');
      await noted(trial, steps);
      await trial.settle();
      expect(await trial.states()).toEqual([]);
      const id = await noted(trial, steps);
      await old.returning(id);
      await trial.delivery.deliver(steps[4]);
      await trial.settle();
      expect(await trial.there()).toEqual([]);
      expect(await trial.states()).toEqual([]);
    });

    it('deletes nothing that another call created since', async () => {
      const trial = await open();
      const { plan } = await trial.planned();
      await noted(trial, creations(plan.objects, 'a'));
      for (const step of creations(plan.objects, 'b')) {
        await trial.delivery.deliver(step);
      }
      await trial.settle();
      expect(await trial.there()).toHaveLength(8);
      expect(await trial.states()).toEqual([]);
    });

    it('waits where another replica may still be at work', async () => {
      const trial = await open();
      const planned = await trial.planned();
      const id = await noted(trial, creations(planned.plan.objects, 'a'), {
        by: memory,
      });
      await expect(trial.writer().write(planned)).rejects.toThrow(
        /is being brought into the mesh at this moment.*Nothing was written/,
      );
      expect(await trial.there()).toEqual([]);
      await memory.forget(id);
      await trial.writer().write(planned);
      expect(await trial.there()).toHaveLength(8);
    });

    it('gives way to another replica that began after it looked', async () => {
      const trial = await open();
      const planned = await trial.planned();
      const begin = memory.begin.bind(memory);
      jest.spyOn(memory, 'begin').mockImplementationOnce(async change => {
        await noted(trial, creations(planned.plan.objects, 'a'), {
          by: memory,
        });
        return begin(change);
      });
      await expect(trial.writer().write(planned)).rejects.toThrow(
        /is being brought into the mesh at this moment.*Nothing was written/,
      );
      expect(await trial.there()).toEqual([]);
      expect(await trial.states()).toEqual(['writing']);
    });

    it('lets the first of two go on that begin at once in one portal', async () => {
      const trial = await open();
      const writer = trial.writer();
      const plans = await Promise.all([trial.planned(), trial.planned()]);
      const ends = await Promise.allSettled(
        plans.map(planned => writer.write(planned)),
      );
      expect(ends.map(({ status }) => status)).toEqual([
        'fulfilled',
        'rejected',
      ]);
      expect(await trial.there()).toHaveLength(8);
      expect(await trial.states()).toEqual(['written']);
    });

    it('ends whole or not at all where replicas begin at once, and each is told', async () => {
      for (let time = 0; time < 5; time++) {
        const trial = await open();
        const plans = await Promise.all([
          trial.planned(),
          trial.planned(),
          trial.planned(),
        ]);
        const ends = await Promise.allSettled(
          plans.map(planned => trial.writer().write(planned)),
        );
        const winners = ends.filter(({ status }) => status === 'fulfilled');
        expect(winners.length).toBeLessThanOrEqual(1);
        expect(await trial.there()).toHaveLength(winners.length * 8);
        expect(await trial.states()).toEqual(winners.map(() => 'written'));
      }
    });

    it('does not begin where what it counts on was taken away', async () => {
      const trial = await open();
      await trial.writer().write(await trial.planned());
      const planned = await trial.planned({ replicas: 3 });
      const [account] = planned.there;
      await cluster.remove(refOf(account));
      await expect(trial.writer().write(planned)).rejects.toThrow(
        /ServiceAccount .* was taken away at this moment. Nothing was written/,
      );
      expect(await trial.states()).toEqual(['written']);
    });

    it('does not take for somebody else’s what something on the way sent twice', async () => {
      const trial = await open();
      const proxy = await FaultyProxy.open(cluster.server);
      const { token } = cluster.server;
      const access = DirectAccess.create({ c: { url: proxy.url, token } });
      const { plan } = await trial.planned();
      const [step] = creations(plan.objects, 'a');
      await trial.delivery.deliver(step);
      const twice = EditDelivery.create({
        client: KubernetesClient.create({
          access,
          cluster: 'c',
          deadlineMs: DEADLINE_MS,
        }),
        deadlineMs: DEADLINE_MS,
      });
      expect((await twice.deliver(step)).object?.metadata.name).toBe('shop');
      const [other] = creations(plan.objects, 'b');
      await expect(twice.deliver(other)).rejects.toThrow('was changed since');
      proxy.close();
    });

    it('writes nothing where the memory does not take the note', async () => {
      const trial = await open();
      const planned = await trial.planned();
      jest.spyOn(memory, 'begin').mockRejectedValueOnce(new Error('away'));
      await expect(trial.writer().write(planned)).rejects.toThrow('away');
      expect(await trial.there()).toEqual([]);
    });
  },
);

/** What people say of an object. */
function said({ metadata, spec }: KubeObject): string {
  const { labels } = metadata;
  return JSON.stringify([labels, spec]);
}

/** What its pods are made of. */
function containers({ kind, metadata, spec }: KubeObject): unknown[] {
  const { containers: all, serviceAccountName } = spec?.template?.spec ?? {};
  return [kind, metadata.name, all, serviceAccountName];
}

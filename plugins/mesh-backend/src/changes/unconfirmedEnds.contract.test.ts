import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import {
  afterOf,
  fieldOperations,
  type KubeObject,
  withEnd,
} from '@meshdeck/istio-config';
import type { Knex } from 'knex';
import { DirectAccess } from '../__testUtils__/DirectAccess';
import { TEST_CLUSTERS, TestCluster } from '../__testUtils__/testClusters';
import { KubernetesClient } from '../cluster/KubernetesClient';
import { LeaseRunner } from '../durable/LeaseRunner';
import { memoryOn } from '../memory/__testUtils__/memoryOn';
import { ChangesService } from '../memory/ChangesService';
import { END } from '../memory/ChangeTerm';
import { ChangeEnds } from './ChangeEnds';
import { ChangeSettler } from './ChangeSettler';
import { EditDelivery } from './EditDelivery';
import { to, virtualService } from './__testUtils__/weightedService';

jest.setTimeout(60_000);

const DEADLINE_MS = 5_000;
const FAULT = ['spec', 'http', 0, 'fault'];
const LASTS_MS = 60_000;
const HOUR_MS = 3_600_000;

describe.each(TEST_CLUSTERS)(
  'an end whose change nobody confirmed, on %s',
  (_cluster, start) => {
    const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
    let cluster: TestCluster;
    let access: DirectAccess;
    /** How much later it is than on the clock. */
    let later = 0;
    let stage: Awaited<ReturnType<typeof open>>;

    const open = async () => {
      const knex = await databases.init('SQLITE_3');
      const time = (client: Knex) => client.raw('?', [Date.now() + later]);
      const { memory, leases } = memoryOn(knex, { time });
      const shared = {
        memory,
        access,
        logger: mockServices.logger.mock(),
        auditor: mockServices.auditor.mock(),
        deadlineMs: DEADLINE_MS,
      };
      const ends = ChangeEnds.create(shared);
      const runner = LeaseRunner.create({
        leases,
        works: { [END]: ends },
        logger: shared.logger,
      });
      const wake = async () => {
        await runner.wake();
        await runner.idle();
      };
      const scheduler = mockServices.scheduler.mock();
      const settler = ChangeSettler.create({ ...shared, scheduler });
      return {
        memory,
        wake,
        settler,
        changes: ChangesService.create({ memory }),
      };
    };

    beforeAll(async () => {
      cluster = await TestCluster.open(start);
      access = DirectAccess.create({ c: cluster.server });
      await cluster.makeNamespace(`unseen-${cluster.id}`);
      stage = await open();
    });

    afterAll(() => cluster.stop());

    beforeEach(() => {
      later = 0;
    });

    /** A fault that is noted with its end, and can be written. */
    const noted = async (name: string) => {
      const namespace = `unseen-${cluster.id}`;
      const before = await cluster.apply(
        virtualService(
          { namespace, name },
          { hosts: [name], http: [{ route: [to(name, 'stable')] }] },
        ),
      );
      const place = { cluster: 'c', namespace, service: name };
      const term = await stage.memory.term(LASTS_MS);
      const edit = withEnd(
        {
          action: 'change',
          before,
          operations: fieldOperations(before, [
            {
              at: FAULT,
              value: { abort: { httpStatus: 503, percentage: { value: 10 } } },
            },
          ]),
        },
        FAULT,
        term,
      );
      const change = {
        ...{ placement: place, edits: [edit], term },
        entityRef: `component:default/${name}`,
        intent: { intent: 'fault' },
        sentence: 'Some fail.',
      };
      const id = await stage.memory.begin(change);
      const client = KubernetesClient.create({
        ...{ access, deadlineMs: DEADLINE_MS },
        cluster: 'c',
      });
      const deliver = () =>
        EditDelivery.create({ client, deadlineMs: DEADLINE_MS }).deliver({
          edit,
          after: afterOf(edit),
        });
      const current = () =>
        cluster.get({
          apiVersion: before.apiVersion,
          kind: before.kind,
          namespace,
          name,
        });
      const told = async () => {
        // What the page shows depends on nobody's patience.
        const { changes } = await stage.changes.view(place as never);
        return changes.map(({ sentence, state, end }) => [
          sentence,
          state,
          end?.state,
        ]);
      };
      return { id, change, before, deliver, current, told };
    };
    const specOf = ({ spec }: KubeObject) => JSON.stringify(spec);

    it('is made where the write was, and the change is confirmed with it', async () => {
      const { before, deliver, current, told } = await noted('made');
      await deliver();
      later = LASTS_MS;
      await stage.wake();
      expect(specOf(await current())).toBe(specOf(before));
      expect(await told()).toEqual([
        ['Ended by itself: Some fail.', 'written', undefined],
        ['Some fail.', 'written', 'ended'],
      ]);
    });

    it('waits for a write that may still come, and is made when it came', async () => {
      const { id, change, before, deliver, current, told } = await noted(
        'late',
      );
      later = LASTS_MS + 4 * DEADLINE_MS;
      await stage.wake();
      await stage.settler.settle();
      expect((await current()).metadata.resourceVersion).toBe(
        before.metadata.resourceVersion,
      );
      const { object } = await deliver();
      await stage.wake();
      expect((await current()).spec.http[0].fault).toBeDefined();
      // Whoever wrote it that late calls for the end, which would be looked for only in a minute.
      await stage.memory.written(id, [object], change);
      await stage.wake();
      expect(specOf(await current())).toBe(specOf(before));
      expect((await told()).map(([, , end]) => end)).toEqual([
        undefined,
        'ended',
      ]);
    });

    it('is given up after an hour in which nothing came, and taken up again should it come', async () => {
      const { id, change, before, deliver, current, told } = await noted(
        'never',
      );
      later = LASTS_MS + 4 * DEADLINE_MS;
      await stage.wake();
      expect(await told()).toEqual([['Some fail.', 'unsettled', 'late']]);
      later += HOUR_MS;
      await stage.wake();
      expect(await told()).toEqual([]);
      const { object } = await deliver();
      await stage.memory.written(id, [object], change);
      await stage.wake();
      expect(specOf(await current())).toBe(specOf(before));
      expect((await told()).map(([, , end]) => end)).toEqual([
        undefined,
        'ended',
      ]);
    });
  },
);

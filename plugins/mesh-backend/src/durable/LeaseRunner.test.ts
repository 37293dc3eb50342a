import { setTimeout as passing } from 'node:timers/promises';
import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { eventually } from '../__testUtils__/eventually';
import { memoryOn } from '../memory/__testUtils__/memoryOn';
import { Fenced } from './Fenced';
import { type LeasedWork, LeaseRunner } from './LeaseRunner';

jest.setTimeout(60_000);

const LEASE_MS = 60;

describe('LeaseRunner', () => {
  // PostgreSQL where a test database is given: there may be no containers.
  const hasPostgres =
    process.env.BACKSTAGE_TEST_DATABASE_POSTGRES17_CONNECTION_STRING;
  const databases = TestDatabases.create({
    ids: ['SQLITE_3', ...(hasPostgres ? (['POSTGRES_17'] as const) : [])],
  });

  const open = async (id: Parameters<typeof databases.init>[0]) => {
    const knex = await databases.init(id);
    const replica = memoryOn(knex);
    const add = async (name: string, inMs = 0) => {
      const dueAt = (await replica.database.now()) + inMs;
      await replica.database.transaction(tx =>
        replica.leases.add(tx, {
          kind: 'work',
          name,
          state: { seen: 0 },
          dueAt,
        }),
      );
    };
    const runner = (work: LeasedWork['run'], owner: string) =>
      LeaseRunner.create({
        leases: replica.leases,
        works: { work: { run: work } },
        logger: mockServices.logger.mock(),
        leaseMs: LEASE_MS,
        owner,
      });
    const told = async (name: string) =>
      (await replica.leases.named('work', [name]))[0];
    return { ...replica, knex, add, runner, told };
  };

  it.each(databases.eachSupportedId())(
    'does what is due, once, with what was found out before, on %p',
    async id => {
      const { add, runner, told } = await open(id);
      await add('now');
      await add('later', 60_000);
      const done: string[] = [];
      const work: LeasedWork['run'] = async held => {
        done.push(`${held.name} ${held.state.seen}`);
        return held.state.seen
          ? { state: held.state, closed: true }
          : { state: { seen: 1 }, dueInMs: 0 };
      };
      const replicas = [runner(work, 'a'), runner(work, 'b')];
      for (let round = 0; round < 4; round++) {
        await Promise.all(replicas.map(each => each.wake()));
        await Promise.all(replicas.map(each => each.idle()));
      }
      expect(done).toEqual(['now 0', 'now 1']);
      expect(await told('now')).toMatchObject({
        state: { seen: 1 },
        isClosed: true,
      });
      expect(await told('later')).toMatchObject({ isClosed: false });
    },
  );

  it.each(databases.eachSupportedId())(
    'keeps what takes longer than a lease, and loses what it did not renew, on %p',
    async id => {
      const { add, runner, told, knex } = await open(id);
      await add('long');
      const others: string[] = [];
      let refusal: unknown;
      const slow = runner(async held => {
        await passing(4 * LEASE_MS);
        // As where the process stood still, and its lease ran out.
        held.release();
        while (others.length === 0) {
          await passing(LEASE_MS);
        }
        await held
          .fenced(async () => {})
          .catch(error => {
            refusal = error;
          });
        return { state: { by: 'slow' }, closed: true };
      }, 'slow');
      const other = runner(async held => {
        others.push(held.name);
        return { state: { by: 'other' }, closed: true };
      }, 'other');
      await slow.wake();
      await passing(2 * LEASE_MS);
      await other.wake();
      await other.idle();
      expect(others).toEqual([]);
      await eventually(async () => {
        await other.wake();
        await other.idle();
        expect(others).toEqual(['long']);
      });
      await slow.idle();
      expect(refusal).toBeInstanceOf(Fenced);
      expect((await told('long')).state).toEqual({ by: 'other' });
      expect(await knex('mesh_leases').first('epoch')).toEqual({ epoch: 2 });
    },
  );

  it('leaves what failed to others for a while', async () => {
    const { add, runner, told } = await open('SQLITE_3');
    await add('odd');
    let tries = 0;
    const failing = runner(async () => {
      tries += 1;
      throw new Error('no way to it from here');
    }, 'failing');
    for (let round = 0; round < 3; round++) {
      await failing.wake();
      await failing.idle();
    }
    expect(tries).toBe(1);
    const other = runner(
      async ({ state }) => ({ state, closed: true }),
      'other',
    );
    await other.wake();
    await other.idle();
    expect((await told('odd')).isClosed).toBe(true);
  });

  it('does not let what hangs hold up the rest, and takes up nothing once it is stopped', async () => {
    const { add, runner, told } = await open('SQLITE_3');
    await add('hangs');
    let free = () => {};
    const hanging = new Promise<void>(resolve => {
      free = resolve;
    });
    const both = runner(async ({ name, state }) => {
      if (name === 'hangs') await hanging;
      return { state, closed: true };
    }, 'both');
    await both.wake();
    await add('quick');
    await both.wake();
    await eventually(async () =>
      expect((await told('quick')).isClosed).toBe(true),
    );
    expect((await told('hangs')).isClosed).toBe(false);
    both.stop();
    await add('last');
    await both.wake();
    free();
    await both.idle();
    expect((await told('hangs')).isClosed).toBe(true);
    expect((await told('last')).isClosed).toBe(false);
  });
});

import { TestDatabases } from '@backstage/backend-test-utils';
import fc from 'fast-check';
import type { Knex } from 'knex';
import { memoryOn } from '../memory/__testUtils__/memoryOn';
import { Fenced } from './Fenced';
import type { Lease } from './Lease';
import type { LeaseStore } from './LeaseStore';

jest.setTimeout(120_000);

const OWNERS = ['a', 'b'] as const;
const LEASE_MS = 100;
const RUNS = 300;

type Owner = (typeof OWNERS)[number];

/** What an owner may do; `write` is a step of the work, `giveBack` puts it off by some time, `wait` lets time pass. */
type Act =
  | { does: 'take' | 'renew' | 'write' | 'close'; owner: Owner }
  | { does: 'giveBack'; owner: Owner; ms: number }
  | { does: 'wait'; ms: number };

const owner = fc.constantFrom(...OWNERS);
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ does: fc.constant('take' as const), owner }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ does: fc.constant('write' as const), owner }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant('renew' as const), owner }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('giveBack' as const),
      owner,
      ms: fc.integer({ min: 0, max: 150 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('wait' as const),
      ms: fc.integer({ min: 1, max: 150 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant('close' as const), owner }),
  },
);

/** Two owners of one entry; each still believes in the lease that he took last, whatever became of it. */
class Rivals {
  now = 1_000;
  readonly steps: { owner: Owner; epoch: number }[] = [];
  private readonly taken = new Map<Owner, Lease>();
  /** As the rules would have it. */
  private holder: { owner: Owner; epoch: number; until: number } | undefined;
  private epoch = 0;
  private dueAt = 1_000;
  private isClosed = false;

  constructor(private readonly leases: LeaseStore) {}

  async act(does: Act): Promise<void> {
    if (does.does === 'wait') {
      this.now += does.ms;
    } else if (does.does === 'take') {
      await this.take(does.owner);
    } else {
      await this.write(does.owner, does);
    }
  }

  private async take(by: Owner): Promise<void> {
    const isFree = !this.holder || this.holder.until <= this.now;
    const isDue = !this.isClosed && this.dueAt <= this.now;
    const [entry] = await this.leases.due(['work'], { most: 1, without: [] });
    this.require((entry !== undefined) === (isFree && isDue), 'is due');
    const lease =
      entry &&
      (await this.leases.take(entry, { owner: by, leaseMs: LEASE_MS }));
    if (!lease) return;
    this.require(lease.epoch === this.epoch + 1, 'rises');
    this.epoch = lease.epoch;
    this.taken.set(by, lease);
    this.holder = { owner: by, epoch: lease.epoch, until: this.now + LEASE_MS };
    // Of two who saw it free, one takes it.
    const other = OWNERS.find(candidate => candidate !== by)!;
    const second = await this.leases.take(entry, {
      owner: other,
      leaseMs: LEASE_MS,
    });
    this.require(second === undefined, 'is taken once');
  }

  private async write(
    by: Owner,
    does: Exclude<Act, { does: 'wait' | 'take' }>,
  ): Promise<void> {
    const lease = this.taken.get(by);
    if (!lease) return;
    const isHis = this.holder?.epoch === lease.epoch;
    const isWritten = await this.attempt(lease, does).then(
      () => true,
      error => {
        this.require(error instanceof Fenced, 'is fenced');
        return false;
      },
    );
    this.require(isWritten === isHis, 'is written by its holder alone');
    if (!isWritten) return;
    this.steps.push({ owner: by, epoch: lease.epoch });
    this.holder = { owner: by, epoch: lease.epoch, until: this.now + LEASE_MS };
    if (does.does === 'giveBack' || does.does === 'close') {
      this.holder = undefined;
      this.isClosed = does.does === 'close';
      this.dueAt = does.does === 'giveBack' ? this.now + does.ms : this.dueAt;
    }
  }

  private require(holds: boolean, rule: string): void {
    if (!holds) throw new Error(`It does not hold that it ${rule}`);
  }

  private attempt(
    lease: Lease,
    does: Exclude<Act, { does: 'wait' | 'take' }>,
  ): Promise<unknown> {
    const { state } = lease;
    if ('ms' in does) {
      return this.leases.giveBack(lease, { state, dueInMs: does.ms });
    }
    switch (does.does) {
      case 'renew':
        return this.leases.renew(lease, LEASE_MS);
      case 'write':
        return this.leases.fenced(lease, LEASE_MS, async () => {});
      default:
        return this.leases.giveBack(lease, { state, closed: true });
    }
  }
}

describe('leases', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

  it('are held by one owner at a time, and whoever lost his writes nothing', async () => {
    const knex = await databases.init('SQLITE_3');
    let rivals: Rivals;
    const time = (client: Knex) => client.raw('?', [rivals.now]);
    const { database, leases } = memoryOn(knex, { time });
    let steps = 0;
    let changesOfOwner = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(act, { minLength: 5, maxLength: 40 }),
        async acts => {
          rivals = new Rivals(leases);
          const client = await database.client();
          await client('mesh_leases').delete();
          await leases.add(client, {
            kind: 'work',
            name: 'one',
            state: {},
            dueAt: rivals.now,
          });
          for (const each of acts) {
            await rivals.act(each);
          }
          const owners = new Map<number, Owner>();
          for (const step of rivals.steps) {
            expect(owners.get(step.epoch) ?? step.owner).toBe(step.owner);
            owners.set(step.epoch, step.owner);
          }
          const epochs = rivals.steps.map(({ epoch }) => epoch);
          expect(epochs).toEqual([...epochs].sort((a, b) => a - b));
          steps += epochs.length;
          changesOfOwner += owners.size > 1 ? 1 : 0;
        },
      ),
      { numRuns: RUNS, seed: 20261129 },
    );
    expect(steps).toBeGreaterThan(RUNS);
    expect(changesOfOwner).toBeGreaterThan(RUNS / 10);
  });
});

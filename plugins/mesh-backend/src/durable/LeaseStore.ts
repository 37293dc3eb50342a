import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@backstage/types';
import type { Knex } from 'knex';
import type { MeshDatabase } from '../database/MeshDatabase';
import { Fenced } from './Fenced';
import type { Entry, Lease, Outlook } from './Lease';

const TABLE = 'mesh_leases';
const NOBODYS = { owner: null, lease_until: null };

/** An entry that somebody may take. */
export interface DueEntry extends Entry {
  id: string;
  /** Of its last owner. */
  epoch: number;
  /** When it was found due, by the database's clock, in milliseconds. */
  foundAt: number;
}

/**
 * What is to be done later, in Backstage's database. A lease runs out by the database's clock, and its epoch rises with each taking. Every
 * write of an owner is conditional on his epoch, so whoever was frozen, or cut off, writes nothing after the next one has taken over.
 */
export class LeaseStore {
  static create(options: { database: MeshDatabase }) {
    return new LeaseStore(options.database);
  }

  private constructor(private readonly database: MeshDatabase) {}

  /** Adds an entry, in the transaction of what needs it. */
  async add(tx: Knex, { kind, name, state, dueAt }: Entry): Promise<void> {
    await tx<Row>(TABLE).insert({
      id: randomUUID(),
      kind,
      name,
      state: JSON.stringify(state),
      due_at: dueAt,
      owner: null,
      epoch: 0,
      lease_until: null,
      closed: false,
    });
  }

  /** What is due and in nobody's hands, the longest due first; `without` some, by their ids. */
  async due(
    kinds: readonly string[],
    { most, without }: { most: number; without: readonly string[] },
  ): Promise<DueEntry[]> {
    const knex = await this.database.client();
    const now = this.database.time(knex);
    const rows = await free(
      knex<Row>(TABLE)
        .select('*', knex.raw('? as now', [now]))
        .whereIn('kind', [...kinds])
        .whereNotIn('id', [...without])
        .where({ closed: false })
        .where('due_at', '<=', now),
      now,
    )
      .orderBy('due_at')
      .limit(most);
    return (rows as (Row & { now: number | string })[]).map(row => ({
      ...entryOf(row),
      id: row.id,
      epoch: row.epoch,
      foundAt: Number(row.now),
    }));
  }

  /** @returns undefined where somebody else was faster. */
  async take(
    entry: DueEntry,
    { owner, leaseMs }: { owner: string; leaseMs: number },
  ): Promise<Lease | undefined> {
    const knex = await this.database.client();
    const now = this.database.time(knex);
    const { id } = entry;
    const epoch = entry.epoch + 1;
    const taken = await free(
      knex<Row>(TABLE).where({ id, epoch: entry.epoch, closed: false }),
      now,
    ).update({ owner, epoch, lease_until: this.until(knex, leaseMs) });
    return taken === 1 ? { ...entry, owner, epoch } : undefined;
  }

  /** @throws Fenced */
  async renew(lease: Lease, leaseMs: number): Promise<void> {
    const knex = await this.database.client();
    await this.write(knex, lease, {
      lease_until: this.until(knex, leaseMs),
    });
  }

  /**
   * Work that is done only while the lease is held, all of it or nothing.
   *
   * @throws Fenced
   */
  async fenced<T>(
    lease: Lease,
    leaseMs: number,
    work: (tx: Knex) => Promise<T>,
  ): Promise<T> {
    return this.database.transaction(async tx => {
      await this.write(tx, lease, { lease_until: this.until(tx, leaseMs) });
      return work(tx);
    });
  }

  /**
   * Gives it back, with what was found out and what else is noted along with it.
   *
   * @throws Fenced
   */
  async giveBack<State extends JsonObject>(
    lease: Lease<State>,
    outlook: Outlook<State>,
    along: (tx: Knex) => Promise<void> = async () => {},
  ): Promise<void> {
    await this.database.transaction(async tx => {
      await this.write(tx, lease, {
        owner: null,
        lease_until: null,
        state: JSON.stringify(outlook.state),
        ...('closed' in outlook
          ? { closed: true }
          : { due_at: this.until(tx, outlook.dueInMs) }),
      });
      await along(tx);
    });
  }

  /** There is nothing to do any more; whoever holds it is fenced. */
  async close(tx: Knex, kind: string, name: string): Promise<void> {
    await tx<Row>(TABLE)
      .where({ kind, name })
      .update({ ...NOBODYS, epoch: next(tx), closed: true });
  }

  /** It is to be done at a time that may be past, also where somebody had found that there was nothing to do. */
  async reopen(
    tx: Knex,
    { kind, name, dueAt }: Omit<Entry, 'state'>,
  ): Promise<void> {
    await tx<Row>(TABLE)
      .where({ kind, name })
      .where(late => late.where('due_at', '>', dueAt).orWhere({ closed: true }))
      .update({ ...NOBODYS, epoch: next(tx), closed: false, due_at: dueAt });
  }

  /** It was never to be done. */
  async drop(tx: Knex, kind: string, name: string): Promise<void> {
    await tx<Row>(TABLE).where({ kind, name }).delete();
  }

  /** The closed ones that were due before a time are forgotten. */
  async dropClosedBefore(time: number): Promise<void> {
    const knex = await this.database.client();
    await knex<Row>(TABLE)
      .where({ closed: true })
      .where('due_at', '<', time)
      .delete();
  }

  /** Those of some names, whoever holds them. */
  async named(
    kind: string,
    names: readonly string[],
  ): Promise<(Entry & { isClosed: boolean })[]> {
    const knex = await this.database.client();
    const rows = await knex<Row>(TABLE)
      .where({ kind })
      .whereIn('name', [...names]);
    return rows.map(row => ({
      ...entryOf(row),
      isClosed: Boolean(row.closed),
    }));
  }

  /** @throws Fenced where it is not the owner's any more. */
  private async write(
    knex: Knex,
    { id, epoch, owner, kind, name }: Lease,
    values: Record<string, unknown>,
  ): Promise<void> {
    const written = await knex(TABLE)
      .where({ id, epoch, owner, closed: false })
      .update(values);
    if (written !== 1) {
      throw new Fenced(`${kind} ${name} is not ${owner}’s any more`);
    }
  }

  private until(knex: Knex, ms: number): Knex.Raw {
    return knex.raw('? + ?', [this.database.time(knex), Math.round(ms)]);
  }
}

function next(knex: Knex): Knex.Raw {
  return knex.raw('?? + 1', ['epoch']);
}

function free<Query extends Knex.QueryBuilder<Row>>(
  query: Query,
  now: Knex.Raw,
): Query {
  return query.where(lease =>
    lease.whereNull('lease_until').orWhere('lease_until', '<=', now),
  ) as Query;
}

/** As the migration made it. */
interface Row {
  id: string;
  kind: string;
  name: string;
  state: string;
  /** PostgreSQL gives what is as big as that as a text. */
  due_at: number | string;
  owner: string | null;
  epoch: number;
  lease_until: number | string | null;
  /** SQLite has no booleans. */
  closed: boolean | number;
}

function entryOf(row: Row): Entry {
  return {
    kind: row.kind,
    name: row.name,
    state: JSON.parse(row.state),
    dueAt: Number(row.due_at),
  };
}

import { randomUUID } from 'node:crypto';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { KubeObject } from '@meshdeck/istio-config';
import type { Knex } from 'knex';
import type { MeshDatabase } from '../database/MeshDatabase';
import type { LeaseStore } from '../durable/LeaseStore';
import {
  type ChangeEndState,
  type ChangeTerm,
  END,
  endOf,
  type EndState,
} from './ChangeTerm';
import {
  changeOf,
  changesIn,
  PENDING,
  type Row,
  rowOf,
  TABLE,
} from './changeRows';
import type {
  BeginningChange,
  MemorizedChange,
  ServicePlace,
} from './MemorizedChange';
import { ProposalMemory } from './ProposalMemory';
import { rowsUndone } from './rowsUndone';
import { withoutContainers } from './withoutContainers';

/**
 * Remembers in Backstage's database what was changed from here. A change is noted before it is written, and the note is confirmed after,
 * so that none is in a cluster of which nobody knows.
 */
export class ChangeMemory {
  static create(options: {
    database: MeshDatabase;
    leases: LeaseStore;
    logger: LoggerService;
    now?: () => number;
  }) {
    return new ChangeMemory(options);
  }

  /** Of changes that are pull requests, as long as these are not decided. */
  readonly proposals: ProposalMemory;
  private last = 0;

  private constructor(
    private readonly options: Parameters<typeof ChangeMemory.create>[0],
  ) {
    this.proposals = new ProposalMemory({
      database: options.database,
      attempt: (id, work) => this.attempt(id, work),
      note: (tx, id, change) => this.note(tx, id, change),
      drop: (tx, id) => this.drop(tx, id),
    });
  }

  /** By the clock that ends go by, in milliseconds. */
  now(): Promise<number> {
    const { database } = this.options;
    return database.ask(() => database.now());
  }

  /**
   * A term that begins now.
   *
   * @throws ServiceUnavailableError where the database does not answer.
   */
  async term(lastsMs: number): Promise<ChangeTerm> {
    const now = await this.now();
    const at = new Date(now + lastsMs).toISOString();
    return { id: randomUUID(), at, lastsMs };
  }

  /**
   * Notes a change that is about to be written, and its end with it.
   *
   * @returns its id.
   * @throws ServiceUnavailableError where the database does not take it: then nothing may be written.
   */
  async begin(change: BeginningChange): Promise<string> {
    const { database, leases } = this.options;
    const { term } = change;
    const id = term?.id ?? randomUUID();
    await database.ask(() =>
      database.transaction(async tx => {
        await this.note(tx, id, change);
        if (term) {
          await leases.add(tx, endOf(term));
        }
      }),
    );
    return id;
  }

  /** Notes a change under an id; what was noted under it before was not written. */
  async note(tx: Knex, id: string, change: BeginningChange): Promise<void> {
    await tx<Row>(TABLE)
      .insert(rowOf({ ...change, id, number: this.nextNumber() }))
      .onConflict('id')
      .merge();
  }

  /**
   * Confirms that a change is in the cluster. Where that cannot be noted, it is found out later.
   *
   * @param afters - the objects of its edits as the cluster stored them.
   * @param change - as it was noted: one that came so late that it was taken for never made is noted again, and what came after its
   * end is ended at once.
   */
  async written(
    id: string,
    afters: readonly (KubeObject | undefined)[],
    change?: BeginningChange,
  ): Promise<void> {
    const { database, leases } = this.options;
    await this.attempt(id, () =>
      database.transaction(async tx => {
        if (!(await this.confirm(tx, id, afters)) && change) {
          await this.note(tx, id, change);
          await this.confirm(tx, id, afters);
        }
        if (change?.term) {
          await leases.reopen(tx, endOf(change.term));
        }
      }),
    );
  }

  /**
   * The same, in a transaction.
   *
   * @returns whether it was noted.
   */
  async confirm(
    tx: Knex,
    id: string,
    afters: readonly (KubeObject | undefined)[],
  ): Promise<boolean> {
    const kept = afters.map(after => (after ? withoutContainers(after) : null));
    const noted = await tx<Row>(TABLE)
      .where({ id })
      .update({ state: 'written', afters: JSON.stringify(kept) });
    const row = await tx<Row>(TABLE).where({ id }).first('undoes');
    if (row?.undoes) {
      await this.takenBack(tx, row.undoes);
    }
    return noted > 0;
  }

  /** A change is not in the cluster any more, and has nothing to end. */
  async takenBack(tx: Knex, id: string): Promise<void> {
    await tx<Row>(TABLE).where({ id }).update({ undone: true });
    await this.options.leases.close(tx, END, id);
  }

  /**
   * Whether a change that was begun may go on: nobody takes it back meanwhile, as happens to one of a portal that was held up.
   *
   * @throws ServiceUnavailableError where the database does not answer.
   */
  async mayGoOn(id: string): Promise<boolean> {
    const row = await this.ask(knex =>
      knex<Row>(TABLE).where({ id }).first('state'),
    );
    return row?.state === 'writing' || row?.state === 'written';
  }

  /**
   * Some of it was made, and that is to be taken back: from now on whoever made it does not go on.
   *
   * @throws ServiceUnavailableError where the database does not take it.
   */
  async returning(id: string): Promise<void> {
    await this.ask(knex =>
      knex<Row>(TABLE)
        .where({ id })
        .whereNot({ state: 'written' })
        .update({ state: 'returning' }),
    );
  }

  /** The changes of a service with an intent of which it is not known what became of them, in the order in which they began. */
  pending(
    { cluster, namespace, service }: ServicePlace,
    intent: string,
  ): Promise<MemorizedChange[]> {
    return this.ask(knex =>
      changesIn(knex, { cluster, namespace, service, intent }, PENDING),
    );
  }

  /** Nobody can say whether it was written. */
  async unknown(id: string): Promise<void> {
    await this.attempt(id, knex => this.unsure(knex, id));
  }

  /** The same, in a transaction. */
  async unsure(tx: Knex, id: string): Promise<void> {
    await tx(TABLE).where({ id }).update({ state: 'unknown' });
  }

  /** It was not written. */
  async forget(id: string): Promise<void> {
    await this.attempt(id, () =>
      this.options.database.transaction(tx => this.drop(tx, id)),
    );
  }

  /** The same, in a transaction. */
  async drop(tx: Knex, id: string): Promise<void> {
    await tx(TABLE).where({ id }).delete();
    await this.options.leases.drop(tx, END, id);
  }

  /** The changes of a service, newest first. */
  async of(
    { cluster, namespace, service }: ServicePlace,
    most: number,
  ): Promise<MemorizedChange[]> {
    const rows = await this.ask(knex =>
      knex<Row>(TABLE)
        .where({ cluster, namespace, service })
        .orderBy('number', 'desc')
        .limit(most),
    );
    return rows.map(changeOf);
  }

  /** One change of a service; undefined where there is no such one. */
  async get(
    { cluster, namespace, service }: ServicePlace,
    id: string,
  ): Promise<MemorizedChange | undefined> {
    const row = await this.ask(knex =>
      knex<Row>(TABLE).where({ id, cluster, namespace, service }).first(),
    );
    return row && changeOf(row);
  }

  /** A change by its id alone; undefined where it is not remembered. */
  async byId(id: string): Promise<MemorizedChange | undefined> {
    const row = await this.ask(knex => knex<Row>(TABLE).where({ id }).first());
    return row && changeOf(row);
  }

  /** What some changes took back, what that took back, and so on. */
  async undoneBy(ids: readonly string[]): Promise<MemorizedChange[]> {
    const rows =
      ids.length > 0 ? await this.ask(knex => rowsUndone(knex, ids)) : [];
    return rows.map(changeOf);
  }

  /** The ends of changes, by the changes’ ids. */
  async endsOf(ids: readonly string[]): Promise<Map<string, ChangeEndState>> {
    const { database, leases } = this.options;
    const found =
      ids.length > 0 ? await database.ask(() => leases.named(END, ids)) : [];
    return new Map(
      found.map(({ name, state, isClosed }) => [
        name,
        { ...(state as EndState), isClosed },
      ]),
    );
  }

  /**
   * Changes of which it is not known what became of them, if they began before a time; those of which it could not be found out only
   * if they began after another.
   */
  async unsettled(time: {
    before: number;
    unknownSince: number;
  }): Promise<MemorizedChange[]> {
    const rows = await this.ask(knex =>
      knex<Row>(TABLE)
        .where('number', '<', time.before)
        // Whoever makes an end looks at it himself.
        .whereNot({ intent: END })
        .andWhere(either =>
          either
            .whereIn('state', ['writing', 'returning'])
            .orWhere(unknown =>
              unknown
                .where({ state: 'unknown' })
                .where('number', '>', time.unknownSince),
            ),
        )
        .orderBy('number')
        .limit(100),
    );
    return rows.map(changeOf);
  }

  /** Drops what is older than anybody can take back. */
  async dropBefore(time: number): Promise<void> {
    const { database, leases } = this.options;
    await this.ask(knex => knex(TABLE).where('number', '<', time).delete());
    await database.ask(() => leases.dropClosedBefore(time));
  }

  private ask<T>(work: (knex: Knex) => PromiseLike<T>): Promise<T> {
    return this.options.database.ask(work);
  }

  private async attempt(
    id: string,
    work: (knex: Knex) => Promise<void>,
  ): Promise<void> {
    try {
      await work(await this.options.database.client());
    } catch (error) {
      this.options.logger.warn(
        `What became of change ${id} could not be noted; it will be looked at again`,
        error as Error,
      );
    }
  }

  /** Unique, and in the order of the calls. */
  private nextNumber(): number {
    const { now = Date.now } = this.options;
    this.last = Math.max(now(), this.last + 1);
    return this.last;
  }
}

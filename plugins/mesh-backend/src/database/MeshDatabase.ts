import {
  type DatabaseService,
  type LoggerService,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import { ServiceUnavailableError } from '@backstage/errors';
import type { Knex } from 'knex';
import { databaseTime, isPostgres } from './databaseTime';

const MIGRATIONS = resolvePackagePath(
  '@meshdeck/plugin-mesh-backend',
  'migrations',
);
/** A replica that stands still in the middle of a transaction keeps its rows from all others for so long. */
const STALLED_MS = 10_000;

/** Backstage's database, with our tables in it once somebody asks. */
export class MeshDatabase {
  static create(options: {
    database: DatabaseService;
    logger: LoggerService;
    stalledMs?: number;
    /** The time, as a part of a statement. */
    time?: (knex: Knex) => Knex.Raw;
  }) {
    return new MeshDatabase(options);
  }

  private ready: Promise<Knex> | undefined;

  private constructor(
    private readonly options: Parameters<typeof MeshDatabase.create>[0],
  ) {}

  /** Migrated once; where that failed, the next call tries again. */
  client(): Promise<Knex> {
    this.ready ??= this.open().catch(error => {
      this.ready = undefined;
      throw error;
    });
    return this.ready;
  }

  /** Milliseconds by the database's clock, as a part of a statement. */
  time(knex: Knex): Knex.Raw {
    const { time = databaseTime } = this.options;
    return time(knex);
  }

  /** The time by the database's clock, in milliseconds. */
  async now(): Promise<number> {
    const knex = await this.client();
    const row = await knex.first(knex.raw('? as now', [this.time(knex)]));
    return Number((row as { now: number | string }).now);
  }

  /** All of it or nothing. Whoever stops in the middle loses it, so that others can go on. */
  async transaction<T>(work: (tx: Knex.Transaction) => Promise<T>): Promise<T> {
    const { stalledMs = STALLED_MS } = this.options;
    const knex = await this.client();
    return knex.transaction(async tx => {
      if (isPostgres(knex)) {
        await tx.raw(
          `set local idle_in_transaction_session_timeout = ${stalledMs}`,
        );
      }
      return work(tx);
    });
  }

  /**
   * For somebody who waits for the answer.
   *
   * @throws ServiceUnavailableError where the database does not answer.
   */
  async ask<T>(work: (knex: Knex) => PromiseLike<T>): Promise<T> {
    try {
      return await work(await this.client());
    } catch (error) {
      this.options.logger.error(
        'The database that remembers changes does not answer',
        error as Error,
      );
      throw new ServiceUnavailableError(
        'The portal’s database does not answer, so changes are not remembered. Nothing was written; try again in a while.',
      );
    }
  }

  private async open(): Promise<Knex> {
    const { database } = this.options;
    const knex = await database.getClient();
    if (!database.migrations?.skip) {
      await knex.migrate.latest({ directory: MIGRATIONS });
    }
    return knex;
  }
}

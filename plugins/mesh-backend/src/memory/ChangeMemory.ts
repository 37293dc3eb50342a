import { randomUUID } from 'node:crypto';
import {
  type DatabaseService,
  type LoggerService,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import { ServiceUnavailableError } from '@backstage/errors';
import type { KubeObject, ObjectEdit } from '@meshdeck/istio-config';
import type { Placement } from '@meshdeck/plugin-mesh-common';
import type { Knex } from 'knex';
import { withoutContainers } from './withoutContainers';

const TABLE = 'mesh_changes';
const MIGRATIONS = resolvePackagePath(
  '@meshdeck/plugin-mesh-backend',
  'migrations',
);

type ServicePlace = Pick<Placement, 'cluster' | 'namespace' | 'service'>;

/** A change as it was made. */
export interface MemorizedChange extends ServicePlace {
  id: string;
  /** Milliseconds. */
  at: number;
  entityRef: string;
  who?: string;
  why?: string;
  intent: string;
  sentence: string;
  edit: ObjectEdit;
  /** The object as the cluster stored it; absent where it is gone, or nobody knows. */
  after?: KubeObject;
  /** `writing`: on its way, or the portal stopped in the middle. */
  state: 'writing' | 'written' | 'unknown';
  undoes?: string;
  undone: boolean;
}

/** What is known before anything is written. */
export interface BeginningChange {
  placement: ServicePlace;
  entityRef: string;
  who?: string;
  why?: string;
  intent: { intent: string; undoes?: string };
  edit: ObjectEdit;
  sentence: string;
}

/**
 * Remembers in Backstage's database what was changed from here. A change is noted before it is written, and the note is confirmed after,
 * so that none is in a cluster of which nobody knows.
 */
export class ChangeMemory {
  static create(options: {
    database: DatabaseService;
    logger: LoggerService;
    now?: () => number;
  }) {
    return new ChangeMemory(options);
  }

  private ready: Promise<Knex> | undefined;
  private last = 0;

  private constructor(
    private readonly options: Parameters<typeof ChangeMemory.create>[0],
  ) {}

  /**
   * Notes a change that is about to be written.
   *
   * @returns its id.
   * @throws ServiceUnavailableError where the database does not take it: then nothing may be written.
   */
  async begin(change: BeginningChange): Promise<string> {
    const { placement, entityRef, who, why, intent, edit, sentence } = change;
    const id = randomUUID();
    await this.ask(async knex => {
      await knex<Row>(TABLE).insert({
        id,
        number: this.nextNumber(),
        cluster: placement.cluster,
        namespace: placement.namespace,
        service: placement.service,
        entity_ref: entityRef,
        who: who ?? null,
        why: why ?? null,
        intent: intent.intent,
        sentence,
        edit: JSON.stringify(keptOf(edit)),
        after: null,
        state: 'writing',
        undoes: intent.undoes ?? null,
        undone: false,
      });
    });
    return id;
  }

  /** Confirms that a change is in the cluster. Where that cannot be noted, it is found out later. */
  async written(id: string, after: KubeObject | undefined): Promise<void> {
    await this.attempt(id, async knex => {
      await knex.transaction(async tx => {
        const row = await tx<Row>(TABLE).where({ id }).first('undoes');
        await tx(TABLE)
          .where({ id })
          .update({
            state: 'written',
            after: after ? JSON.stringify(withoutContainers(after)) : null,
          });
        if (row?.undoes) {
          await tx(TABLE).where({ id: row.undoes }).update({ undone: true });
        }
      });
    });
  }

  /** Nobody can say whether it was written. */
  async unknown(id: string): Promise<void> {
    await this.attempt(id, async knex => {
      await knex(TABLE).where({ id }).update({ state: 'unknown' });
    });
  }

  /** It was not written. */
  async forget(id: string): Promise<void> {
    await this.attempt(id, async knex => {
      await knex(TABLE).where({ id }).delete();
    });
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
        .andWhere(either =>
          either
            .where({ state: 'writing' })
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
    await this.ask(knex => knex(TABLE).where('number', '<', time).delete());
  }

  /** @throws ServiceUnavailableError where the database does not answer. */
  private async ask<T>(work: (knex: Knex) => PromiseLike<T>): Promise<T> {
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

  private async attempt(
    id: string,
    work: (knex: Knex) => Promise<void>,
  ): Promise<void> {
    try {
      await work(await this.client());
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

  /** Migrated once; where that failed, the next call tries again. */
  private client(): Promise<Knex> {
    this.ready ??= this.open().catch(error => {
      this.ready = undefined;
      throw error;
    });
    return this.ready;
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

function keptOf(edit: ObjectEdit): ObjectEdit {
  return edit.action === 'create'
    ? { ...edit, object: withoutContainers(edit.object) }
    : { ...edit, before: withoutContainers(edit.before) };
}

/** As the migrations made it. */
interface Row {
  id: string;
  /** PostgreSQL gives what is as big as that as a text. */
  number: number | string;
  cluster: string;
  namespace: string;
  service: string;
  entity_ref: string;
  who: string | null;
  why: string | null;
  intent: string;
  sentence: string;
  edit: string;
  after: string | null;
  state: MemorizedChange['state'];
  undoes: string | null;
  /** SQLite has no booleans. */
  undone: boolean | number;
}

function changeOf(row: Row): MemorizedChange {
  return {
    id: row.id,
    at: Number(row.number),
    cluster: row.cluster,
    namespace: row.namespace,
    service: row.service,
    entityRef: row.entity_ref,
    who: row.who ?? undefined,
    why: row.why ?? undefined,
    intent: row.intent,
    sentence: row.sentence,
    edit: JSON.parse(row.edit),
    after: row.after ? JSON.parse(row.after) : undefined,
    state: row.state,
    undoes: row.undoes ?? undefined,
    undone: Boolean(row.undone),
  };
}

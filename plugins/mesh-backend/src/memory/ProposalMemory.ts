import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { MeshDatabase } from '../database/MeshDatabase';
import { changeOf, changesIn, type Row, TABLE } from './changeRows';
import type {
  BeginningChange,
  MemorizedChange,
  RememberedRequest,
} from './MemorizedChange';

/** Of a change whose pull request nobody has decided yet. */
const PROPOSED: readonly MemorizedChange['state'][] = ['proposing', 'proposed'];
const MOST_AWAITED = 500;

/** A change that comes to the request of another. */
export interface ReplacingChange extends BeginningChange {
  request: RememberedRequest & {
    number: number;
    url: string;
    replaces: string;
  };
}

/** What is remembered of changes that are pull requests. */
export class ProposalMemory {
  constructor(
    private readonly options: {
      database: MeshDatabase;
      /** What cannot be noted is found out later. */
      attempt: (
        id: string,
        work: (knex: Knex) => Promise<void>,
      ) => Promise<void>;
      note: (tx: Knex, id: string, change: BeginningChange) => Promise<void>;
      drop: (tx: Knex, id: string) => Promise<void>;
    },
  ) {}

  /** Its pull request is open. Where that cannot be noted, it is found out later. */
  opened(id: string, request: RememberedRequest): Promise<void> {
    return this.options.attempt(id, async knex => {
      await knex<Row>(TABLE)
        .where({ id })
        .update({ state: 'proposed', request: JSON.stringify(request) });
    });
  }

  /** Its pull request was closed without a merge. */
  declined(id: string): Promise<void> {
    return this.options.attempt(id, async knex => {
      await knex<Row>(TABLE).where({ id }).update({ state: 'declined' });
    });
  }

  /** The changes in a cluster that are proposed, or are being proposed, in the order in which they began. */
  of(cluster: string): Promise<MemorizedChange[]> {
    const { database } = this.options;
    return database.ask(knex => changesIn(knex, { cluster }, PROPOSED));
  }

  /** All changes whose pull requests are to be looked at. */
  async awaited(): Promise<MemorizedChange[]> {
    const rows = await this.options.database.ask(knex =>
      knex<Row>(TABLE)
        .whereIn('state', PROPOSED)
        .orderBy('number', 'desc')
        .limit(MOST_AWAITED),
    );
    return rows.map(changeOf);
  }

  /**
   * Notes a change that is about to come to the request of another one, which is replaced from now on.
   *
   * @returns its id; undefined where the other one does not wait any more, or somebody else has just replaced it.
   * @throws ServiceUnavailableError where the database does not take it: then nothing may be pushed.
   */
  replace(change: ReplacingChange): Promise<string | undefined> {
    return this.inTransaction(async tx => {
      const replaced = await tx<Row>(TABLE)
        .where({ id: change.request.replaces, state: 'proposed' })
        .update({ state: 'replaced' });
      if (replaced === 0) {
        return undefined;
      }
      const id = randomUUID();
      await this.options.note(tx, id, change);
      return id;
    });
  }

  /** Its commit is on the branch. One that came so late that it was taken back is noted again. */
  confirmReplacing(id: string, change: ReplacingChange): Promise<void> {
    return this.inTransaction(async tx => {
      const { request } = change;
      const proposed = { state: 'proposed', request: JSON.stringify(request) };
      const confirm = () => tx(TABLE).where({ id }).update(proposed);
      if ((await confirm()) === 0) {
        await tx(TABLE)
          .where({ id: request.replaces, state: 'proposed' })
          .update({ state: 'replaced' });
        await this.options.note(tx, id, change);
        await confirm();
      }
    });
  }

  /** Its commit did not come to the branch: the change before it waits again. */
  takeReplacingBack(id: string, replaces: string): Promise<void> {
    return this.inTransaction(async tx => {
      const open = await tx<Row>(TABLE)
        .where({ id, state: 'proposing' })
        .first('id');
      if (open) {
        await this.options.drop(tx, id);
        await tx<Row>(TABLE)
          .where({ id: replaces, state: 'replaced' })
          .update({ state: 'proposed' });
      }
    });
  }

  private inTransaction<T>(work: (tx: Knex) => Promise<T>): Promise<T> {
    const { database } = this.options;
    return database.ask(() => database.transaction(work));
  }
}

import type { Knex } from 'knex';
import type { MeshDatabase } from '../database/MeshDatabase';
import type { MemorizedChange } from './MemorizedChange';
import { changeOf, type Row, TABLE } from './changeRows';

/** Where a page of changes begins: behind this one. Two replicas may have given one number. */
export interface ChangePosition {
  number: number;
  id: string;
}

/** The remembered changes of all services, by indexes of their own. */
export class ChangesOfAll {
  static create(options: { database: MeshDatabase }) {
    return new ChangesOfAll(options.database);
  }

  private constructor(private readonly database: MeshDatabase) {}

  /** The entities of which a change is remembered: each is looked up behind the one before, since there are many changes to an entity. */
  async entities(): Promise<string[]> {
    const rows: Pick<Row, 'entity_ref'>[] = await this.database.ask(knex =>
      knex
        .withRecursive('known', ['entity_ref'], query =>
          query
            .min('entity_ref')
            .from(TABLE)
            .unionAll(next =>
              next
                .select(
                  knex(TABLE)
                    .min('entity_ref')
                    .whereRaw('?? > known.entity_ref', [`${TABLE}.entity_ref`])
                    .as('entity_ref'),
                )
                .from('known')
                .whereNotNull('known.entity_ref'),
            ),
        )
        .select('entity_ref')
        .from('known')
        .whereNotNull('entity_ref'),
    );
    return rows.map(row => row.entity_ref);
  }

  /**
   * The newest changes, behind a position.
   *
   * @param of - only of these entities; absent: of all.
   */
  async newest(options: {
    of?: readonly string[];
    behind?: ChangePosition;
    most: number;
  }): Promise<MemorizedChange[]> {
    const { of, behind, most } = options;
    if (of?.length === 0) {
      return [];
    }
    const rows = await this.database.ask(async knex => {
      const found = await pageOf(knex, { of, behind, most });
      return knex<Row>(TABLE)
        .whereIn('id', found)
        .orderBy([
          { column: 'number', order: 'desc' },
          { column: 'id', order: 'desc' },
        ]);
    });
    return rows.map(changeOf);
  }
}

/** Rows are large: first who is on the page, which an index tells alone. */
async function pageOf(
  knex: Knex,
  { of, behind, most }: Parameters<ChangesOfAll['newest']>[0],
): Promise<string[]> {
  const rows: Pick<Row, 'id'>[] = await knex<Row>(TABLE)
    .select('id')
    .modify(query => {
      if (of) {
        query.whereIn('entity_ref', of);
      }
      if (behind) {
        query
          .where('number', '<=', behind.number)
          .whereNot(same =>
            same.where('number', behind.number).where('id', '>=', behind.id),
          );
      }
    })
    .orderBy([
      { column: 'number', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(most);
  return rows.map(({ id }) => id);
}

import type { Knex } from 'knex';
import { type Row, TABLE } from './changeRows';

/** What some changes took back, what that took back, and so on, in one query. */
export function rowsUndone(
  knex: Knex,
  ids: readonly string[],
): PromiseLike<Row[]> {
  const undoes = `${TABLE}.undoes`;
  return knex
    .withRecursive('back', ['id'], query =>
      query
        .select(undoes)
        .from(TABLE)
        .whereIn('id', ids)
        .whereNotNull(undoes)
        .union(next =>
          next
            .select(undoes)
            .from(TABLE)
            .join('back', 'back.id', `${TABLE}.id`)
            .whereNotNull(undoes),
        ),
    )
    .select(`${TABLE}.*`)
    .from(TABLE)
    .join('back', 'back.id', `${TABLE}.id`);
}

import type { Knex } from 'knex';

/**
 * The database's own clock, in milliseconds, as a part of a statement: replicas disagree about the time, and one that was frozen believes
 * that no time has passed.
 */
export function databaseTime(knex: Knex): Knex.Raw {
  return knex.raw(
    isPostgres(knex)
      ? '(extract(epoch from clock_timestamp()) * 1000)::bigint'
      : "cast(round((julianday('now') - 2440587.5) * 86400000) as integer)",
  );
}

export function isPostgres(knex: Knex): boolean {
  return knex.client.config.client === 'pg';
}

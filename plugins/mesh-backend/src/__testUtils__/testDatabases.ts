import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { TemporaryPostgres } from './TemporaryPostgres';

/** A database server, or a folder, that several processes may open. */
export interface TestDatabases {
  /** A database of its own, by a name of small letters, digits and underscores. */
  open(name: string): Promise<Knex.Config>;
  stop(): Promise<void>;
}

/** SQLite, and PostgreSQL where there is one. */
export const TEST_DATABASES: [
  name: string,
  start: () => Promise<TestDatabases>,
][] = [
  ['SQLite', sqlite],
  ...(TemporaryPostgres.isThere()
    ? [['PostgreSQL', postgres] as [string, typeof postgres]]
    : []),
];

async function sqlite(): Promise<TestDatabases> {
  const directory = mkdtempSync(join(tmpdir(), 'meshdeck-sqlite-'));
  return {
    open: async name => ({
      client: 'better-sqlite3',
      connection: { filename: join(directory, `${name}.sqlite`) },
      useNullAsDefault: true,
    }),
    stop: async () => rmSync(directory, { recursive: true, force: true }),
  };
}

async function postgres(): Promise<TestDatabases> {
  const server = await TemporaryPostgres.start();
  return {
    open: async name => {
      await server.run(`create schema ${name}`);
      return {
        client: 'pg',
        connection: server.url,
        searchPath: [name],
        pool: { min: 0, max: 3 },
      };
    },
    stop: () => server.stop(),
  };
}

import { randomBytes } from 'node:crypto';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import knexFactory, { type Knex } from 'knex';
import { TEST_DATABASES } from '../__testUtils__/testDatabases';

jest.setTimeout(60_000);

const directory = resolvePackagePath(
  '@meshdeck/plugin-mesh-backend',
  'migrations',
);
const INDEXES = ['mesh_changes_of_all', 'mesh_changes_of_entity'];
const TABLES = ['mesh_changes', 'mesh_leases'];

describe.each(TEST_DATABASES)('the migrations on %s', (_name, start) => {
  let databases: Awaited<ReturnType<typeof start>>;
  let knex: Knex;

  beforeAll(async () => {
    databases = await start();
    const name = `migrations_${randomBytes(4).toString('hex')}`;
    knex = knexFactory(await databases.open(name));
  });

  afterAll(async () => {
    await knex?.destroy();
    await databases?.stop();
  });

  /** Of those that are made apart from their table. */
  const indexes = async (): Promise<string[]> => {
    const isPostgres = knex.client.config.client === 'pg';
    const rows: { name: string }[] = await (isPostgres
      ? knex('pg_indexes').select('indexname as name')
      : knex('sqlite_master').where({ type: 'index' }).select('name'));
    return rows
      .map(({ name }) => name)
      .filter(name => INDEXES.includes(name))
      .sort();
  };
  const there = () =>
    Promise.all(TABLES.map(table => knex.schema.hasTable(table)));

  it('lead there, back one by one, and there again', async () => {
    await knex.migrate.latest({ directory });
    expect(await there()).toEqual([true, true]);
    expect(await indexes()).toEqual(INDEXES);
    await knex.migrate.down({ directory });
    expect(await indexes()).toEqual([]);
    expect(await there()).toEqual([true, true]);
    await knex.migrate.down({ directory });
    expect(await there()).toEqual([true, false]);
    await knex.migrate.down({ directory });
    expect(await there()).toEqual([false, false]);
    await knex.migrate.latest({ directory });
    expect(await there()).toEqual([true, true]);
    expect(await indexes()).toEqual(INDEXES);
  });
});

import { randomBytes, randomUUID } from 'node:crypto';
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

  const note = (row: object) =>
    knex('mesh_changes').insert({
      id: randomUUID(),
      number: 1,
      cluster: 'c',
      namespace: 'shop',
      service: 'cart',
      entity_ref: 'component:default/cart',
      intent: 'timeout',
      sentence: 'At most 2 s.',
      state: 'written',
      ...row,
    });

  it('keep what was remembered', async () => {
    await knex.migrate.up({ directory });
    await knex.migrate.up({ directory });
    const edit = '{"action":"create"}';
    await note({ edit, after: '{"kind":"Pod"}' });
    await note({ edit, after: null });
    await knex.migrate.latest({ directory });
    const rows = (columns: string[]) =>
      knex('mesh_changes').select(columns).orderBy('id');
    const inLists = await rows(['edits', 'afters']);
    expect(inLists).toEqual(
      expect.arrayContaining([
        { edits: `[${edit}]`, afters: '[{"kind":"Pod"}]' },
        { edits: `[${edit}]`, afters: null },
      ]),
    );
    await note({ edits: `[${edit},${edit}]`, afters: null });
    await note({ edits: `[${edit}]`, state: 'proposed', request: '{}' });
    await note({ edits: `[${edit}]`, state: 'replaced', request: '{}' });
    await knex.migrate.down({ directory });
    const states = (await rows(['state'])).map(({ state }) => state).sort();
    expect(states.slice(0, 2)).toEqual(['declined', 'proposed']);
    await knex.migrate.down({ directory });
    expect(await rows(['state'])).toHaveLength(3);
    await knex.migrate.down({ directory });
    const alone = await rows(['edit', 'after']);
    expect(alone).toHaveLength(2);
    expect(alone).toEqual(
      expect.arrayContaining([
        { edit, after: '{"kind":"Pod"}' },
        { edit, after: null },
      ]),
    );
    await knex.migrate.rollback({ directory }, true);
    expect(await there()).toEqual([false, false]);
  });

  it('lead there, back one by one, and there again', async () => {
    await knex.migrate.latest({ directory });
    expect(await there()).toEqual([true, true]);
    expect(await indexes()).toEqual(INDEXES);
    await knex.migrate.down({ directory });
    await knex.migrate.down({ directory });
    await knex.migrate.down({ directory });
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

import { randomBytes, randomUUID } from 'node:crypto';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import knexFactory, { type Knex } from 'knex';
import { TEST_DATABASES } from '../__testUtils__/testDatabases';

jest.setTimeout(60_000);

const directory = resolvePackagePath(
  '@meshdeck/plugin-mesh-backend',
  'migrations',
);
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
    await knex.migrate.down({ directory });
    expect(await there()).toEqual([true, true]);
    await knex.migrate.down({ directory });
    expect(await there()).toEqual([true, false]);
    await knex.migrate.down({ directory });
    expect(await there()).toEqual([false, false]);
    await knex.migrate.latest({ directory });
    expect(await there()).toEqual([true, true]);
  });
});

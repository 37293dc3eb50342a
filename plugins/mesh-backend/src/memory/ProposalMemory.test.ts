import { randomBytes } from 'node:crypto';
import knexFactory, { type Knex } from 'knex';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { TEST_DATABASES } from '../__testUtils__/testDatabases';
import { memoryOn } from './__testUtils__/memoryOn';
import type { ChangeMemory } from './ChangeMemory';
import type { ReplacingChange } from './ProposalMemory';

jest.setTimeout(60_000);

const PLACE = { cluster: 'c', namespace: 'one', service: 'auth' };
const REQUEST = {
  repository: 'https://git.example.com/a/b',
  base: 'main',
  branch: 'meshdeck/c-1',
  number: 7,
  url: 'https://git.example.com/a/b/pulls/7',
};

describe.each(TEST_DATABASES)(
  'a proposal that is replaced on %s',
  (_name, start) => {
    let databases: Awaited<ReturnType<typeof start>>;
    let knex: Knex;
    let memory: ChangeMemory;
    let first: string;

    beforeAll(async () => {
      databases = await start();
      const name = `replaced_${randomBytes(4).toString('hex')}`;
      knex = knexFactory(await databases.open(name));
      const directory = resolvePackagePath(
        '@meshdeck/plugin-mesh-backend',
        'migrations',
      );
      await knex.migrate.latest({ directory });
    });

    afterAll(async () => {
      await knex?.destroy();
      await databases?.stop();
    });

    const noted = (request: object) => ({
      placement: PLACE,
      entityRef: 'component:default/auth',
      intent: { intent: 'timeout' },
      edits: [],
      sentence: 'A request is answered 504 after 2 s.',
      request,
    });
    const replacing = () =>
      noted({ ...REQUEST, replaces: first }) as ReplacingChange;
    const states = async () =>
      (await memory.of(PLACE, 10)).map(({ state }) => state);

    beforeEach(async () => {
      await knex('mesh_changes').delete();
      memory = memoryOn(knex).memory;
      first = await memory.begin(noted(REQUEST) as ReplacingChange);
      await memory.proposals.opened(first, REQUEST);
    });

    it('is replaced by one of several at once', async () => {
      const others = [memory, memoryOn(knex).memory, memoryOn(knex).memory];
      const ids = await Promise.all(
        others.map(each => each.proposals.replace(replacing())),
      );
      expect(ids.filter(Boolean)).toHaveLength(1);
      expect((await states()).sort()).toEqual(['proposing', 'replaced']);
      // Neither watched nor in the way of another.
      expect((await memory.proposals.awaited()).map(({ id }) => id)).toEqual(
        ids.filter(Boolean),
      );
    });

    it('waits again where the other one was not pushed, however often that is found out', async () => {
      const id = await memory.proposals.replace(replacing());
      await memory.proposals.takeReplacingBack(id!, first);
      await memory.proposals.takeReplacingBack(id!, first);
      expect(await memory.of(PLACE, 10)).toMatchObject([
        { id: first, state: 'proposed', request: REQUEST },
      ]);
    });

    it('stays replaced where the other one is confirmed, also late', async () => {
      const id = await memory.proposals.replace(replacing());
      await memory.proposals.takeReplacingBack(id!, first);
      await memory.proposals.confirmReplacing(id!, replacing());
      expect(await states()).toEqual(['proposed', 'replaced']);
      await memory.proposals.takeReplacingBack(id!, first);
      expect(await states()).toEqual(['proposed', 'replaced']);
    });

    it('is not replaced once it is decided', async () => {
      await memory.proposals.declined(first);
      expect(await memory.proposals.replace(replacing())).toBeUndefined();
      expect(await states()).toEqual(['declined']);
    });
  },
);

import { randomBytes } from 'node:crypto';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import type { KubeObject } from '@meshdeck/istio-config';
import knexFactory, { type Knex } from 'knex';
import { TEST_DATABASES } from '../__testUtils__/testDatabases';
import { memoryOn } from '../memory/__testUtils__/memoryOn';
import { ChangesOfAll } from '../memory/ChangesOfAll';
import { FleetChangesService } from './FleetChangesService';

jest.setTimeout(60_000);

const NAMES = ['auth', 'shop', 'secret'];
const CHANGES = 30;
/** The clock of two replicas that began at once. */
const BEGAN = Date.parse('2026-11-29T12:00:00Z');

const ref = (name: string) => `component:default/${name}`;

/** Whoever may see all, or, where conditions are asked, all but what is secret. */
function permissionsOf(decision: AuthorizeResult) {
  const asked: string[] = [];
  const permissions = mockServices.permissions.mock({
    authorizeConditional: async queries =>
      queries.map(() => ({ result: decision } as PolicyDecision)),
    authorize: async queries =>
      queries.map(query => {
        const { resourceRef = '' } = query as { resourceRef?: string };
        asked.push(resourceRef);
        return {
          result:
            decision === AuthorizeResult.DENY || resourceRef.includes('secret')
              ? AuthorizeResult.DENY
              : AuthorizeResult.ALLOW,
        };
      }),
  });
  return { permissions, asked };
}

describe.each(TEST_DATABASES)(
  'changes of all services on %s',
  (_name, start) => {
    let databases: Awaited<ReturnType<typeof start>>;
    let knex: Knex;
    let first: ReturnType<typeof memoryOn>;
    /** Newest first, as they were made. */
    const made: { id: string; name: string }[] = [];

    const serviceFor = (decision: AuthorizeResult) => {
      const { permissions, asked } = permissionsOf(decision);
      const service = FleetChangesService.create({
        memory: first.memory,
        all: ChangesOfAll.create({ database: first.database }),
        permissions,
      });
      return {
        asked,
        page: (query: object = {}) =>
          service.page(query, mockCredentials.user()),
      };
    };

    beforeAll(async () => {
      databases = await start();
      knex = knexFactory(
        await databases.open(`all_${randomBytes(4).toString('hex')}`),
      );
      const now = () => BEGAN;
      first = memoryOn(knex, { now });
      const second = memoryOn(knex, { now });
      await first.memory.now();
      for (let number = 0; number < CHANGES; number++) {
        // Every other one has the number of the one before.
        const { memory } = number % 2 === 0 ? first : second;
        const name = NAMES[number % NAMES.length];
        const before: KubeObject = {
          apiVersion: 'networking.istio.io/v1',
          kind: 'VirtualService',
          metadata: { namespace: 'one', name, resourceVersion: '1' },
          spec: {},
        };
        const id = await memory.begin({
          placement: { cluster: 'c', namespace: 'one', service: name },
          entityRef: ref(name),
          who: 'user:default/ada',
          intent: { intent: 'timeout' },
          edits: [{ action: 'change', before, operations: [] }],
          sentence: `Change ${number}.`,
        });
        await memory.written(id, [before]);
        made.unshift({ id, name });
      }
    });

    afterAll(async () => {
      await knex?.destroy();
      await databases?.stop();
    });

    it('are told newest first, each once, whatever the pages are', async () => {
      const { page, asked } = serviceFor(AuthorizeResult.ALLOW);
      const told: string[] = [];
      let cursor: string | undefined;
      do {
        const answer = await page({ cursor, limit: 7 });
        told.push(...answer.changes.map(({ id }) => id));
        cursor = answer.next;
      } while (cursor);
      expect(new Set(told)).toEqual(new Set(made.map(({ id }) => id)));
      expect(told).toHaveLength(CHANGES);
      expect(asked).toEqual([]);
      const { changes } = await page();
      const times = changes.map(({ at }) => Date.parse(at));
      expect(times).toEqual([...times].sort((a, b) => b - a));
      expect(changes[0]).toMatchObject({
        entityRef: expect.stringMatching(/^component:default\//),
        placement: { cluster: 'c', namespace: 'one' },
        state: 'written',
        who: 'user:default/ada',
      });
      expect(changes[0].placement.id).toBe(
        `c:one:${changes[0].placement.service}`,
      );
    });

    it('are those of the entities that the reader may see', async () => {
      const { page, asked } = serviceFor(AuthorizeResult.CONDITIONAL);
      const { changes, next } = await page({ limit: 200 });
      expect(next).toBeUndefined();
      expect(new Set(changes.map(({ id }) => id))).toEqual(
        new Set(
          made.filter(({ name }) => name !== 'secret').map(({ id }) => id),
        ),
      );
      expect(JSON.stringify(changes)).not.toContain('secret');
      // Each is asked about once, not once for each change.
      expect([...asked].sort()).toEqual([...NAMES].map(ref).sort());
      const none = serviceFor(AuthorizeResult.DENY);
      expect(await none.page()).toEqual({ changes: [] });
    });

    it.each(['x', '1.2', `1.${'g'.repeat(36)}`])(
      'begin at no such place as %p',
      async cursor => {
        await expect(
          serviceFor(AuthorizeResult.ALLOW).page({ cursor }),
        ).rejects.toThrow('cursor: expected');
      },
    );

    it('are found by an index', async () => {
      const plan = async (query: string) =>
        JSON.stringify(
          knex.client.config.client === 'pg'
            ? await knex.transaction(async tx => {
                // Of thirty rows, none would be looked up by an index.
                await tx.raw('set local enable_seqscan = off');
                await tx.raw('set local enable_sort = off');
                return (await tx.raw(`explain ${query}`)).rows;
              })
            : await knex.raw(`explain query plan ${query}`),
        );
      expect(
        await plan(
          'select id from mesh_changes order by number desc, id desc limit 51',
        ),
      ).toMatch(/mesh_changes_of_all/);
      expect(
        await plan('select distinct entity_ref from mesh_changes'),
      ).toMatch(/mesh_changes_of_(all|entity)/);
    });
  },
);

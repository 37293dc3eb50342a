import { TestDatabases } from '@backstage/backend-test-utils';
import type { KubeObject, ObjectEdit } from '@meshdeck/istio-config';
import { memoryOn } from './__testUtils__/memoryOn';
import { withoutContainers } from './withoutContainers';

jest.setTimeout(60_000);

const PLACE = { cluster: 'c', namespace: 'one', service: 'auth' };
const before: KubeObject = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { namespace: 'one', name: 'auth', uid: 'u', resourceVersion: '7' },
  spec: { http: [{ timeout: '1s' }] },
};
const edit: ObjectEdit = {
  action: 'change',
  before,
  operations: [
    { op: 'replace', at: ['spec', 'http', 0, 'timeout'], value: '2s' },
  ],
};
const beginning = (more: object = {}) => ({
  placement: PLACE,
  entityRef: 'component:default/auth',
  who: 'user:default/ada',
  why: 'it is slow',
  intent: { intent: 'timeout' },
  edits: [edit],
  sentence: 'A request is answered 504 after 2 s.',
  ...more,
});

describe('withoutContainers', () => {
  it('remembers of a workload nothing that its containers are told, and all of what can be changed from here', () => {
    const labels = { app: 'auth' };
    const deployment: KubeObject = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: {
        name: 'auth',
        uid: 'u',
        annotations: {
          'kubectl.kubernetes.io/last-applied-configuration': 'hunter2',
          team: 'one',
        },
      },
      spec: {
        replicas: 2,
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: 'auth',
            volumes: [{ name: 'v', hostPath: { path: 'hunter2' } }],
            containers: [
              {
                name: 'auth',
                image: 'auth:1',
                args: ['hunter2'],
                env: [{ name: 'P', value: 'hunter2' }],
                ports: [{ containerPort: 80 }],
              },
            ],
          },
        },
      },
    };
    const kept = withoutContainers(deployment);
    expect(JSON.stringify(kept)).not.toContain('hunter2');
    expect(kept.metadata).toEqual({
      name: 'auth',
      uid: 'u',
      annotations: { team: 'one' },
    });
    expect(kept.spec.template).toEqual({
      metadata: { labels },
      spec: {
        serviceAccountName: 'auth',
        containers: [
          { name: 'auth', image: 'auth:1', ports: [{ containerPort: 80 }] },
        ],
      },
    });
    expect(withoutContainers(before)).toBe(before);
  });
});

describe('ChangeMemory', () => {
  // PostgreSQL where a test database is given: there may be no containers.
  const hasPostgres =
    process.env.BACKSTAGE_TEST_DATABASE_POSTGRES17_CONNECTION_STRING;
  const databases = TestDatabases.create({
    ids: ['SQLITE_3', ...(hasPostgres ? (['POSTGRES_17'] as const) : [])],
  });

  it.each(databases.eachSupportedId())(
    'notes a change before it is written, and what became of it, on %p',
    async id => {
      const knex = await databases.init(id);
      const { memory } = memoryOn(knex);
      const first = await memory.begin(beginning());
      expect(await memory.get(PLACE, first)).toMatchObject({
        steps: [{ edit }],
        state: 'writing',
        undone: false,
        who: 'user:default/ada',
      });
      expect(await memory.get({ ...PLACE, service: 'other' }, first)).toBe(
        undefined,
      );
      const waiting = async (unknownSince: number) =>
        (
          await memory.unsettled({ before: Date.now() + 60_000, unknownSince })
        ).map(change => change.id);
      expect(await waiting(Date.now() + 60_000)).toEqual([first]);
      await memory.written(first, [before]);

      const undoing = await memory.begin(
        beginning({ intent: { intent: 'undo', undoes: first } }),
      );
      await memory.written(undoing, [undefined]);
      const lost = await memory.begin(beginning());
      await memory.unknown(lost);
      expect(await waiting(0)).toEqual([lost]);
      expect(await waiting(Date.now() + 60_000)).toEqual([]);
      const refused = await memory.begin(beginning());
      await memory.forget(refused);

      expect(
        (await memory.of(PLACE, 10)).map(({ id: known, state, undone }) => ({
          known,
          state,
          undone,
        })),
      ).toEqual([
        { known: lost, state: 'unknown', undone: false },
        { known: undoing, state: 'written', undone: false },
        { known: first, state: 'written', undone: true },
      ]);
      expect(await memory.get(PLACE, first)).toMatchObject({
        steps: [{ edit, after: before }],
      });
      expect(await memory.of(PLACE, 1)).toHaveLength(1);

      await memory.dropBefore(Date.now() + 60_000);
      expect(await memory.of(PLACE, 10)).toEqual([]);
      await knex.migrate.rollback({
        directory: require
          .resolve('../../package.json')
          .replace('package.json', 'migrations'),
      });
      for (const table of ['mesh_changes', 'mesh_leases']) {
        expect(await knex.schema.hasTable(table)).toBe(false);
      }
    },
  );

  it.each(databases.eachSupportedId())(
    'remembers a change that was taken for never made, and came after all, on %p',
    async id => {
      const { memory } = memoryOn(await databases.init(id));
      const late = await memory.begin(beginning());
      await memory.forget(late);
      await memory.written(late, [before]);
      expect(await memory.of(PLACE, 10)).toEqual([]);
      await memory.written(late, [before], beginning());
      expect(await memory.of(PLACE, 10)).toMatchObject([
        { id: late, state: 'written', steps: [{ edit, after: before }] },
      ]);
    },
  );
});

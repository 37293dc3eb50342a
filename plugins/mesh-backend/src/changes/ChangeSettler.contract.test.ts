import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import {
  afterOf,
  describeRef,
  type KubeObject,
  type ObjectEdit,
  objectOf,
  refOf,
} from '@meshdeck/istio-config';
import { DirectAccess } from '../__testUtils__/DirectAccess';
import { FaultyProxy } from '../__testUtils__/FaultyProxy';
import { TEST_CLUSTERS, TestCluster } from '../__testUtils__/testClusters';
import { KubernetesClient } from '../cluster/KubernetesClient';
import { memoryOn } from '../memory/__testUtils__/memoryOn';
import type { ChangeMemory } from '../memory/ChangeMemory';
import { ChangeSettler } from './ChangeSettler';
import { EditDelivery } from './EditDelivery';
import { to, virtualService } from './__testUtils__/weightedService';

jest.setTimeout(60_000);

const DEADLINE_MS = 15_000;
/** Longer than any write of then can be on its way. */
const LONG_AGO_MS = 4 * DEADLINE_MS;

type Action = ObjectEdit['action'];

interface Case {
  name: string;
  /** Whether the edit was made before the portal stopped. */
  isMade: boolean;
  /** What somebody did in the meantime. */
  meanwhile?: (cluster: TestCluster, object: KubeObject) => Promise<unknown>;
  becomes: 'forgotten' | 'written' | 'unknown';
}

const setTimeouts = async (
  cluster: TestCluster,
  object: KubeObject,
  ...timeouts: string[]
) => {
  for (const value of timeouts) {
    await cluster.patch(refOf(object), [
      { op: 'add', path: '/spec/http/0/timeout', value },
    ]);
  }
};

const CASES: Record<Action, Case[]> = {
  create: [
    { name: 'before', isMade: false, becomes: 'forgotten' },
    { name: 'after', isMade: true, becomes: 'written' },
    {
      name: 'elses',
      isMade: false,
      meanwhile: (cluster, object) => cluster.apply(object),
      becomes: 'forgotten',
    },
  ],
  change: [
    { name: 'before', isMade: false, becomes: 'forgotten' },
    { name: 'after', isMade: true, becomes: 'written' },
    {
      name: 'elses',
      isMade: false,
      meanwhile: (cluster, object) => setTimeouts(cluster, object, '3s'),
      becomes: 'forgotten',
    },
    {
      name: 'blurred',
      isMade: true,
      meanwhile: (cluster, object) => setTimeouts(cluster, object, '3s', '4s'),
      becomes: 'unknown',
    },
    {
      name: 'gone',
      isMade: true,
      meanwhile: (cluster, object) => cluster.remove(refOf(object)),
      becomes: 'unknown',
    },
  ],
  delete: [
    { name: 'before', isMade: false, becomes: 'forgotten' },
    { name: 'after', isMade: true, becomes: 'written' },
    {
      name: 'elses',
      isMade: false,
      meanwhile: (cluster, object) => setTimeouts(cluster, object, '3s'),
      becomes: 'forgotten',
    },
  ],
};
const ALL = Object.entries(CASES).flatMap(([action, cases]) =>
  cases.map((each): [string, Action, Case] => [
    `${action} ${each.name}`,
    action as Action,
    each,
  ]),
);

describe.each(TEST_CLUSTERS)(
  'the end of a change that nobody noted, on %s',
  (_cluster, start) => {
    const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
    let cluster: TestCluster;
    let client: KubernetesClient;
    let access: DirectAccess;
    let memory: ChangeMemory;
    let place: { cluster: string; namespace: string; service: string };
    let fresh: ChangeMemory;

    beforeAll(async () => {
      cluster = await TestCluster.open(start);
      const namespace = `settle-${cluster.id}`;
      place = { cluster: 'c', namespace, service: 'auth' };
      await cluster.makeNamespace(namespace);
      access = DirectAccess.create({ c: cluster.server });
      client = KubernetesClient.create({
        access,
        cluster: 'c',
        deadlineMs: DEADLINE_MS,
      });
      const knex = await databases.init('SQLITE_3');
      const longAgo = () => Date.now() - LONG_AGO_MS;
      memory = memoryOn(knex, { now: longAgo }).memory;
      fresh = memoryOn(knex).memory;
    });

    afterAll(() => cluster.stop());

    const settle = (way = access) =>
      ChangeSettler.create({
        memory,
        access: way,
        scheduler: mockServices.scheduler.mock(),
        auditor: mockServices.auditor.mock(),
        logger: mockServices.logger.mock(),
        deadlineMs: DEADLINE_MS,
      }).settle();

    /** An edit of the action, on an object of its own, that is there unless it is to be made. */
    const editOf = async (action: Action, name: string) => {
      const wanted = virtualService(
        { namespace: place.namespace, name: `${action}-${name}` },
        { hosts: ['auth'], http: [{ route: [to('auth', 'stable')] }] },
      );
      if (action === 'create') {
        return { action, object: wanted };
      }
      const before = await cluster.apply(wanted);
      return action === 'delete'
        ? { action, before }
        : {
            action,
            before,
            operations: [
              {
                op: 'add' as const,
                at: ['spec', 'http', 0, 'timeout'],
                value: '2s',
              },
            ],
          };
    };
    const note = (edit: ObjectEdit, undoes?: string, into = memory) =>
      into.begin({
        placement: place,
        entityRef: 'component:default/auth',
        intent: { intent: 'timeout', undoes },
        edits: [edit],
        sentence: describeRef(refOf(objectOf(edit))),
      });
    const make = (edit: ObjectEdit) =>
      EditDelivery.create({ client, deadlineMs: DEADLINE_MS }).deliver({
        edit,
        after: afterOf(edit),
      });

    it.each(ALL)('is found out: %s', async (_name, action, each) => {
      const edit = await editOf(action, each.name);
      const id = await note(edit);
      if (each.isMade) {
        await make(edit);
      }
      await each.meanwhile?.(cluster, objectOf(edit));
      await settle();
      const found = await memory.get(place, id);
      expect(found?.state ?? 'forgotten').toBe(each.becomes);
      // A second look, as of another replica, comes to the same.
      await settle();
      expect((await memory.get(place, id))?.state ?? 'forgotten').toBe(
        each.becomes,
      );
    });

    it('is left alone while the write may still be on its way, and while the cluster is away', async () => {
      const edit = await editOf('change', 'late');
      const young = await note(edit, undefined, fresh);
      await settle();
      expect((await memory.get(place, young))?.state).toBe('writing');
      const old = await note(edit);
      await settle(
        DirectAccess.create({ c: { url: 'http://127.0.0.1:9', token: '' } }),
      );
      expect((await memory.get(place, old))?.state).toBe('writing');
      await memory.forget(young);
      await settle();
      expect(await memory.get(place, old)).toBeUndefined();
    });

    it('is left alone while the server does not know the kind yet', async () => {
      const proxy = await FaultyProxy.open(cluster.server);
      const edit = await editOf('create', 'unserved');
      const id = await note(edit);
      await make(edit);
      proxy.once(({ method }) => method === 'GET', 'unserved');
      const { token } = cluster.server;
      const way = DirectAccess.create({ c: { url: proxy.url, token } });
      await settle(way);
      expect((await memory.get(place, id))?.state).toBe('writing');
      await settle(way);
      expect((await memory.get(place, id))?.state).toBe('written');
      proxy.close();
    });

    it('takes the first change for undone, where it was an undo', async () => {
      const edit = await editOf('change', 'undone');
      const first = await note(edit);
      await make(edit);
      await settle();
      const undo = await editOf('change', 'undoing');
      await note(undo, first);
      await make(undo);
      await settle();
      expect(await memory.get(place, first)).toMatchObject({ undone: true });
    });

    it('is found out of a workload, of which the memory leaves something out', async () => {
      const before = await cluster.apply({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { namespace: place.namespace, name: 'app' },
        spec: {
          replicas: 0,
          selector: { matchLabels: { app: 'app' } },
          template: {
            metadata: { labels: { app: 'app' } },
            spec: {
              containers: [
                {
                  name: 'app',
                  image: 'example.com/app',
                  env: [{ name: 'PASSWORD', value: 'hunter2' }],
                },
              ],
            },
          },
        },
      });
      const edit: ObjectEdit = {
        action: 'change',
        before,
        operations: [
          {
            op: 'add',
            at: ['spec', 'template', 'metadata', 'annotations'],
            value: { 'sidecar.istio.io/proxyCPU': '50m' },
          },
        ],
      };
      const id = await note(edit);
      await make(edit);
      await settle();
      const found = await memory.get(place, id);
      expect(found?.state).toBe('written');
      expect(JSON.stringify(found)).not.toContain('hunter2');
    });
  },
);

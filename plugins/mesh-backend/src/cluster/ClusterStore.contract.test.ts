import { mockServices } from '@backstage/backend-test-utils';
import { KubernetesServer, ObjectStore } from '@meshdeck/demo-mesh';
import { readFileSync } from 'fs';
import { randomBytes } from 'crypto';
import { DirectAccess } from '../__testUtils__/DirectAccess';
import { eventually } from '../__testUtils__/eventually';
import { ClusterStore } from './ClusterStore';

interface TestCluster {
  url: string;
  token?: string;
  ca?: string;
  close(): Promise<void>;
}

const real = process.env.MESH_TEST_KUBE_URL;
const servers: [string, () => Promise<TestCluster>][] = [
  [
    'the demo mesh',
    async () => {
      const clock = () => new Date();
      const server = KubernetesServer.create({
        store: ObjectStore.create({ clock }),
        clock,
        anonymous: 'all',
      });
      const url = await server.listen({ port: 0 });
      return { url, close: () => server.close() };
    },
  ],
];
if (real) {
  servers.push([
    'a real API server',
    async () => ({
      url: real,
      token: process.env.MESH_TEST_KUBE_ADMIN_TOKEN,
      ca: readFileSync(process.env.MESH_TEST_KUBE_CA ?? '', 'utf8'),
      close: async () => {},
    }),
  ]);
} else {
  it.todo('ClusterStore on a real API server (needs MESH_TEST_KUBE_URL)');
}

describe.each(servers)('ClusterStore on %s', (_name, open) => {
  const namespace = `store-${randomBytes(4).toString('hex')}`;
  let cluster: TestCluster;
  let access: DirectAccess;
  let store: ClusterStore;

  const write = async (
    method: 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: object,
  ) => {
    const response = await access.request('c', {
      method,
      path,
      headers: {
        'Content-Type':
          method === 'PATCH'
            ? 'application/merge-patch+json'
            : 'application/json',
      },
      body: body && JSON.stringify(body),
    });
    const answer = await response.json();
    if (!response.ok) {
      throw new Error(JSON.stringify(answer));
    }
    return answer;
  };
  const rules = `/apis/networking.istio.io/v1/namespaces/${namespace}/virtualservices`;
  const rule = (name: string, host = 'a') => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name, namespace },
    spec: {
      hosts: ['a'],
      http: [{ route: [{ destination: { host } }] }],
    },
  });
  const held = (name: string) =>
    store.snapshot().set.get('VirtualService', namespace, name);

  beforeAll(async () => {
    cluster = await open();
    access = DirectAccess.create({ c: cluster });
    await write('POST', '/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace },
    });
    await write('POST', rules, rule('before'));
    store = ClusterStore.create({
      cluster: 'c',
      access,
      logger: mockServices.logger.mock(),
    });
    store.start();
    await store.whenReady(10_000);
  });

  afterAll(async () => {
    store.stop();
    await write('DELETE', `${rules}/before`);
    await cluster.close();
  });

  it('holds what was there before', async () => {
    // A busy server may refuse a first list; it is tried again.
    await eventually(() =>
      expect(store.snapshot()).toMatchObject({
        ready: true,
        source: { id: 'kubernetes', status: 'ok' },
      }),
    );
    expect(held('before')).toMatchObject({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      spec: { hosts: ['a'] },
    });
    // Who owns the routes is told in the history; the fields themselves are not kept.
    for (const entry of held('before')?.metadata.managedFields ?? []) {
      expect(Object.keys(entry)).not.toContain('fieldsV1');
    }
  });

  it('follows what comes, changes and goes, without listing again', async () => {
    const lists = () =>
      access.sent.filter(
        line => line.includes('virtualservices') && line.includes('limit='),
      ).length;
    const before = lists();
    await write('POST', rules, rule('new'));
    await eventually(() => expect(held('new')).toBeDefined());
    await write('PATCH', `${rules}/new`, {
      spec: { http: [{ route: [{ destination: { host: 'b' } }] }] },
    });
    await eventually(() =>
      expect(held('new')?.spec.http[0].route[0].destination.host).toBe('b'),
    );
    await write('DELETE', `${rules}/new`);
    await eventually(() => expect(held('new')).toBeUndefined());
    expect(lists()).toBe(before);
  });
});

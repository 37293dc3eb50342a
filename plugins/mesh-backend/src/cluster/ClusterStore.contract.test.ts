import { mockServices } from '@backstage/backend-test-utils';
import { KubernetesServer, ObjectStore } from '@meshdeck/demo-mesh';
import { readFileSync } from 'fs';
import { randomBytes } from 'crypto';
import { DirectAccess } from '../__testUtils__/DirectAccess';
import { eventually } from '../__testUtils__/eventually';
import { ClusterStore } from './ClusterStore';
import { KubernetesClient, StaleObjectError } from './KubernetesClient';
import { WATCHED_RESOURCES } from './watchedResources';

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

  it('applies under the lock of a resourceVersion', async () => {
    const client = KubernetesClient.create({
      access,
      cluster: 'c',
      deadlineMs: 5000,
    });
    await client.apply(rule('locked'), { force: true });
    const seen = await client.get({
      ...rule('locked'),
      namespace,
      name: 'locked',
    });
    const { resourceVersion } = seen.metadata;
    const locked = {
      ...rule('locked', 'b'),
      metadata: { name: 'locked', namespace, resourceVersion },
    };
    await client.apply(locked, { dryRun: true });
    await client.apply(locked);
    await expect(
      client.apply({
        ...locked,
        ...rule('locked', 'c'),
        metadata: locked.metadata,
      }),
    ).rejects.toBeInstanceOf(StaleObjectError);
    await write('DELETE', `${rules}/locked`);
  });

  it('says which fields others own before it takes them', async () => {
    const client = KubernetesClient.create({
      access,
      cluster: 'c',
      deadlineMs: 5000,
    });
    await access.request('c', {
      method: 'PATCH',
      path: `${rules}/owned`,
      query: { fieldManager: 'kubectl' },
      headers: { 'Content-Type': 'application/apply-patch+yaml' },
      body: JSON.stringify(rule('owned')),
    });
    await expect(client.apply(rule('owned', 'b'))).rejects.toMatchObject({
      managers: ['kubectl'],
    });
    const taken = await client.apply(rule('owned', 'b'), { force: true });
    expect(taken.spec.http[0].route[0].destination.host).toBe('b');
    await write('DELETE', `${rules}/owned`);
  });
});

describe('ClusterStore when the demo mesh fails', () => {
  const clock = () => new Date();
  const startServer = async (
    options: {
      rules?: 'all' | { verbs: string[]; resources: string[] }[];
    } = {},
  ) => {
    const objects = ObjectStore.create({ clock });
    objects.load([
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'orion' } },
    ]);
    const server = KubernetesServer.create({
      store: objects,
      clock,
      anonymous: options.rules ?? 'all',
    });
    const url = await server.listen({ port: 0 });
    return { objects, server, url };
  };
  const service = (name: string) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'orion' },
    spec: { ports: [{ port: 80 }] },
  });
  const storeFor = (url: string) => {
    const access = DirectAccess.create({ c: { url } });
    const store = ClusterStore.create({
      cluster: 'c',
      access,
      logger: mockServices.logger.mock(),
    });
    store.start();
    return { access, store };
  };

  it('keeps the last state while the server is away, says so, and catches up by itself', async () => {
    const { objects, server, url } = await startServer();
    objects.load([service('a')]);
    const { store } = storeFor(url);
    await store.whenReady(5000);
    await server.close();
    await eventually(() =>
      expect(store.snapshot().source).toMatchObject({
        status: 'stale',
        since: expect.any(String),
        message: expect.stringContaining('Cluster c does not answer'),
      }),
    );
    expect(store.snapshot().set.get('Service', 'orion', 'a')).toBeDefined();
    objects.load([service('b')]);
    await server.listen({ port: Number(new URL(url).port) });
    await eventually(() =>
      expect(store.snapshot().set.get('Service', 'orion', 'b')).toBeDefined(),
    );
    await eventually(() => expect(store.snapshot().source.status).toBe('ok'));
    store.stop();
    await server.close();
  });

  it('lists again when the server has forgotten the place (410), and drops what went meanwhile', async () => {
    const { objects, server, url } = await startServer();
    objects.load([service('a'), service('b')]);
    const { access, store } = storeFor(url);
    await store.whenReady(5000);
    const lists = () =>
      access.sent.filter(line => line.includes('/services?limit')).length;
    await eventually(() =>
      expect(
        access.sent.filter(line => line.includes('/services?watch')),
      ).not.toHaveLength(0),
    );
    const before = lists();
    await server.close();
    await eventually(() =>
      expect(store.snapshot().source.status).toBe('stale'),
    );
    objects.load([service('c')]);
    objects.compact();
    await server.listen({ port: Number(new URL(url).port) });
    await eventually(() =>
      expect(store.snapshot().set.get('Service', 'orion', 'c')).toBeDefined(),
    );
    expect(lists()).toBeGreaterThan(before);
    store.stop();
    await server.close();
  });

  it('goes on without kinds that it may not read, names them, and keeps what it read when the server goes', async () => {
    const { server, url } = await startServer({
      rules: [
        {
          verbs: ['get', 'list', 'watch'],
          resources: WATCHED_RESOURCES.map(({ plural }) => plural).filter(
            plural => plural !== 'peerauthentications',
          ),
        },
      ],
    });
    const { access, store } = storeFor(url);
    await store.whenReady(5000);
    await eventually(() =>
      expect(store.snapshot()).toMatchObject({
        ready: true,
        source: {
          status: 'ok',
          message: expect.stringContaining('PeerAuthentication'),
        },
      }),
    );
    await server.close();
    const tries = () =>
      access.sent.filter(line => line.includes('peerauthentications')).length;
    const before = tries();
    await eventually(() => expect(tries()).toBeGreaterThan(before));
    // That the refused kind cannot even be asked for now does not make unknown what was read.
    await eventually(() =>
      expect(store.snapshot()).toMatchObject({
        ready: true,
        source: { status: 'stale' },
      }),
    );
    store.stop();
  });

  it('is not ready, and says why, where nothing answers', async () => {
    const { store } = storeFor('http://127.0.0.1:1');
    await eventually(() =>
      expect(store.snapshot()).toMatchObject({
        ready: false,
        source: {
          status: 'down',
          message: expect.stringContaining('kubernetes.clusterLocatorMethods'),
        },
      }),
    );
    store.stop();
  });

  it('notices a server that hangs without closing a connection, and goes on from where it was', async () => {
    const { objects, server, url } = await startServer();
    objects.load([service('a')]);
    let hangs = false;
    const direct = DirectAccess.create({ c: { url } });
    const store = ClusterStore.create({
      cluster: 'c',
      access: {
        clusters: () => direct.clusters(),
        request: (cluster, request) =>
          hangs
            ? new Promise((_resolve, reject) => {
                request.signal?.addEventListener('abort', () =>
                  reject(new Error('aborted')),
                );
              })
            : direct.request(cluster, request),
      },
      logger: mockServices.logger.mock(),
      pulse: { everyMs: 20, deadlineMs: 100 },
    });
    store.start();
    await store.whenReady(5000);
    hangs = true;
    await eventually(() =>
      expect(store.snapshot().source).toMatchObject({
        status: 'stale',
        message: expect.stringContaining('no answer within 0.1 s'),
      }),
    );
    hangs = false;
    objects.load([service('b')]);
    await eventually(() => {
      expect(store.snapshot().source.status).toBe('ok');
      expect(store.snapshot().set.get('Service', 'orion', 'b')).toBeDefined();
    });
    store.stop();
    await server.close();
  });
});

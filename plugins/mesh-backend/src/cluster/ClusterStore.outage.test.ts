import { mockServices } from '@backstage/backend-test-utils';
import { KubernetesServer, ObjectStore } from '@meshdeck/demo-mesh';
import { DirectAccess } from '../__testUtils__/DirectAccess';
import { eventually } from '../__testUtils__/eventually';
import { ClusterStore } from './ClusterStore';
import { WATCHED_RESOURCES } from './watchedResources';

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

  it('holds all of a kind only while it follows it: not before, not where it may not read it, not while the server is away', async () => {
    const { server, url } = await startServer({
      rules: [
        {
          verbs: ['get', 'list', 'watch'],
          resources: WATCHED_RESOURCES.map(({ plural }) => plural).filter(
            plural => plural !== 'services',
          ),
        },
      ],
    });
    const { store } = storeFor(url);
    expect(store.holdsAll(['Namespace'])).toBe(false);
    await eventually(() => expect(store.snapshot().ready).toBe(true));
    await eventually(() => expect(store.holdsAll(['Namespace'])).toBe(true));
    expect(store.holdsAll(['Namespace', 'Service'])).toBe(false);
    await server.close();
    await eventually(() => expect(store.holdsAll(['Namespace'])).toBe(false));
    expect(store.snapshot().ready).toBe(true);
    store.stop();
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
      heartbeat: { everyMs: 20, deadlineMs: 100 },
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

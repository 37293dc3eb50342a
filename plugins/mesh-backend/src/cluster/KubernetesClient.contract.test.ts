import { NotAllowedError } from '@backstage/errors';
import { KubernetesServer, ObjectStore } from '@meshdeck/demo-mesh';
import { valueAt } from '@meshdeck/istio-config';
import { readFileSync } from 'fs';
import { DirectAccess } from '../__testUtils__/DirectAccess';
import { closeServers, serve } from '../__testUtils__/serve';
import { TEST_CLUSTERS, TestCluster } from '../__testUtils__/testClusters';
import { SourceError } from '../sources/SourceError';
import { KubernetesClient } from './KubernetesClient';
import { RefusedRequestError, UnfinishedWriteError } from './kubernetesErrors';
import { WATCHED_RESOURCES, WatchedResource } from './watchedResources';
import { WRITABLE_RESOURCES } from './writableResources';

const watched = (wanted: string) =>
  WATCHED_RESOURCES.find(({ kind }) => kind === wanted)!;
const NOT_INSTALLED: WatchedResource = {
  kind: 'Thing',
  filedAs: 'Thing',
  plural: 'things',
  groupVersions: ['things.example.com/v1'],
  isEssential: false,
};
const clientTo = (server: { url: string; token?: string; ca?: string }) =>
  KubernetesClient.create({
    access: DirectAccess.create({ c: server }),
    cluster: 'c',
    deadlineMs: 5000,
  });
const reference = (kind: string, name: string, namespace?: string) => ({
  apiVersion: kind === 'Namespace' ? 'v1' : 'networking.istio.io/v1',
  kind,
  name,
  namespace,
});

describe.each(TEST_CLUSTERS)('KubernetesClient on %s', (_name, start) => {
  let cluster: TestCluster;
  let namespace: string;
  let client: KubernetesClient;

  beforeAll(async () => {
    cluster = await TestCluster.open(start);
    namespace = `client-${cluster.id}`;
    client = clientTo(cluster.server);
    await cluster.makeNamespace(namespace);
    await cluster.apply({
      apiVersion: 'flagger.app/v1beta1',
      kind: 'Canary',
      metadata: { name: 'shop', namespace },
      spec: {
        targetRef: { kind: 'Deployment', name: 'shop' },
        service: { port: 80 },
        analysis: {},
      },
    });
    const { apiVersion, kind } = reference('VirtualService', 'a');
    await cluster.apply({
      apiVersion,
      kind,
      metadata: { name: 'a', namespace },
      spec: {
        hosts: ['a'],
        http: [
          {
            match: [{ headers: { 'x~y/z': { exact: 'old' } } }],
            route: [{ destination: { host: 'a' } }],
          },
        ],
      },
    });
  });

  afterAll(() => cluster.stop());

  it('lists what there is of a kind now, and nothing of one that is not installed', async () => {
    const [canary, ...more] = (await client.listServed(
      watched('Canary'),
      namespace,
    ))!;
    expect(canary).toMatchObject({
      apiVersion: 'flagger.app/v1beta1',
      kind: 'Canary',
      metadata: { name: 'shop' },
    });
    expect(more).toEqual([]);
    expect(await client.listServed(watched('Rollout'), namespace)).toEqual([]);
    expect(await client.listServed(NOT_INSTALLED, namespace)).toBeUndefined();
  });

  it('makes all operations of a patch or none, escaped places and ends of lists among them', async () => {
    const ref = reference('VirtualService', 'a', namespace);
    const before = await cluster.get(ref);
    const header = ['spec', 'http', 0, 'match', 0, 'headers', 'x~y/z'];
    const at = [...header, 'exact'];
    await expect(
      client.patch(ref, [
        { op: 'replace', at, value: 'new' },
        { op: 'test', at: ['spec', 'hosts', 0], value: 'b' },
      ]),
    ).rejects.toBeInstanceOf(RefusedRequestError);
    expect(await cluster.get(ref)).toEqual(before);
    const rehearsed = await client.patch(
      ref,
      [
        { op: 'test', at, value: 'old' },
        { op: 'replace', at, value: 'new' },
        { op: 'add', at: ['spec', 'hosts', 1], value: 'b' },
      ],
      { dryRun: true },
    );
    expect([valueAt(rehearsed, at), rehearsed.spec.hosts]).toEqual([
      'new',
      ['a', 'b'],
    ]);
    expect(await cluster.get(ref)).toEqual(before);
  });

  it('only rehearses a deletion, if that was asked', async () => {
    const ref = reference('VirtualService', 'rehearsed', namespace);
    const { apiVersion, kind, name } = ref;
    const object = await cluster.apply({
      apiVersion,
      kind,
      metadata: { namespace, name },
      spec: { hosts: ['a'] },
    });
    await client.remove(object, { dryRun: true });
    expect((await cluster.get(ref)).metadata.uid).toBe(object.metadata.uid);
    await client.remove(object);
    await expect(cluster.get(ref)).rejects.toThrow('404');
  });

  it('writes no kind that is not on the list, though it reads it', async () => {
    const pods = { apiVersion: 'v1', kind: 'Pod', namespace };
    expect(await client.list(pods)).toEqual([]);
    const write = client.patch({ ...pods, name: 'a' }, [
      { op: 'add', at: ['metadata', 'labels', 'x'], value: 'y' },
    ]);
    await expect(write).rejects.toThrow('Meshdeck does not write Pod');
    const gateway = { apiVersion: 'v1', kind: 'VirtualService', name: 'a' };
    await expect(client.patch(gateway, [])).rejects.toBeInstanceOf(
      NotAllowedError,
    );
  });
});

it('the list of what is written stands alone: what is only watched is not on it', () => {
  expect(WRITABLE_RESOURCES.map(({ kind }) => kind).sort()).toEqual([
    'AuthorizationPolicy',
    'DaemonSet',
    'Deployment',
    'DestinationRule',
    'GRPCRoute',
    'HTTPRoute',
    'Namespace',
    'PeerAuthentication',
    'Service',
    'ServiceAccount',
    'StatefulSet',
    'Telemetry',
    'VirtualService',
  ]);
});

describe('KubernetesClient, where it may not read rollouts', () => {
  const open: (() => Promise<unknown>)[] = [];
  afterAll(() => Promise.all(open.map(close => close())));

  const accounts: [string, () => Promise<Parameters<typeof clientTo>[0]>][] = [
    [
      'the demo mesh',
      async () => {
        const clock = () => new Date();
        const server = KubernetesServer.create({
          store: ObjectStore.create({ clock }),
          clock,
          tokens: [{ token: 'portal', user: 'portal', rules: [] }],
        });
        open.push(() => server.close());
        return { url: await server.listen({ port: 0 }), token: 'portal' };
      },
    ],
    ...(process.env.MESH_TEST_KUBE_URL
      ? [
          [
            'a real API server',
            async () => ({
              url: process.env.MESH_TEST_KUBE_URL!,
              token: process.env.MESH_TEST_KUBE_PORTAL_TOKEN,
              ca: readFileSync(process.env.MESH_TEST_KUBE_CA ?? '', 'utf8'),
            }),
          ] as [string, () => Promise<Parameters<typeof clientTo>[0]>],
        ]
      : []),
  ];

  it.each(accounts)(
    'does not take them for none, unless nobody installed them, on %s',
    async (_name, start) => {
      const client = clientTo(await start());
      const canaries = client.listServed(watched('Canary'), 'default');
      await expect(canaries).rejects.toThrow(/forbids .* to the portal/);
      await expect(canaries).rejects.toBeInstanceOf(NotAllowedError);
      expect(await client.listServed(NOT_INSTALLED, 'default')).toBeUndefined();
    },
  );
});

describe('KubernetesClient, of a write', () => {
  afterAll(closeServers);

  it.each<[string, number, string, typeof SourceError]>([
    ['a refusal', 422, '{"kind":"Status"}', RefusedRequestError],
    ['too much at once', 429, '', RefusedRequestError],
    ['an error of the server', 500, '{"kind":"Status"}', UnfinishedWriteError],
    ['a gateway that waited too long', 504, '<html>', UnfinishedWriteError],
    ['an answer that breaks off', 200, '{"kind":', UnfinishedWriteError],
  ])('knows %s from a lost answer', async (_name, status, body, expected) => {
    const url = await serve((_req, res) => {
      res.writeHead(status);
      res.end(body);
    });
    const client = clientTo({ url });
    const ref = reference('VirtualService', 'a', 'b');
    const write = client.patch(ref, []);
    await expect(write).rejects.toBeInstanceOf(expected);
    const rehearsal = client.patch(ref, [], { dryRun: true });
    await expect(rehearsal).rejects.toBeInstanceOf(SourceError);
    await expect(rehearsal).rejects.not.toBeInstanceOf(UnfinishedWriteError);
  });
});

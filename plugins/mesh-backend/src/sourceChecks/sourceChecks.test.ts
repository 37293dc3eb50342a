import { ConfigReader } from '@backstage/config';
import { mockServices } from '@backstage/backend-test-utils';
import { DemoMesh } from '@meshdeck/demo-mesh';
import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import type { RequestListener } from 'http';
import { join } from 'path';
import { DirectAccess } from '../__testUtils__/DirectAccess';
import { closeServers, serve } from '../__testUtils__/serve';
import { ClusterStores } from '../cluster/ClusterStores';
import { readMeshSettings } from '../config/readMeshSettings';
import { RefreshPeriod } from '../sources/RefreshPeriod';
import { SourceCache } from '../sources/SourceCache';
import { Sources } from '../sources/Sources';
import { SourceCheckService } from './SourceCheckService';

const ORION = join(__dirname, '../../../../examples/platforms/orion');
const DEADLINE_MS = 1500;

jest.setTimeout(60_000);

const started: ClusterStores[] = [];

afterEach(() => {
  started.splice(0).forEach(clusters => clusters.stop());
  closeServers();
});

async function diagnose(access: MeshClusterAccess, mesh: object) {
  const settings = readMeshSettings(
    new ConfigReader({ mesh: { deadlineMs: DEADLINE_MS, ...mesh } }),
  );
  const cache = SourceCache.create({
    period: RefreshPeriod.create({ periodMs: 5000 }),
  });
  const clusters = ClusterStores.create({
    access,
    logger: mockServices.logger.mock(),
    deadlineMs: 20_000,
  });
  started.push(clusters);
  clusters.start();
  for (const name of await clusters.names().catch(() => [])) {
    await clusters.get(name);
  }
  const service = SourceCheckService.create({
    clusters,
    access,
    settings,
    cache,
    sources: Sources.create({ settings, cache }),
  });
  const began = performance.now();
  const [view] = await Promise.all([service.view(), service.view()]);
  const row = (id: string, cluster = 'demo') =>
    view.sources.find(
      source => source.id === id && source.cluster === cluster,
    )!;
  return { view, row, ms: performance.now() - began };
}

const nobody = DirectAccess.create({});
const kubernetes: MeshClusterAccess = {
  clusters: async () => [{ name: 'demo' }],
  request: async (_cluster, { path }) =>
    path === '/version'
      ? Response.json({ gitVersion: 'v1.34.0' })
      : Response.json({ kind: 'Status', code: 404 }, { status: 404 }),
};

describe('SourceCheckService over the demo mesh', () => {
  let mesh: DemoMesh;
  let access: DirectAccess;

  beforeAll(async () => {
    mesh = await DemoMesh.start({ platforms: [ORION] });
    const server = { url: mesh.urls.kubernetes };
    access = DirectAccess.create({ demo: server, twin: server });
  });

  afterAll(() => mesh.stop());

  it('finds everything well, with versions, and asks what clusters share once', async () => {
    mesh.resetRequests();
    const { view, row } = await diagnose(access, {
      prometheus: { url: mesh.urls.prometheus },
      tracing: { url: mesh.urls.tempo, type: 'tempo' },
      kiali: { url: mesh.urls.kiali },
      clusters: [{ name: 'twin', tracing: { url: mesh.urls.jaeger } }],
    });
    expect(row('kubernetes')).toMatchObject({
      status: 'ok',
      configKey: 'kubernetes.clusterLocatorMethods',
      version: expect.stringMatching(/^v1\./),
    });
    expect(row('prometheus')).toMatchObject({
      status: 'ok',
      configKey: 'mesh.prometheus.url',
      latencyMs: expect.any(Number),
      version: expect.stringMatching(/^\d/),
    });
    expect(row('traces')).toMatchObject({ status: 'ok', version: '2.9.0' });
    expect(row('traces', 'twin')).toMatchObject({ status: 'ok' });
    expect(row('kiali')).toMatchObject({ status: 'ok', version: 'v2.31.0' });
    expect(row('grafana')).toEqual({
      cluster: 'demo',
      id: 'grafana',
      configKey: 'mesh.grafana.url',
      status: 'absent',
      message: 'Not configured: set mesh.grafana.url.',
    });
    expect(view.sources).toHaveLength(10);
    expect(mesh.requests()).toMatchObject({
      prometheus: 1,
      tracing: 2,
      kiali: 1,
    });
  });

  it('says whose numbers one Prometheus would add up, unless a label tells them apart', async () => {
    const url = mesh.urls.prometheus;
    const mixed = await diagnose(access, { prometheus: { url } });
    expect(mixed.row('prometheus')).toMatchObject({
      status: 'ok',
      message: expect.stringMatching(/^It answers for twin, too.*clusterLabel/),
    });
    for (const apart of [
      { prometheus: { url, clusterLabel: 'cluster' } },
      {
        prometheus: { url },
        clusters: [{ name: 'twin', prometheus: { url, tenant: 'twin' } }],
      },
    ]) {
      const { row } = await diagnose(access, apart);
      expect(row('prometheus').message ?? '').not.toContain('twin');
    }
  });

  it.each([
    ['refused', 'nothing listens there'],
    ['hangs', 'did not answer within'],
    ['401', 'refuses the portal (401)'],
    ['html', 'a login page stands before it'],
    ['500', 'answered with 500'],
    ['cut', 'cannot be reached'],
  ] as const)(
    'says what is wrong with all sources at once: %s',
    async (fault, expected) => {
      const names = ['prometheus', 'jaeger', 'kiali'] as const;
      await Promise.all(names.map(name => mesh.setFault(name, fault)));
      const { row, ms } = await diagnose(access, {
        prometheus: { url: mesh.urls.prometheus },
        tracing: { url: mesh.urls.jaeger },
        kiali: { url: mesh.urls.kiali },
      });
      for (const id of ['prometheus', 'traces', 'kiali']) {
        expect(row(id)).toMatchObject({
          status: 'down',
          message: expect.stringContaining(expected),
        });
      }
      expect(row('kubernetes').status).toBe('ok');
      expect(ms).toBeLessThan(DEADLINE_MS * 1.2);
      await Promise.all(names.map(name => mesh.setFault(name, undefined)));
    },
  );
});

describe('SourceCheckService', () => {
  const json =
    (answers: Record<string, unknown>): RequestListener =>
    (req, res) => {
      const answer = answers[req.url!];
      res.writeHead(answer ? 200 : 404, { 'Content-Type': 'application/json' });
      res.end(JSON.stringify(answer ?? { error: 'not found' }));
    };

  it.each<[string, string, Record<string, unknown>, object]>([
    [
      'a Prometheus that tells no version',
      'prometheus',
      { '/api/v1/query?query=1': { status: 'success', data: {} } },
      { status: 'ok' },
    ],
    [
      'a path that is not Prometheus’',
      'prometheus',
      {},
      {
        status: 'down',
        message: expect.stringContaining('lacks a part of its path'),
      },
    ],
    [
      'another thing',
      'prometheus',
      { '/api/v1/status/buildinfo': { hello: 'world' } },
      {
        status: 'down',
        message: expect.stringContaining('does not speak like Prometheus'),
      },
    ],
    [
      'an older Tempo',
      'tempo',
      { '/api/search/tags': { tagNames: [] } },
      { status: 'ok' },
    ],
    [
      'a Jaeger where a Tempo is configured',
      'tempo',
      { '/api/services': { data: [] } },
      { status: 'down', message: expect.stringContaining('Tempo') },
    ],
    [
      'Grafana',
      'grafana',
      { '/api/health': { database: 'ok', version: '12.1.0' } },
      { status: 'ok', version: '12.1.0' },
    ],
  ])('judges %s', async (_name, type, answers, expected) => {
    const url = await serve(json(answers));
    const key = type === 'tempo' ? 'tracing' : type;
    const { row } = await diagnose(kubernetes, { [key]: { url, type } });
    expect(row(key === 'tracing' ? 'traces' : key)).toMatchObject(expected);
  });

  it('names hosts that nobody knows and servers that are slow', async () => {
    const url = await serve((_req, res) => {
      setTimeout(() => res.end('{"database":"ok"}'), DEADLINE_MS * 0.4);
    });
    const { row } = await diagnose(kubernetes, {
      grafana: { url },
      prometheus: { url: 'http://prometheus.invalid' },
    });
    expect(row('grafana')).toMatchObject({
      status: 'ok',
      message: expect.stringContaining('raise mesh.deadlineMs'),
    });
    expect(row('prometheus')).toMatchObject({
      status: 'down',
      message: expect.stringMatching(
        /no such host is known|name server does not answer/,
      ),
    });
  });

  it('says that a cluster or their list cannot be read', async () => {
    const dead: MeshClusterAccess = {
      ...kubernetes,
      request: async () => {
        throw new Error('connect ECONNREFUSED');
      },
    };
    expect((await diagnose(dead, {})).row('kubernetes')).toMatchObject({
      status: 'down',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    const unlisted: MeshClusterAccess = {
      ...kubernetes,
      clusters: async () => {
        throw new Error('Unauthorized');
      },
    };
    expect((await diagnose(unlisted, {})).view.sources).toEqual([
      {
        cluster: '',
        id: 'kubernetes',
        status: 'down',
        configKey: 'kubernetes.clusterLocatorMethods',
        message: expect.stringContaining('Unauthorized'),
      },
    ]);
    expect((await diagnose(nobody, {})).view.sources).toEqual([]);
  });
});

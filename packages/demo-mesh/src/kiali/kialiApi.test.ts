import request from 'supertest';
import { examplePlatforms } from '../prometheus/__fixtures__/examplePlatforms';
import { createKialiApp } from './createKialiApp';
import type { KialiAuth } from './Sessions';

const NOW = Date.UTC(2026, 0, 10, 12);
type Cluster = ReturnType<typeof examplePlatforms>['cluster'];

function start(
  options: { change?: (cluster: Cluster) => void; auth?: KialiAuth } = {},
) {
  let now = NOW - 3_600_000;
  const { traffic, cluster } = examplePlatforms({ clock: () => now });
  options.change?.(cluster);
  now = NOW;
  return request(createKialiApp({ traffic, auth: options.auth }));
}

describe('the Kiali API over HTTP', () => {
  const api = start();

  it('says its version and how to log in, at the root and under /kiali', async () => {
    for (const root of ['', '/kiali']) {
      const { body } = await api.get(`${root}/api/status`).expect(200);
      expect(body.status['Kiali version']).toBe('v2.31.0');
      const info = await api.get(`${root}/api/auth/info`).expect(200);
      expect(info.body.strategy).toBe('anonymous');
      await api.get(`${root}/healthz`).expect(200);
    }
  });

  it.each([
    '/api/status',
    '/api/config',
    '/api/namespaces',
    '/api/clusters/services',
    '/api/clusters/workloads',
    '/api/clusters/health',
    '/api/clusters/tls',
    '/api/mesh/tls',
    '/api/istio/validations',
    '/api/namespaces/orion/tls',
    '/api/namespaces/graph',
    '/api/namespaces/orion/services/auth-service',
    '/api/namespaces/orion/services/auth-service/graph',
    '/api/namespaces/orion/workloads/auth-service',
  ])('%s refuses a parameter it does not know', async path => {
    const { body } = await api
      .get(path)
      .query({ namespaces: 'orion', portal: 'yes' })
      .expect(400);
    expect(body.detail).toContain('portal');
  });

  it('lists services and workloads of the namespaces asked for', async () => {
    const { body } = await api
      .get('/api/clusters/services')
      .query({ namespaces: 'orion,orion-batch', health: 'true' });
    expect(
      body.services.map(({ name, istioSidecar }: any) => [name, istioSidecar]),
    ).toEqual([
      ['auth-service', true],
      ['billing', true],
      ['gateway-service', true],
      ['notification-service', true],
      ['notification-service-primary', true],
      ['notification-service-canary', true],
      ['user-service', true],
      ['legacy-batch', false],
    ]);
    const workloads = await api
      .get('/api/clusters/workloads')
      .query({ namespaces: 'orion' });
    expect(workloads.body.workloads.map(({ name }: any) => name)).toContain(
      'auth-service-canary',
    );
  });

  it('shows a service with its workloads, routes, health and mTLS', async () => {
    const { body } = await api
      .get('/api/namespaces/orion/services/auth-service')
      .query({ validate: 'true', rateInterval: '5m' })
      .expect(200);
    expect(body).toMatchObject({
      service: { name: 'auth-service', namespace: 'orion' },
      istioSidecar: true,
      virtualServices: [{ metadata: { name: 'auth-service' } }],
      destinationRules: [{ metadata: { name: 'auth-service' } }],
      namespaceMTLS: { status: 'MTLS_ENABLED' },
    });
    expect(body.workloads).toHaveLength(2);
    expect(body.endpoints[0].addresses).toHaveLength(4);
    const { inbound } = body.health.requests;
    expect(inbound.http['200']).toBeGreaterThan(80);
    expect(inbound.http['403']).toBeGreaterThan(0.1);
    expect(body.health.status.status).toBe('Degraded');
  });

  it.each([
    '/api/namespaces/orion/services/nobody',
    '/api/namespaces/orion/services/nobody/graph',
    '/api/namespaces/orion/workloads/nobody',
    '/api/namespaces/nowhere/tls',
  ])('answers 404 for %s', async path => {
    const { status, body } = await api.get(path);
    expect(status).toBe(404);
    expect(body.error).toContain('not found');
  });

  it('computes health by kind', async () => {
    const ofServices = await api
      .get('/api/clusters/health')
      .query({ type: 'service', namespaces: 'autolytiq' });
    const { namespaceServiceHealth } = ofServices.body;
    expect(
      namespaceServiceHealth.autolytiq['inventory-service'].status.errorRatio,
    ).toBeGreaterThan(1);
    const ofWorkloads = await api
      .get('/api/clusters/health')
      .query({ type: 'workload', namespaces: 'orion' });
    expect(
      ofWorkloads.body.namespaceWorkloadHealth.orion['auth-service']
        .workloadStatus,
    ).toMatchObject({ desiredReplicas: 3, availableReplicas: 3 });
    await api.get('/api/clusters/health').query({ type: 'pod' }).expect(400);
  });

  it('counts the remarks about each namespace', async () => {
    const { body } = await api
      .get('/api/istio/validations')
      .query({ namespaces: 'orion,autolytiq' });
    expect(body).toEqual([
      expect.objectContaining({ namespace: 'orion', errors: 0 }),
      expect.objectContaining({ namespace: 'autolytiq', errors: 1 }),
    ]);
  });

  it('draws the graph from the traffic, with the encrypted share of each edge', async () => {
    const { body } = await api
      .get('/api/namespaces/graph')
      .query({ namespaces: 'orion', graphType: 'workload', duration: '5m' })
      .expect(200);
    const names = new Map(
      body.elements.nodes.map(({ data }: any) => [data.id, data.workload]),
    );
    const edge = (from: string, to: string) =>
      body.elements.edges.find(
        ({ data }: any) =>
          names.get(data.source) === from && names.get(data.target) === to,
      )?.data;
    expect(edge('gateway-service', 'auth-service')).toMatchObject({
      isMTLS: '100.0',
      sourcePrincipal: 'spiffe://cluster.local/ns/orion/sa/gateway-service',
    });
    expect(edge('legacy-batch', 'user-service').isMTLS).toBeUndefined();
    expect(edge('billing', 'auth-service').traffic).toMatchObject({
      rates: { httpPercentErr: '100.0' },
      responses: { 403: { flags: { '-': '100.0' } } },
    });
    const ratio =
      Number(
        edge('gateway-service', 'auth-service-canary').traffic.rates.http,
      ) / Number(edge('gateway-service', 'auth-service').traffic.rates.http);
    expect(ratio).toBeGreaterThan(0.05);
    expect(ratio).toBeLessThan(0.12);
  });

  it('limits the graph to one service, and asks for a namespace', async () => {
    const { body } = await api
      .get('/api/namespaces/orion/services/billing/graph')
      .query({ graphType: 'versionedApp', injectServiceNodes: 'true' });
    const services = body.elements.nodes
      .map(({ data }: any) => data.service)
      .filter(Boolean);
    expect([...new Set(services)]).toEqual(['billing']);
    await api.get('/api/namespaces/graph').expect(400);
    await api
      .get('/api/namespaces/graph')
      .query({ namespaces: 'orion', graphType: 'pie' })
      .expect(400);
  });
});

describe('the mTLS status, by Kiali’s own reading', () => {
  it.each<{
    name: string;
    change: (cluster: Cluster) => void;
    mesh: string;
    orion: string;
  }>([
    {
      name: 'STRICT everywhere',
      change: () => {},
      mesh: 'MTLS_ENABLED',
      orion: 'MTLS_ENABLED',
    },
    {
      name: 'no policy for the namespace',
      change: cluster =>
        cluster.remove('PeerAuthentication', 'orion', 'orion-mtls'),
      mesh: 'MTLS_ENABLED',
      orion: 'UNSET_INHERITED_STRICT',
    },
    {
      name: 'no policy at all',
      change: cluster => {
        cluster.remove('PeerAuthentication', 'orion', 'orion-mtls');
        cluster.remove('PeerAuthentication', 'istio-system', 'default');
      },
      mesh: 'MTLS_NOT_ENABLED',
      orion: 'UNSET',
    },
    {
      name: 'a PERMISSIVE namespace',
      change: cluster =>
        cluster.edit('PeerAuthentication', 'orion', 'orion-mtls', object => {
          object.spec.mtls.mode = 'PERMISSIVE';
        }),
      mesh: 'MTLS_ENABLED',
      orion: 'MTLS_PARTIALLY_ENABLED',
    },
    {
      name: 'a disabled mesh',
      change: cluster => {
        cluster.edit(
          'PeerAuthentication',
          'istio-system',
          'default',
          object => {
            object.spec.mtls.mode = 'DISABLE';
          },
        );
        cluster.remove('PeerAuthentication', 'orion', 'orion-mtls');
      },
      mesh: 'MTLS_DISABLED',
      orion: 'UNSET_INHERITED_DISABLED',
    },
  ])('$name: mesh $mesh, orion $orion', async ({ change, mesh, orion }) => {
    const api = start({ change });
    const ofMesh = await api.get('/api/mesh/tls').expect(200);
    expect(ofMesh.body).toMatchObject({ status: mesh, autoMTLSEnabled: true });
    const ofNamespace = await api.get('/api/namespaces/orion/tls').expect(200);
    expect(ofNamespace.body.status).toBe(orion);
    const ofAll = await api
      .get('/api/clusters/tls')
      .query({ namespaces: 'orion' });
    expect(ofAll.body).toEqual([ofNamespace.body]);
  });
});

describe('Kiali with the token strategy', () => {
  const api = start({
    auth: { strategy: 'token', tokens: ['a-demo-token'] },
  });

  it('is closed without a session, except for status and login', async () => {
    await api.get('/kiali/api/namespaces').expect(401);
    await api.get('/api/status').expect(200);
    const { body } = await api.get('/api/auth/info').expect(200);
    expect(body).toEqual({ strategy: 'token', sessionInfo: {} });
  });

  it('takes a token once and a cookie from then on, and no bearer token', async () => {
    const login = await api
      .post('/kiali/api/authenticate')
      .type('form')
      .send({ token: 'a-demo-token' })
      .expect(200);
    const [cookie] = login.get('Set-Cookie') ?? [];
    expect(cookie).toMatch(/^kiali-token-Kubernetes=\w+;.*HttpOnly/);
    await api
      .get('/api/namespaces')
      .set('Cookie', cookie.split(';')[0])
      .expect(200);
    await api
      .get('/api/namespaces')
      .set('Authorization', 'Bearer a-demo-token')
      .expect(401);
    await api
      .post('/api/authenticate')
      .type('form')
      .send({ token: 'a-guess' })
      .expect(401);
  });
});

import { join } from 'node:path';
import request from 'supertest';
import { createControlApp } from './createControlApp';
import { DemoMesh } from './DemoMesh';
import { PortTakenError } from './LoopbackServer';

const EXAMPLES = join(__dirname, '../../../examples/platforms');
const NOON = Date.UTC(2026, 0, 10, 12);

describe('DemoMesh', () => {
  let now = NOON;
  let mesh: DemoMesh;

  beforeEach(async () => {
    now = NOON;
    mesh = await DemoMesh.start({
      platforms: [join(EXAMPLES, 'orion')],
      clock: () => now,
      tokens: [{ token: 'known', user: 'portal', rules: 'all' }],
    });
  });
  afterEach(() => mesh.stop());

  const api = () => request(mesh.urls.kubernetes);
  const query = async (text: string) => {
    const { body } = await request(mesh.urls.prometheus)
      .get('/api/v1/query')
      .query({ query: text, time: now / 1000 });
    return body.data.result.map((row: any) => [
      row.metric,
      Number(row.value[1]),
    ]);
  };
  const canaryShare = async () => {
    const rate =
      'rate(istio_requests_total{reporter="destination",destination_service_name="auth-service",destination_service_namespace="orion",source_workload="gateway-service"';
    const [[, share]] = await query(
      `sum(${rate},destination_canonical_revision="canary"}[1m])) / sum(${rate}}[1m]))`,
    );
    return share;
  };

  it('changes the traffic when somebody changes the weights over the Kubernetes API', async () => {
    expect(await canaryShare()).toBeLessThan(0.12);
    const path =
      '/apis/networking.istio.io/v1/namespaces/orion/virtualservices/auth-service';
    const { body } = await api().get(path).expect(200);
    body.spec.http[0].route[0].weight = 50;
    body.spec.http[0].route[1].weight = 50;
    now += 60_000;
    await api().put(path).send(body).expect(200);
    now += 120_000;
    expect(await canaryShare()).toBeGreaterThan(0.35);
  });

  it('sends traffic to a service that is deployed while it runs', async () => {
    const labels = { app: 'search', version: 'stable' };
    now += 60_000;
    await api()
      .post('/apis/apps/v1/namespaces/orion/deployments')
      .send({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'search' },
        spec: {
          replicas: 2,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: { containers: [{ name: 'search', image: 'search:1' }] },
          },
        },
      })
      .expect(201);
    await api()
      .post('/api/v1/namespaces/orion/services')
      .send({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'search' },
        spec: {
          selector: { app: 'search' },
          ports: [{ name: 'http', port: 8080 }],
        },
      })
      .expect(201);
    now += 300_000;
    const rates = await query(
      'sum(rate(istio_requests_total{reporter="destination",destination_service_name="search"}[2m])) by (source_workload, connection_security_policy)',
    );
    const bySource = Object.fromEntries(
      rates.map(([labelsOf, rate]: any) => [labelsOf.source_workload, rate]),
    );
    expect(bySource['gateway-service']).toBeGreaterThan(2);
    expect(bySource.prometheus).toBeGreaterThan(0.05);
  });

  it('lets the Kubernetes API die and come back on its port, with its objects', async () => {
    const controls = request(createControlApp(mesh));
    const { kubernetes } = mesh.urls;
    await controls.post('/kubernetes/stop').expect(200);
    await expect(fetch(`${kubernetes}/api`)).rejects.toThrow();
    await request(mesh.urls.prometheus).get('/-/ready').expect(200);
    await controls.post('/kubernetes/start').expect(200);
    expect(mesh.urls.kubernetes).toBe(kubernetes);
    await api().get('/api/v1/namespaces/orion/services/billing').expect(200);
    const { body } = await controls.get('/healthz').expect(200);
    expect(body).toEqual({ ok: true, isKubernetesUp: true, urls: mesh.urls });
  });

  it('takes its token, refuses others, and needs none', async () => {
    const statusWith = async (headers: Record<string, string>) =>
      (await api().get('/api/v1/namespaces').set(headers)).status;
    expect(await statusWith({})).toBe(200);
    expect(await statusWith({ Authorization: 'Bearer known' })).toBe(200);
    expect(await statusWith({ Authorization: 'Bearer unknown' })).toBe(401);
  });

  it('can be two clusters at once', async () => {
    const other = await DemoMesh.start({
      platforms: [join(EXAMPLES, 'orion')],
      clock: () => now,
    });
    const path = '/api/v1/namespaces/orion/services/billing';
    await request(other.urls.kubernetes).delete(path).expect(200);
    await request(other.urls.kubernetes).get(path).expect(404);
    await api().get(path).expect(200);
    expect(mesh.requests().kubernetes.total).toBe(1);
    await other.stop();
    await api().get(path).expect(200);
  });

  it('captures pods for ztunnel in an ambient namespace', async () => {
    const zoptal = await DemoMesh.start({
      platforms: [join(EXAMPLES, 'zoptal')],
    });
    const pods = zoptal.store
      .all()
      .filter(
        ({ kind, metadata }) =>
          kind === 'Pod' && metadata.namespace === 'zoptal-production',
      );
    const capturedApps = pods
      .filter(
        ({ metadata }) =>
          metadata.annotations?.['ambient.istio.io/redirection'] === 'enabled',
      )
      .map(({ metadata }) => metadata.labels?.app);
    expect(new Set(capturedApps).size).toBe(5);
    expect(pods).toHaveLength(capturedApps.length + 1);
    await zoptal.stop();
  });

  it('says which port is taken', async () => {
    const port = Number(new URL(mesh.urls.jaeger).port);
    const start = DemoMesh.start({ platforms: [], ports: { jaeger: port } });
    await expect(start).rejects.toThrow(PortTakenError);
    await expect(start).rejects.toMatchObject({ server: 'jaeger', port });
  });
});

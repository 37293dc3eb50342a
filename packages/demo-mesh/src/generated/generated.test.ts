import { findings, MeshObjects } from '@meshdeck/istio-config';
import request from 'supertest';
import { DemoMesh } from '../DemoMesh';
import { generatedEntities } from './generatedEntities';
import { generatePlatform } from './generatePlatform';

const NOON = Date.UTC(2026, 0, 10, 12);
const SERVICES = 45;

describe('a generated mesh', () => {
  let now = NOON;
  let mesh: DemoMesh;

  beforeAll(async () => {
    mesh = await DemoMesh.start({
      platforms: [],
      generated: { services: SERVICES },
      clock: () => now,
    });
  });
  afterAll(() => mesh.stop());

  const all = (kind: string) =>
    mesh.store.all().filter(object => object.kind === kind);
  const query = async (text: string) => {
    const { body } = await request(mesh.urls.prometheus)
      .get('/api/v1/query')
      .query({ query: text, time: now / 1000 });
    return body.data.result.map((row: any) => [
      row.metric,
      Number(row.value[1]),
    ]);
  };

  it('is the same for the same number, and the beginning of a larger one', () => {
    const texts = (services: number) =>
      generatePlatform({ services }).objects.map(object =>
        JSON.stringify(object),
      );
    const small = texts(20);
    expect(texts(20)).toEqual(small);
    expect(texts(40)).toEqual(expect.arrayContaining(small));
    expect(new Set(small).size).toBe(small.length);
  });

  it('has for each service its pods, its account and ten objects of the mesh', () => {
    expect(all('Service')).toHaveLength(SERVICES + 2);
    const owned = mesh.store
      .all()
      .filter(
        ({ metadata }) =>
          metadata.namespace === 'team-003' &&
          /^service-0022\b/.test(metadata.name),
      );
    const kinds = owned.map(({ kind }) => kind);
    expect(kinds.filter(kind => kind === 'Pod')).toHaveLength(2);
    const ofMesh = owned.filter(({ apiVersion }) =>
      /istio\.io|gateway/.test(apiVersion),
    );
    expect(ofMesh).toHaveLength(10);
  });

  it('leaves nothing for the controller to do, and lets it take over', async () => {
    const deployment = all('Deployment').find(
      ({ metadata }) => metadata.name === 'service-0012',
    )!;
    const podsOf = () =>
      all('Pod')
        .filter(({ metadata }) => metadata.labels?.app === 'service-0012')
        .map(({ metadata }) => metadata.name);
    const before = podsOf();
    expect(all('ReplicaSet')).toHaveLength(all('Deployment').length);
    await request(mesh.urls.kubernetes)
      .patch('/apis/apps/v1/namespaces/team-002/deployments/service-0012')
      .set('Content-Type', 'application/merge-patch+json')
      .send(JSON.stringify({ spec: { replicas: 3 } }))
      .expect(200);
    expect(podsOf()).toHaveLength(3);
    expect(podsOf()).toEqual(expect.arrayContaining(before));
    expect(all('ReplicaSet')).toHaveLength(all('Deployment').length);
    expect(deployment.metadata.managedFields).not.toHaveLength(0);
  });

  it('has no error in it', () => {
    const found = findings(
      MeshObjects.create(mesh.store.all(), { now: () => now }),
    );
    const errors = found
      .filter(({ level }) => level === 'error')
      .map(
        ({ code, resource, message }) =>
          `${code} ${resource.kind} ${resource.name}: ${message}`,
      );
    expect(errors).toEqual([]);
  });

  it('knows the callers of a service and follows its objects', async () => {
    const callers = async () =>
      Object.fromEntries(
        (
          await query(
            'sum(rate(istio_requests_total{reporter="destination",destination_service_namespace="team-002",destination_service_name="service-0015",response_code="200"}[1m])) by (source_workload)',
          )
        ).map(([labels, rate]: any) => [labels.source_workload, rate]),
      );
    expect((await callers())['service-0014']).toBeGreaterThan(0.3);
    now += 60_000;
    await request(mesh.urls.kubernetes)
      .delete(
        '/apis/networking.istio.io/v1/namespaces/team-002/destinationrules/service-0015',
      )
      .expect(200);
    now += 120_000;
    // The subsets that its routes name are gone.
    expect((await callers())['service-0014']).toBe(0);
  });

  it('shows a trace found by its service again by its id', async () => {
    const jaeger = request(mesh.urls.jaeger);
    const { body } = await jaeger.get('/api/traces').query({
      service: 'service-0026.team-003',
      lookback: '2h',
      limit: 5,
    });
    expect(body.data).toHaveLength(5);
    const [first] = body.data;
    const again = await jaeger.get(`/api/traces/${first.traceID}`);
    expect(again.body.data[0]).toEqual(first);
    const services = await jaeger.get('/api/services');
    expect(services.body.data).toContain('service-0045.team-005');
  });

  it('comes with catalog entities that lead to its Services', () => {
    const entities = generatedEntities({ services: SERVICES });
    const components = entities.filter(({ kind }) => kind === 'Component');
    expect(components).toHaveLength(SERVICES);
    for (const { metadata, spec } of components) {
      const service = all('Service').find(
        object =>
          object.metadata.labels?.['backstage.io/kubernetes-id'] ===
          metadata.annotations?.['backstage.io/kubernetes-id'],
      )!;
      expect(service.metadata).toMatchObject({
        namespace: metadata.annotations?.['backstage.io/kubernetes-namespace'],
        annotations: {
          'meshdeck.io/entity': `component:default/${metadata.name}`,
        },
      });
      expect(spec.owner).toBe(`group:default/${service.metadata.namespace}`);
    }
  });
});

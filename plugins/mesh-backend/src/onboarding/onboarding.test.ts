import type { DemoMesh } from '@meshdeck/demo-mesh';
import { eventually } from '../__testUtils__/eventually';
import {
  component,
  startDemoMesh,
  startPortal,
} from '../__testUtils__/startPortal';

/** Entities that are there before their services. */
const ENTITIES = [
  {
    ...component('pricing-service', {
      'meshdeck.io/services': 'autolytiq/pricing-service',
    }),
    spec: { type: 'service', owner: 'team-deals' },
    relations: [],
  },
  component('claims-service'),
];

let mesh: DemoMesh;

beforeAll(async () => {
  mesh = await startDemoMesh();
});

afterAll(() => mesh.stop());

describe('onboarding', () => {
  const base = {
    cluster: 'demo',
    namespace: 'autolytiq',
    name: 'pricing-service',
    owner: 'group:default/team-deals',
    image: 'ghcr.io/autolytiq/pricing:1.0.0',
    port: 8090,
  };

  let portal: Awaited<ReturnType<typeof startPortal>>;

  beforeAll(async () => {
    portal = await startPortal({ mesh, entities: ENTITIES });
  });

  afterAll(() => {
    portal.server.stop();
  });

  const exists = async (path: string) =>
    (await portal.access.request('demo', { path })).status === 200;

  it.each([
    [
      'manifests',
      {
        manifests: [
          { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' } },
        ],
      },
      400,
      'from which the portal renders the manifests itself',
    ],
    [
      'the name of an entity of another team',
      { name: 'claims-service' },
      409,
      'is in the catalog already and does not belong to group:default/team-deals',
    ],
    ['an owner that is none', { owner: '::' }, 400, 'names nobody'],
    [
      'a team that the asker is not in',
      { owner: 'group:default/team-identity' },
      403,
      'do not belong to',
    ],
    [
      'a namespace that is not open',
      { namespace: 'orion' },
      403,
      'is not open to',
    ],
    [
      'a platform namespace',
      { namespace: 'istio-system' },
      400,
      'belongs to the platform',
    ],
    ['a name out of the world', { name: '../x' }, 400, 'name:'],
    ['an image that is none', { image: 'a image' }, 400, 'image:'],
  ])('refuses %s', async (_name, change, status, message) => {
    const answer = await portal.post('/onboardings', { ...base, ...change });
    expect([answer.status, answer.body.error?.message]).toEqual([
      status,
      expect.stringContaining(message),
    ]);
  });

  it('rehearses, writes, and does it twice without harm', async () => {
    const path = '/api/v1/namespaces/autolytiq/services/pricing-service';
    const rehearsed = await portal.post('/onboardings', {
      ...base,
      dryRun: true,
    });
    expect(rehearsed.body.error).toBeUndefined();
    expect(rehearsed.body.applied[0]).toContain('(rehearsed)');
    expect(await exists(path)).toBe(false);
    const once = await portal.post('/onboardings', base);
    expect(once.body).toMatchObject({
      entityRef: 'component:default/pricing-service',
      applied: expect.arrayContaining([
        'Service autolytiq/pricing-service (created)',
        'AuthorizationPolicy autolytiq/pricing-service-policy (created)',
      ]),
    });
    expect(await exists(path)).toBe(true);
    await eventually(async () => {
      const { body } = await portal.get('pricing-service', '/placements');
      expect(body.placements).toHaveLength(1);
    });
    const twice = await portal.post('/onboardings', base);
    expect(twice.body.applied[0]).toContain('(unchanged)');
  });
});

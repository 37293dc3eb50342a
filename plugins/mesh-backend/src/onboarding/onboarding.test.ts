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
  };
  const service = (overrides: object = {}) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'pricing-service',
      namespace: 'autolytiq',
      labels: { 'meshdeck.io/onboarded': 'true' },
      annotations: {
        'meshdeck.io/entity': 'component:default/pricing-service',
        'meshdeck.io/owner': 'group:default/team-deals',
      },
    },
    spec: {
      selector: { app: 'pricing-service' },
      ports: [{ name: 'http', port: 8090, targetPort: 8090 }],
    },
    ...overrides,
  });
  const policy = (selector: object | undefined) => ({
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name: 'pricing-service-policy', namespace: 'autolytiq' },
    spec: { selector, rules: [{}] },
  });

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
      'a kind that is not for services',
      {
        manifests: [
          service(),
          {
            ...policy({}),
            kind: 'ClusterRole',
            apiVersion: 'rbac.authorization.k8s.io/v1',
          },
        ],
      },
      400,
      'does not write ClusterRole',
    ],
    [
      'another namespace',
      {
        manifests: [
          service(),
          {
            ...policy({}),
            metadata: { name: 'pricing-service-policy', namespace: 'orion' },
          },
        ],
      },
      400,
      'metadata.namespace: must be autolytiq',
    ],
    [
      'another name',
      {
        manifests: [
          service(),
          {
            ...policy({}),
            metadata: { name: 'default', namespace: 'autolytiq' },
          },
        ],
      },
      400,
      'its name must be pricing-service or pricing-service-policy.',
    ],
    [
      'a policy for everybody',
      { manifests: [service(), policy(undefined)] },
      400,
      'it must select app: pricing-service',
    ],
    [
      'a Service that names another entity',
      {
        manifests: [
          service({
            metadata: {
              ...service().metadata,
              annotations: { 'meshdeck.io/entity': 'component:default/x' },
            },
          }),
        ],
      },
      400,
      'meshdeck.io/entity: must be component:default/pricing-service',
    ],
    [
      'a Service of another name',
      { name: 'deal-service', manifests: [service()] },
      400,
      'its name must be deal-service',
    ],
    [
      'the name of an entity of another team',
      {
        name: 'claims-service',
        manifests: [
          {
            ...service({
              spec: { ...service().spec, selector: { app: 'claims-service' } },
            }),
            metadata: { name: 'claims-service', namespace: 'autolytiq' },
          },
        ],
      },
      409,
      'is in the catalog already and does not belong to group:default/team-deals',
    ],
    [
      'an owner that is none',
      { owner: '::', manifests: [service()] },
      400,
      'names nobody',
    ],
    [
      'a team that the asker is not in',
      { owner: 'group:default/team-identity', manifests: [service()] },
      403,
      'do not belong to',
    ],
    [
      'a namespace that is not open',
      { namespace: 'orion', manifests: [service()] },
      403,
      'is not open to',
    ],
    [
      'a platform namespace',
      { namespace: 'istio-system', manifests: [service()] },
      400,
      'belongs to the platform',
    ],
    [
      'a name out of the world',
      { name: '../x', manifests: [service()] },
      400,
      'name:',
    ],
  ])('refuses %s', async (_name, change, status, message) => {
    const answer = await portal.post('/onboardings', { ...base, ...change });
    expect([answer.status, answer.body.error?.message]).toEqual([
      status,
      expect.stringContaining(message),
    ]);
  });

  it('rehearses, writes, and does it twice without harm', async () => {
    const manifests = [
      service(),
      policy({ matchLabels: { app: 'pricing-service' } }),
    ];
    const path = '/api/v1/namespaces/autolytiq/services/pricing-service';
    const rehearsed = await portal.post('/onboardings', {
      ...base,
      manifests,
      dryRun: true,
    });
    expect(rehearsed.body.error).toBeUndefined();
    expect(rehearsed.body.applied[0]).toContain('(rehearsed)');
    expect(await exists(path)).toBe(false);
    const once = await portal.post('/onboardings', { ...base, manifests });
    expect(once.body).toMatchObject({
      entityRef: 'component:default/pricing-service',
      applied: [
        'Service autolytiq/pricing-service (created)',
        'AuthorizationPolicy autolytiq/pricing-service-policy (created)',
      ],
    });
    expect(await exists(path)).toBe(true);
    await eventually(async () => {
      const { body } = await portal.get('pricing-service', '/placements');
      expect(body.placements).toHaveLength(1);
    });
    const twice = await portal.post('/onboardings', { ...base, manifests });
    expect(twice.body.applied[0]).toContain('(unchanged)');
  });
});

import type { DemoMesh } from '@meshdeck/demo-mesh';
import { createServer } from 'http';
import { AddressInfo } from 'net';
import { DirectAccess } from './__testUtils__/DirectAccess';
import { eventually } from './__testUtils__/eventually';
import {
  component,
  startDemoMesh,
  startPortal,
} from './__testUtils__/startPortal';

const AUTH = '/placements/demo:orion:auth-service';
const DEAL = '/placements/demo:autolytiq:deal-service';
const VIEWS = [
  'overview',
  'routes',
  'security',
  'traces',
  'canary',
  'topology',
];

const ENTITIES = [
  component('auth-service', { 'backstage.io/kubernetes-id': 'auth-service' }),
  component('deal-service', {
    'meshdeck.io/services': 'autolytiq/deal-service',
  }),
  component('bare'),
  component('user-service'),
  component('lost', {
    'backstage.io/kubernetes-id': 'auth-service',
    'backstage.io/kubernetes-namespace': 'orion-prdo',
  }),
  component('moon', {
    'backstage.io/kubernetes-id': 'auth-service',
    'backstage.io/kubernetes-cluster': 'moon',
  }),
  component('hostile', { 'meshdeck.io/services': '../../istio-system/x' }),
  component('greedy', { 'meshdeck.io/services': 'istio-system/istiod' }),
  component('pricing-service', {
    'meshdeck.io/services': 'autolytiq/pricing-service',
  }),
  component('thief', { 'meshdeck.io/services': 'orion/auth-service' }),
];

let mesh: DemoMesh;

beforeAll(async () => {
  mesh = await startDemoMesh();
});

afterAll(() => mesh.stop());

describe('the mesh backend over the demo mesh', () => {
  let portal: Awaited<ReturnType<typeof startPortal>>;

  beforeAll(async () => {
    portal = await startPortal({ mesh, entities: ENTITIES });
  });

  afterAll(() => {
    portal.server.stop();
  });

  it('finds the placements of an entity by its labels, the main namespace first', async () => {
    const { body } = await portal.get('auth-service', '/placements');
    expect(body.placements.map(({ id }: { id: string }) => id)).toEqual([
      'demo:orion:auth-service',
      'demo:orion-staging:auth-service',
    ]);
  });

  it.each([
    ['bare', 'no-annotation', /which Kubernetes Service/, /catalog-info/],
    ['user-service', 'no-annotation', /which Kubernetes/, /catalog-info/],
    ['lost', 'no-such-namespace', /"orion-prdo"/, /kubernetes-namespace/],
    ['moon', 'no-such-cluster', /cluster "moon"/, /one of demo/],
    ['hostile', 'bad-annotation', /meshdeck.io\/services is/, /Correct it/],
    ['greedy', 'bad-annotation', /belongs to the platform/, /your own/],
  ])('says what is wrong with %s', async (name, code, message, fix) => {
    const { status, body } = await portal.get(name, '/placements');
    expect(status).toBe(200);
    expect(body.problems).toEqual([
      expect.objectContaining({
        code,
        message: expect.stringMatching(message),
        fix: expect.stringMatching(fix),
      }),
    ]);
  });

  it('fills the likely Service into the lines to add', async () => {
    const { body } = await portal.get('user-service', '/placements');
    expect(body.problems[0].snippet).toContain(
      'meshdeck.io/services: autolytiq/user-service',
    );
  });

  it('opens no platform namespace to an annotation, by any way', async () => {
    const { status } = await portal.get(
      'greedy',
      '/placements/demo:istio-system:istiod/overview',
    );
    expect(status).toBe(404);
    const { body } = await portal.get('greedy', '/placements');
    expect(body.placements).toEqual([]);
  });

  it.each(VIEWS)('answers %s of both platforms with data', async view => {
    for (const [name, placement] of [
      ['auth-service', AUTH],
      ['deal-service', DEAL],
    ]) {
      const { status, body } = await portal.get(name, `${placement}/${view}`);
      expect(status).toBe(200);
      expect(body.verdict.sentence).not.toBe('');
      expect(
        body.sources.map(({ status: own }: { status: string }) => own),
      ).toEqual(['ok', 'ok']);
    }
  });

  it('tells routes in words, with configured and live shares', async () => {
    const { body } = await portal.get('auth-service', `${AUTH}/routes`);
    expect(body.rules[0]).toMatchObject({
      requests: ['/api/auth/login*'],
      treatment: ['waits 10 s', 'retries 2×, 5 s each'],
      destinations: [
        { subset: 'stable', configuredShare: 0.9, state: 'ok' },
        { subset: 'canary', configuredShare: 0.1, state: 'ok' },
      ],
    });
    const live = body.rules[0].destinations.map(
      ({ liveShare }: { liveShare: number }) => liveShare,
    );
    expect(live[0]).toBeGreaterThan(0.8);
    expect(live[0] + live[1]).toBeCloseTo(1, 9);
    expect(body.rules[1].destinations[0]).not.toHaveProperty('liveShare');
    expect(body.rules[1].destinations[0].errorShare).toBeGreaterThan(0);
    expect(body.waysIn).not.toHaveLength(0);
  });

  it('says of a canary that only a rule of its own reaches how it fares', async () => {
    const { body } = await portal.get('deal-service', `${DEAL}/canary`);
    expect(body.verdict).toMatchObject({
      level: 'warning',
      sentence: expect.stringMatching(
        /^Requests go to stable, to canary only by a rule of its own; canary fails more often: .* %\.$/,
      ),
    });
  });

  it('tells which rule a request takes, and who may call', async () => {
    const tried = await portal.postTo('auth-service', `${AUTH}/routes/try`, {
      method: 'POST',
      path: '/api/auth/login',
    });
    expect(tried.body).toMatchObject({
      ruleIndex: 0,
      sentence: 'Rule 1, because the path starts with /api/auth/login.',
    });
    const call = (from: string | undefined, path: string) =>
      portal
        .postTo('auth-service', `${AUTH}/security/try`, {
          from,
          method: 'POST',
          path,
        })
        .then(({ body }) => body);
    await expect(
      call('orion/gateway-service', '/api/auth/login'),
    ).resolves.toMatchObject({ outcome: 'allowed' });
    await expect(
      call('orion/billing', '/api/auth/login'),
    ).resolves.toMatchObject({ outcome: 'denied', status: 403 });
    await expect(call(undefined, '/api/auth/login')).resolves.toMatchObject({
      outcome: 'refused',
    });
  });

  it('names callers with what they may do and who owns them', async () => {
    const { body } = await portal.get('auth-service', `${AUTH}/security`);
    const byName = Object.fromEntries(
      body.callers.map((caller: { name: string }) => [caller.name, caller]),
    );
    expect(byName['gateway-service']).toMatchObject({
      encrypted: 'yes',
      allowed: 'partly',
    });
    expect(byName.billing).toMatchObject({ allowed: 'no', deniedShare: 1 });
  });

  it('shows one trace, and no trace of somebody else', async () => {
    const { body } = await portal.get('auth-service', `${AUTH}/traces`);
    const { traceId } = body.traces[0];
    const trace = await portal.get('auth-service', `${AUTH}/traces/${traceId}`);
    expect(trace.body.spans.length).toBe(body.traces[0].spans);
    const foreign = await portal.get(
      'deal-service',
      `${DEAL}/traces/${traceId}`,
    );
    expect(foreign.status).toBe(404);
    const hostile = await portal.get(
      'auth-service',
      `${AUTH}/traces/..%2F..%2Fservices`,
    );
    expect(hostile.status).toBe(400);
  });

  it.each([
    ['auth-service', `${AUTH}/routes?window=1y`, 400],
    ['auth-service', `${AUTH}/traces?limit=100000`, 400],
    ['auth-service', `${AUTH}/traces?tags=[1]`, 400],
    ['auth-service', '/placements/demo:orion:billing/routes', 404],
    ['auth-service', '/placements/nonsense/routes', 400],
    ['nobody', '/placements', 404],
  ])('answers %s%s with %i', async (name, path, status) => {
    expect((await portal.get(name, path)).status).toBe(status);
  });

  it('answers nobody without a name', async () => {
    const base = '/api/mesh/v1/entities/component/default/auth-service';
    for (const path of [
      `${base}/placements`,
      ...VIEWS.map(view => `${base}${AUTH}/${view}`),
      '/api/mesh/v1/onboarded',
    ]) {
      expect((await portal.anonymous(path)).status).toBe(401);
    }
  });

  it('gives onboarded services to other plugins only', async () => {
    expect((await portal.getPath('/onboarded')).status).toBe(403);
  });

  describe('moving a weight', () => {
    const intent = { ruleIndex: 0, weights: { stable: 75, canary: 25 } };
    const preview = (body: object = intent) =>
      portal.postTo('auth-service', `${AUTH}/canary/preview`, body);
    const apply = (body: object) =>
      portal.postTo('auth-service', `${AUTH}/canary/apply`, body);

    it('previews, applies under the lock, and the traffic follows', async () => {
      const { body: seen } = await preview();
      expect(seen).toMatchObject({
        sentence: '15 % of requests move from stable to canary.',
        dryRun: { ok: true },
        findingsNew: [],
      });
      expect(seen.before).toContain('weight: 90');
      expect(seen.after).toContain('weight: 75');
      const untaken = await apply({ ...intent, ...pick(seen) });
      expect([untaken.status, untaken.body.error.message]).toEqual([
        400,
        expect.stringContaining('owns what would be changed'),
      ]);
      const applied = await apply({ ...intent, ...pick(seen), takeOver: true });
      expect(applied.status).toBe(200);
      expect(applied.body.object.yaml).toContain('weight: 25');
      await eventually(async () => {
        const { body } = await portal.get('auth-service', `${AUTH}/canary`);
        expect(body.rules[0].weights).toEqual(intent.weights);
      });

      const again = await apply({
        ruleIndex: 0,
        weights: { stable: 100, canary: 0 },
        resourceVersion: seen.resourceVersion,
        takeOver: true,
      });
      expect(again.status).toBe(409);
      expect(again.body.conflict).toMatchObject({
        seen: seen.resourceVersion,
        message: expect.stringContaining('Nothing was written'),
        current: { yaml: expect.stringContaining('weight: 25') },
      });
      const { body: after } = await portal.get(
        'auth-service',
        `${AUTH}/canary`,
      );
      expect(after.rules[0].weights).toEqual(intent.weights);
    });

    it.each([
      [{ ruleIndex: 0, weights: { stable: 50, canary: 49 } }, 'add up to 99'],
      [{ ruleIndex: 0, weights: { stable: 100.5 } }, 'weights.stable'],
      [{ ruleIndex: 7, weights: { stable: 100 } }, 'does not split'],
      [{ ruleIndex: 0, weights: { beta: 100 } }, 'no subset "beta"'],
      [{}, 'ruleIndex'],
    ])('refuses %j', async (body, message) => {
      const { status, body: answer } = await preview(body);
      expect(status).toBe(400);
      expect(answer.error.message).toContain(message);
    });

    it('refuses an entity that the cluster does not name, whatever its catalog file says', async () => {
      const { status, body } = await portal.postTo(
        'thief',
        `${AUTH}/canary/preview`,
        intent,
      );
      expect(status).toBe(403);
      expect(body.error.message).toContain(
        'does not name component:default/thief',
      );
      const view = await portal.get('thief', `${AUTH}/canary`);
      expect(view.body.cannotChange).toContain('meshdeck.io/entity');
    });
  });
});

function pick({ resourceVersion }: { resourceVersion: string }) {
  return { resourceVersion };
}

describe('permissions', () => {
  it('asks for reading before anything else, and for moving on top', async () => {
    const blind = await startPortal({
      mesh,
      entities: ENTITIES,
      denied: ['mesh.service.read'],
    });
    for (const path of [
      '/placements',
      ...VIEWS.map(view => `${AUTH}/${view}`),
    ]) {
      const { status, body } = await blind.get('auth-service', path);
      expect([status, body.error.message]).toEqual([
        403,
        expect.stringContaining('mesh.service.read'),
      ]);
    }
    expect((await blind.get('nobody', '/placements')).status).toBe(403);
    blind.server.stop();

    const reader = await startPortal({
      mesh,
      entities: ENTITIES,
      denied: ['mesh.canary.run', 'mesh.service.onboard'],
    });
    const { body } = await reader.get('auth-service', `${AUTH}/canary`);
    expect(body.cannotChange).toContain('mesh.canary.run');
    for (const path of ['preview', 'apply']) {
      const { status } = await reader.postTo(
        'auth-service',
        `${AUTH}/canary/${path}`,
        { ruleIndex: 0, weights: { stable: 100 }, resourceVersion: '1' },
      );
      expect(status).toBe(403);
    }
    expect((await reader.post('/onboardings', {})).status).toBe(403);
    reader.server.stop();
  });
});

describe('sources that fail', () => {
  const htmlServer = () =>
    new Promise<{ url: string; close: () => void }>(resolve => {
      const server = createServer((_req, res) => {
        res.writeHead(200, { 'Content-Type': 'text/html' });
        res.end('<html>Sign in</html>');
      });
      server.listen(0, '127.0.0.1', () =>
        resolve({
          url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
          close: () => server.close(),
        }),
      );
    });

  it('cost their own part only: a Prometheus and a Jaeger that answer HTML', async () => {
    const html = await htmlServer();
    const portal = await startPortal({
      mesh,
      entities: ENTITIES,
      config: { prometheus: { url: html.url }, tracing: { url: html.url } },
    });
    for (const view of VIEWS) {
      const { status, body } = await portal.get(
        'auth-service',
        `${AUTH}/${view}`,
      );
      expect(status).toBe(200);
      expect(body.sources).toContainEqual({
        id: view === 'traces' ? 'traces' : 'prometheus',
        status: 'down',
        message: expect.stringMatching(
          /a web page instead of data .*mesh\.(prometheus|tracing)\.url/,
        ),
      });
    }
    const { body } = await portal.get('auth-service', `${AUTH}/routes`);
    expect(body.rules[0].destinations[0]).toMatchObject({
      configuredShare: expect.any(Number),
      pods: 3,
    });
    portal.server.stop();
    html.close();
  });

  it('are named as absent where nothing is configured', async () => {
    const portal = await startPortal({
      mesh,
      entities: ENTITIES,
      config: { prometheus: undefined, tracing: undefined },
    });
    const { body } = await portal.get('auth-service', `${AUTH}/overview`);
    expect(body.sources[1]).toMatchObject({
      status: 'absent',
      message: expect.stringContaining('mesh.prometheus.url'),
    });
    portal.server.stop();
  });

  it('a cluster that goes away leaves its last state, says since when, and comes back', async () => {
    const own = await startDemoMesh();
    const portal = await startPortal({ mesh: own, entities: ENTITIES });
    const kubernetes = async () => {
      const { status, body } = await portal.get(
        'auth-service',
        `${AUTH}/routes`,
      );
      expect(status).toBe(200);
      return body;
    };
    expect((await kubernetes()).sources[0].status).toBe('ok');
    await own.kubernetes.stop();
    await eventually(async () => {
      const body = await kubernetes();
      expect(body.sources[0]).toMatchObject({
        status: 'stale',
        since: expect.any(String),
      });
      expect(body.rules).toHaveLength(3);
    });
    const refused = await portal.postTo(
      'auth-service',
      `${AUTH}/canary/preview`,
      { ruleIndex: 0, weights: { stable: 100 } },
    );
    expect([refused.status, refused.body.error.message]).toEqual([
      400,
      expect.stringContaining('Nothing was changed'),
    ]);
    await own.kubernetes.start();
    const direct = DirectAccess.create({ demo: { url: own.urls.kubernetes } });
    await direct.request('demo', {
      method: 'PATCH',
      path: '/apis/networking.istio.io/v1/namespaces/orion/virtualservices/auth-service',
      headers: { 'Content-Type': 'application/json-patch+json' },
      body: JSON.stringify([
        { op: 'replace', path: '/spec/http/0/timeout', value: '7s' },
      ]),
    });
    await eventually(async () => {
      const body = await kubernetes();
      expect(body.sources[0].status).toBe('ok');
      expect(body.rules[0].treatment).toContain('waits 7 s');
    });
    portal.server.stop();
    await own.stop();
  });
});

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
      'namespace must be autolytiq',
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
      'its name must be pricing-service',
    ],
    [
      'a policy for everybody',
      { manifests: [service(), policy(undefined)] },
      400,
      'it must select app: pricing-service',
    ],
    [
      'a Service that names another entity',
      { name: 'deal-service', manifests: [service()] },
      400,
      'must carry the annotation',
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

  it('writes nothing where the API server would refuse one of them', async () => {
    const { status, body } = await portal.post('/onboardings', {
      ...base,
      manifests: [
        service(),
        {
          ...policy({ matchLabels: { app: 'pricing-service' } }),
          spec: {
            selector: { matchLabels: { app: 'pricing-service' } },
            action: 'PERHAPS',
          },
        },
      ],
    });
    expect([status, body.error?.message]).toEqual([
      400,
      expect.stringContaining('would refuse AuthorizationPolicy'),
    ]);
    expect(
      await exists('/api/v1/namespaces/autolytiq/services/pricing-service'),
    ).toBe(false);
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
    expect(twice.body.applied[0]).toContain('(updated)');
  });
});

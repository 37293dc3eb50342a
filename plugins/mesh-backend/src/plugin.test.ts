import type { DemoMesh } from '@meshdeck/demo-mesh';
import type { TraceSpan } from '@meshdeck/plugin-mesh-common';
import { AUTH, VIEWS, authService } from './__testUtils__/authService';
import {
  component,
  startDemoMesh,
  startPortal,
} from './__testUtils__/startPortal';

const DEAL = '/placements/demo:autolytiq:deal-service';

const ENTITIES = [
  authService,
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
  ...['!x', 'app!=nobody', 'tier notin (nothing)', '!x,app!=nobody'].map(
    (selector, index) =>
      component(`negative-${index}`, {
        'backstage.io/kubernetes-label-selector': selector,
      }),
  ),
  component('proto', {
    'backstage.io/kubernetes-label-selector': 'constructor',
  }),
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
    ['bare', 'no-annotation', /none of the annotations/, /catalog-info/],
    ['user-service', 'no-annotation', /none of the ann/, /catalog-info/],
    [
      'lost',
      'no-such-namespace',
      /"orion-prdo"/,
      /^Did you mean orion\? Correct.*kubernetes-namespace/,
    ],
    ['moon', 'no-such-cluster', /cluster "moon"/, /one of demo/],
    [
      'hostile',
      'bad-annotation',
      /services is ".*"\. It takes up to 20/,
      /Correct it/,
    ],
    ['greedy', 'bad-annotation', /belongs to the platform/, /your own/],
    ['negative-0', 'bad-annotation', /fits nearly every Service/, /labelled/],
    ['negative-1', 'bad-annotation', /fits nearly every Service/, /labelled/],
    ['negative-2', 'bad-annotation', /fits nearly every Service/, /labelled/],
    ['negative-3', 'bad-annotation', /fits nearly every Service/, /labelled/],
    ['proto', 'no-such-service', /is labelled constructor/, /Label the/],
  ])('says what is wrong with %s', async (name, code, message, fix) => {
    const { status, body } = await portal.get(name, '/placements');
    expect(status).toBe(200);
    expect(body.placements).toEqual([]);
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
      treatment: ['times out after 10 s', 'retries 2×, 5 s each'],
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
    expect(body.remark).toMatchObject({
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
      rule: { number: 1 },
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

  it('finds the traces of one version', async () => {
    const { body } = await portal.get(
      'auth-service',
      `${AUTH}/traces?version=canary&limit=3`,
    );
    expect(body.versions).toEqual(['canary', 'stable']);
    expect(body.traces).toHaveLength(3);
    for (const { traceId } of body.traces) {
      const trace = await portal.get(
        'auth-service',
        `${AUTH}/traces/${traceId}`,
      );
      const versions = trace.body.spans
        .filter(({ service }: TraceSpan) => service === 'auth-service.orion')
        .map(({ tags }: TraceSpan) => tags['istio.canonical_revision']);
      expect(versions).toContain('canary');
    }
    const none = await portal.get(
      'auth-service',
      `${AUTH}/traces?version=never`,
    );
    expect(none.body).toMatchObject({
      traces: [],
      remark: {
        level: 'unknown',
        sentence: 'No trace of the last 15 min fits these filters.',
      },
    });
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

  it('tells a probe without a name whether the clusters were read, and no more', async () => {
    const ready = await portal.anonymous('/api/mesh/v1/health');
    expect([ready.status, ready.body]).toEqual([200, { ready: true }]);
    const blind = await startPortal({
      mesh,
      entities: [],
      clusters: {},
    });
    const notReady = await blind.anonymous('/api/mesh/v1/health');
    expect([notReady.status, notReady.body]).toEqual([503, { ready: false }]);
    blind.server.stop();
  });

  it('gives onboarded services to other plugins only', async () => {
    expect((await portal.getPath('/onboarded')).status).toBe(403);
  });
});

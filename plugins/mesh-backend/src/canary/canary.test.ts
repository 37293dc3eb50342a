import type { DemoMesh } from '@meshdeck/demo-mesh';
import type { Finding } from '@meshdeck/plugin-mesh-common';
import { madeUpRule, movableRules } from '../__testUtils__/ruleNames';
import {
  component,
  startDemoMesh,
  startPortal,
} from '../__testUtils__/startPortal';
import { eventually } from '../__testUtils__/eventually';

const NOTIFY = '/placements/demo:orion:notification-service';
const CUSTOMER = '/placements/demo:autolytiq:customer-service';
const AUTH = '/placements/demo:orion:auth-service';

describe('the Canary tab where a tool drives', () => {
  let mesh: DemoMesh;
  let portal: Awaited<ReturnType<typeof startPortal>>;

  beforeAll(async () => {
    mesh = await startDemoMesh();
    portal = await startPortal({
      mesh,
      entities: [
        'notification-service',
        'customer-service',
        'auth-service',
      ].map(name => component(name, { 'backstage.io/kubernetes-id': name })),
    });
  });

  afterAll(async () => {
    portal.server.stop();
    await mesh.stop();
  });

  const read = async (name: string, path: string) => {
    const { status, body } = await portal.get(name, path);
    expect(status).toBe(200);
    return body;
  };

  const objects = (group: string, namespace: string) =>
    `${mesh.urls.kubernetes}/apis/${group}/namespaces/${namespace}`;

  const patch = async (url: string, body: object) => {
    const answer = await fetch(`${url}?fieldManager=flagger`, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/merge-patch+json' },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(200);
  };

  it('shows Flagger’s steps and gates, and the numbers of its Services', async () => {
    const view = await read('notification-service', `${NOTIFY}/canary`);
    expect(view.remark).toEqual({
      level: 'ok',
      sentence:
        'Flagger moves notification-service to 30 % next; all gates hold.',
    });
    expect(view.rollout).toMatchObject({
      provider: 'flagger',
      object: { kind: 'Canary', name: 'notification-service' },
      phase: 'analysing',
      weight: 20,
      nextWeight: 30,
      step: { number: 2, of: 5 },
      failedChecksAllowed: 5,
      message: 'New revision detected, progressing canary analysis.',
      lastMovedAt: expect.any(String),
      gates: [
        {
          name: 'request-success-rate',
          words: 'at least 97 % succeed',
          stable: expect.stringMatching(/^99\.\d %$/),
          canary: expect.stringMatching(/^99\.\d %$/),
          verdict: 'ok',
        },
        { name: 'request-duration', verdict: 'ok' },
      ],
    });
    const [primary, canary] = view.versions;
    expect(primary).toMatchObject({
      subset: 'notification-service-primary',
      weight: 80,
      readyPods: 2,
    });
    expect(canary).toMatchObject({
      subset: 'notification-service-canary',
      weight: 20,
      readyPods: 1,
    });
    expect(canary.liveShare).toBeCloseTo(0.2, 1);
    expect(view.findings).toEqual([]);
  });

  it('shows where Argo Rollouts waits, with the runs of its analysis', async () => {
    const view = await read('customer-service', `${CUSTOMER}/canary`);
    expect(view.remark).toEqual({
      level: 'warning',
      sentence:
        'Argo Rollouts waits at step 2 of 5 (20 %) until somebody resumes it.',
    });
    expect(view.rollout).toMatchObject({
      provider: 'argo',
      phase: 'waiting',
    });
    await eventually(async () => {
      const { rollout } = await read('customer-service', `${CUSTOMER}/canary`);
      expect(rollout.gates).toMatchObject([
        { name: 'success-rate', canary: '[0.998]', verdict: 'ok' },
      ]);
    });
    expect(view.versions).toMatchObject([
      { subset: 'stable', weight: 80, readyPods: 2 },
      { subset: 'canary', weight: 20, readyPods: 1 },
    ]);
    expect(view.versions[1].liveShare).toBeCloseTo(0.2, 1);
    expect(
      view.findings.filter(({ level }: Finding) => level !== 'info'),
    ).toEqual([]);
  });

  it.each([
    ['auth-service', AUTH, ['stable', 'canary']],
    [
      'notification-service',
      NOTIFY,
      ['notification-service-primary', 'notification-service-canary'],
    ],
    ['customer-service', CUSTOMER, ['stable', 'canary']],
  ])(
    'sets latencies and saturation of the versions of %s side by side',
    async (name, path, subsets) => {
      mesh.resetRequests();
      const { versions, sources } = await read(
        name,
        `${path}/canary?window=1h`,
      );
      expect(sources.map(({ status }: any) => status)).toEqual(['ok', 'ok']);
      expect(versions.map(({ subset }: any) => subset)).toEqual(subsets);
      for (const { p50Ms, p99Ms, saturation, pods } of versions) {
        expect(p50Ms.points.length).toBeGreaterThan(30);
        expect(p50Ms.value).toBeGreaterThan(1);
        expect(p50Ms.value).toBeLessThan(p99Ms.value);
        const [fuller, other] = saturation.uses;
        expect([fuller, other]).toEqual(
          expect.arrayContaining([
            expect.objectContaining({ resource: 'cpu', state: 'known' }),
            expect.objectContaining({
              resource: 'memory',
              state: 'known',
              container: name,
              of: 'limit',
            }),
          ]),
        );
        expect(fuller.share).toBeGreaterThanOrEqual(other.share);
        expect(saturation.share.value).toBe(fuller.share);
        expect(saturation.share.points.length).toBeGreaterThan(30);
        expect(fuller.share).toBeGreaterThan(0.05);
        expect(fuller.share).toBeLessThan(1);
        expect(saturation.podsAsked).toBe(pods);
      }
      const perPods = mesh
        .requestLog('prometheus')
        .map(({ body }) => new URLSearchParams(body).get('query') ?? '')
        // A view that somebody read before may be rebuilt meanwhile.
        .filter(
          query =>
            query.includes('container_') &&
            query.includes(`namespace="${path.split(':')[1]}"`),
        );
      expect(perPods).toHaveLength(1);
    },
  );

  it('says that nothing bounds the CPU where there is neither limit nor request, and moves with the pods', async () => {
    const url = `${objects(
      'apps/v1',
      'orion',
    )}/deployments/auth-service-canary`;
    const container = (resources: object) => ({
      spec: {
        template: {
          metadata: {
            annotations: { 'sidecar.istio.io/proxyMemoryLimit': '1Gi' },
          },
          spec: {
            containers: [
              {
                name: 'auth-service',
                image: 'ghcr.io/orion/auth:v3',
                resources,
              },
            ],
          },
        },
      },
    });
    await patch(url, container({ limits: { memory: '90Mi' } }));
    await eventually(async () => {
      const view = await read('auth-service', `${AUTH}/canary?window=5m`);
      const [, canary] = view.versions;
      expect(canary.saturation.uses).toMatchObject([
        {
          resource: 'memory',
          state: 'known',
          container: 'auth-service',
          of: 'limit',
          unlimited: [],
        },
        {
          resource: 'cpu',
          state: 'unlimited',
          unlimited: ['auth-service', 'istio-proxy'],
        },
      ]);
      const [{ share }] = canary.saturation.uses;
      expect(share).toBeGreaterThan(0.6);
    });
    await patch(url, container({ limits: { memory: '65Mi' } }));
    await eventually(async () => {
      const { versions } = await read(
        'auth-service',
        `${AUTH}/canary?window=5m`,
      );
      expect(versions[1].saturation.uses[0].share).toBeGreaterThan(0.9);
    });
  });

  it('keeps the versions where Prometheus is away, and says of none how full it is', async () => {
    await mesh.setFault('prometheus', 'refused');
    try {
      await eventually(async () => {
        const view = await read('auth-service', `${AUTH}/canary?window=6h`);
        expect(view.sources[1]).toMatchObject({
          id: 'prometheus',
          status: 'down',
        });
        expect(view.versions).toHaveLength(2);
        for (const { saturation, p50Ms } of view.versions) {
          expect(p50Ms).toEqual({ points: [] });
          expect(saturation.share).toEqual({ points: [] });
          expect(saturation.uses[0].state).toMatch(/unknown|unlimited/);
        }
      });
    } finally {
      await mesh.setFault('prometheus', undefined);
    }
  });

  it('says so in short on the overview', async () => {
    const [notify, customer] = await Promise.all([
      read('notification-service', `${NOTIFY}/overview`),
      read('customer-service', `${CUSTOMER}/overview`),
    ]);
    expect(notify.canary).toEqual({
      subset: 'canary',
      share: 0.2,
      rollout: 'step 2 of 5, Flagger',
    });
    expect(customer.canary).toEqual({
      subset: 'canary',
      share: 0.2,
      rollout: 'step 2 of 5, Argo Rollouts',
    });
  });

  it.each([
    ['notification-service', NOTIFY, /^Flagger drives .*suspend it first/],
    ['customer-service', CUSTOMER, /^Argo Rollouts drives .*would not last/],
  ])('refuses to move weights of %s by hand', async (name, path, words) => {
    const view = await read(name, `${path}/canary`);
    expect(view.cannotChange).toMatch(words);
    const { namespace } = view.placement;
    const intent = {
      rule: madeUpRule(name, namespace),
      weights: { stable: 50, canary: 50 },
    };
    for (const [action, body] of [
      ['preview', intent],
      ['apply', { ...intent, resourceVersion: '1', takeOver: true }],
    ] as const) {
      const answer = await portal.postTo(
        name,
        `${path}/canary/${action}`,
        body,
      );
      expect([answer.status, answer.body.error.message]).toEqual([
        409,
        expect.stringMatching(words),
      ]);
    }
  });

  it('lets people move weights once Flagger is suspended', async () => {
    const url = `${objects(
      'flagger.app/v1beta1',
      'orion',
    )}/canaries/notification-service`;
    await patch(url, { spec: { suspend: true } });
    await eventually(async () => {
      const view = await read('notification-service', `${NOTIFY}/canary`);
      expect(view.cannotChange).toBeUndefined();
      expect(view.remark).toMatchObject({ level: 'warning' });
      expect(view.history.moves[0]).toMatchObject({ what: 'suspended' });
    });
    await patch(url, { spec: { suspend: false } });
    await eventually(async () => {
      const view = await read('notification-service', `${NOTIFY}/canary`);
      expect(view.cannotChange).toBeDefined();
    });
  });

  it('remembers what it saw Flagger do', async () => {
    const url = `${objects(
      'flagger.app/v1beta1',
      'orion',
    )}/canaries/notification-service/status`;
    await patch(url, { status: { canaryWeight: 30, failedChecks: 1 } });
    await eventually(async () => {
      const { history } = await read(
        'notification-service',
        `${NOTIFY}/canary`,
      );
      expect(Date.parse(history.since)).toBeLessThan(Date.now());
      expect(history.moves[0]).toMatchObject({
        object: { kind: 'Canary' },
        what: 'canary from 20 % to 30 %, failed checks from 0 to 1',
        who: 'flagger',
        why: 'New revision detected, progressing canary analysis.',
      });
    });
  });

  it('remembers who moved a weight from here, and why', async () => {
    const [{ rule }] = await movableRules(portal, 'auth-service', AUTH);
    const intent = { rule, weights: { stable: 75, canary: 25 } };
    const { body: seen } = await portal.postTo(
      'auth-service',
      `${AUTH}/canary/preview`,
      intent,
    );
    const applied = await portal.postTo(
      'auth-service',
      `${AUTH}/canary/apply`,
      {
        ...intent,
        resourceVersion: seen.resourceVersion,
        takeOver: true,
        reason: 'v2 is well',
      },
    );
    expect(applied.status).toBe(200);
    await eventually(async () => {
      const { history } = await read('auth-service', `${AUTH}/canary`);
      expect(history.moves).toMatchObject([
        {
          what: 'rule 1: stable from 90 % to 75 %, canary from 10 % to 25 %',
          who: 'user:default/mock',
          why: 'v2 is well',
        },
      ]);
    });
  });
});

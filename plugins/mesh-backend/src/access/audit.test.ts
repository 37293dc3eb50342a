import { DefaultAuditorService } from '@backstage/backend-defaults/auditor';
import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { mockCredentials } from '@backstage/backend-test-utils';
import { actionsRegistryServiceMock } from '@backstage/backend-test-utils/alpha';
import type { DemoMesh } from '@meshdeck/demo-mesh';
import request from 'supertest';
import { AUTH, authService } from '../__testUtils__/authService';
import { startDemoMesh, startPortal } from '../__testUtils__/startPortal';

const BASE = '/api/mesh/v1/entities/component/default/auth-service';

type Event = Parameters<Parameters<typeof DefaultAuditorService.create>[0]>[0];

describe('the audit log, as Backstage writes it', () => {
  let mesh: DemoMesh;
  let portal: Awaited<ReturnType<typeof startPortal>>;
  const registry = actionsRegistryServiceMock();
  const events: Event[] = [];
  /** What cannot be written. */
  let full: Event['status'] | undefined;

  beforeAll(async () => {
    mesh = await startDemoMesh();
    portal = await startPortal({
      mesh,
      entities: [authService],
      features: [
        createServiceFactory({
          service: coreServices.auditor,
          deps: {
            plugin: coreServices.pluginMetadata,
            auth: coreServices.auth,
            httpAuth: coreServices.httpAuth,
          },
          factory: deps =>
            DefaultAuditorService.create(event => {
              if (event.status === full) {
                throw new Error('the log is full');
              }
              events.push(event);
            }, deps),
        }),
        actionsRegistryServiceMock.mock({
          register: registry.register.bind(registry),
        }).factory,
      ],
    });
  });

  afterAll(async () => {
    await portal.server.stop();
    await mesh.stop();
  });

  beforeEach(() => events.splice(0));

  const ended = (status: Event['status']) =>
    events.filter(event => event.status === status);

  it('names the person whose assistant asks, and the plugin that asks for nobody', async () => {
    const invoke = (credentials: any, input: object) =>
      registry.invoke({
        id: 'test:get-canary-status',
        input: { entityRef: 'component:default/auth-service', ...input },
        credentials,
      });
    await invoke(mockCredentials.user('user:default/jo'), {});
    await invoke(mockCredentials.service('plugin:chat'), {});
    await expect(
      invoke(mockCredentials.user('user:default/jo'), { placement: 'c:x:y' }),
    ).rejects.toThrow('is not a placement');
    const lines = events.map(({ eventId, status, actor, meta }) => [
      eventId,
      status,
      actor.actorId,
      (meta as any).actor,
      (meta as any).via,
    ]);
    const line = (status: string, actor: string, person: string) => [
      'get-canary-status',
      status,
      actor,
      person,
      'action',
    ];
    expect(lines).toEqual([
      line('initiated', 'user:default/jo', 'user:default/jo'),
      line('succeeded', 'user:default/jo', 'user:default/jo'),
      line('initiated', 'plugin:mesh', 'plugin:chat'),
      line('succeeded', 'plugin:mesh', 'plugin:chat'),
      line('initiated', 'user:default/jo', 'user:default/jo'),
      line('failed', 'user:default/jo', 'user:default/jo'),
    ]);
    expect(JSON.stringify(events)).not.toMatch(/token|Bearer/i);
  });

  it.each([
    ['no JSON', '{"rule":', 400, 'is not JSON'],
    ['not what is asked for', '{"rule": 1}', 400, 'rule: '],
    ['too long', JSON.stringify({ rule: 'x'.repeat(1.1e6) }), 413, 'too large'],
  ])(
    'has an event of a change whose body is %s',
    async (_name, body, status, message) => {
      for (const path of ['canary/preview', 'canary/apply', 'findings/apply']) {
        events.splice(0);
        const answer = await request(portal.server)
          .post(`${BASE}${AUTH}/${path}`)
          .set('Authorization', mockCredentials.user.header())
          .set('Content-Type', 'application/json')
          .send(body);
        expect(answer.status).toBe(status);
        expect(ended('failed')).toMatchObject([
          {
            eventId: expect.stringMatching(/^(weights|mend)-(preview|apply)$/),
            actor: { actorId: 'user:default/mock' },
            meta: {
              entityRef: 'component:default/auth-service',
              outcome: 'refused',
            },
          },
        ]);
        const [{ error }] = ended('failed') as { error?: Error }[];
        expect(error?.message).toMatch(
          new RegExp(`${message}|code: |object: `),
        );
      }
    },
  );

  it('has an event of whoever brings a service, with object, intent and outcome', async () => {
    const answers = {
      cluster: 'demo',
      namespace: 'autolytiq',
      name: 'pricing-service',
      owner: 'group:default/team-deals',
      image: 'ghcr.io/autolytiq/pricing:1.0.0',
      port: 8090,
    };
    const { image: _image, port: _port, ...asked } = answers;
    const object = 'Service autolytiq/pricing-service';
    const king = 'group:default/team-king';
    for (const [change, status, meta] of [
      [{ manifests: [] }, 400, { outcome: 'refused' }],
      [
        { owner: king },
        403,
        {
          object,
          intent: { ...asked, owner: king, dryRun: false },
          outcome: 'not written',
        },
      ],
      [
        { dryRun: true },
        200,
        { object, intent: { ...asked, dryRun: true }, outcome: 'previewed' },
      ],
      [
        {},
        200,
        { object, intent: { ...asked, dryRun: false }, outcome: 'written' },
      ],
    ] as const) {
      events.splice(0);
      const answer = await portal.post('/onboardings', {
        ...answers,
        ...change,
      });
      expect(answer.status).toBe(status);
      expect(events).toMatchObject([
        { eventId: 'service-onboard', status: 'initiated' },
        {
          eventId: 'service-onboard',
          status: status === 200 ? 'succeeded' : 'failed',
          actor: { actorId: 'user:default/mock' },
          meta,
        },
      ]);
    }
  });

  it('does not turn what was written into a failure where its end cannot be written', async () => {
    const { body } = await portal.get('auth-service', `${AUTH}/canary`);
    const [{ rule }] = body.rules;
    const intent = { rule, weights: { stable: 70, canary: 30 } };
    const path = (step: string) => `${AUTH}/canary/${step}`;
    const seen = await portal.postTo('auth-service', path('preview'), intent);
    full = 'succeeded';
    const { resourceVersion } = seen.body;
    const applied = await portal.postTo('auth-service', path('apply'), {
      ...intent,
      resourceVersion,
      takeOver: true,
    });
    full = undefined;
    expect([applied.status, applied.body.object?.yaml]).toEqual([
      200,
      expect.stringContaining('weight: 30'),
    ]);
  });
});

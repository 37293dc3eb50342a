import { planOnboarding } from '@meshdeck/istio-config';
import { ALL_OF_SHOP, OnboardingStage } from './__testUtils__/OnboardingStage';
import { shopAnswers } from './__testUtils__/shop';
import { testServers } from './__testUtils__/testServers';

const servers = testServers();
if (servers.length < 2) {
  it.todo('onboarding on a real API server (needs MESH_TEST_KUBE_URL)');
}

describe.each(servers)(
  'onboarding into a namespace that teams share on %s',
  (_name, serverOf) => {
    const stage = OnboardingStage.create(serverOf);

    beforeAll(() => stage.start());
    beforeEach(() => stage.open());
    afterEach(() => stage.close());
    afterAll(() => stage.stop());

    it('creates every object with the mark of its entity, and a second time changes none', async () => {
      const rehearsed = await stage.onboard({ dryRun: true });
      expect(rehearsed.applied[0]).toMatch(/^ServiceAccount .*\(rehearsed\)$/);
      expect(await stage.there()).toEqual([]);

      expect((await stage.onboard()).applied).toHaveLength(8);
      const once = await stage.market.sayings();
      expect(Object.keys(once).sort()).toEqual(ALL_OF_SHOP);
      for (const [label, saying] of Object.entries(once)) {
        expect([label, saying]).toEqual([
          label,
          expect.objectContaining({
            labels: expect.objectContaining({
              'meshdeck.io/onboarded': 'true',
            }),
            annotations: expect.objectContaining({
              'meshdeck.io/entity': 'component:default/shop',
              'meshdeck.io/owner': 'group:default/team-deals',
            }),
          }),
        ]);
      }
      const twice = await stage.onboard();
      expect(twice.applied.join()).toMatch(/^([^(]+\(unchanged\)){8}$/);
      expect(await stage.market.sayings()).toEqual(once);

      const larger = await stage.onboard({ replicas: 3 });
      expect(
        larger.applied.filter((line: string) => !line.endsWith('(unchanged)')),
      ).toEqual([`Deployment ${stage.market.namespace}/shop (updated)`]);
      expect(
        (await stage.market.objects())['Deployment shop'].spec.replicas,
      ).toBe(3);
    });

    it.each([
      ['serviceaccounts', 'ServiceAccount', 'v1', {}],
      [
        'services',
        'Service',
        'v1',
        { spec: { selector: { app: 'till' }, ports: [{ port: 80 }] } },
      ],
      [
        'services',
        'Service',
        'v1',
        {
          metadata: {
            annotations: { 'meshdeck.io/entity': 'component:default/shop' },
          },
          spec: { selector: { app: 'till' }, ports: [{ port: 80 }] },
        },
      ],
      [
        'authorizationpolicies',
        'AuthorizationPolicy',
        'security.istio.io/v1',
        {
          metadata: {
            name: 'shop-policy',
            labels: { 'meshdeck.io/onboarded': 'true' },
            annotations: {
              'meshdeck.io/entity': 'component:default/shop',
              'meshdeck.io/owner': 'group:default/team-pay',
            },
          },
          spec: { action: 'DENY', rules: [{}] },
        },
      ],
      [
        'virtualservices',
        'VirtualService',
        'networking.istio.io/v1',
        {
          spec: {
            hosts: ['till'],
            http: [{ route: [{ destination: { host: 'till' } }] }],
          },
        },
      ],
    ])(
      'takes over no %s of somebody else (%s)',
      async (plural, kind, apiVersion, rest: any) => {
        await stage.market.send('POST', stage.market.pathOf(plural), {
          apiVersion,
          kind,
          ...rest,
          metadata: { name: 'shop', ...rest.metadata },
        });
        const before = await stage.market.sayings();
        expect(await stage.onboard()).toMatchObject({
          status: 409,
          message: expect.stringContaining(' exists and belongs to '),
        });
        expect(await stage.market.sayings()).toEqual(before);
      },
    );

    it('gives a service that one team onboarded to no other, though the namespace is open to both', async () => {
      expect((await stage.onboard()).status).toBe(200);
      const before = await stage.market.sayings();
      const owner = 'group:default/team-pay';
      expect(await stage.onboard({ owner })).toMatchObject({
        status: 409,
        message: expect.stringContaining(
          'belongs to component:default/shop of group:default/team-deals',
        ),
      });
      expect(await stage.market.sayings()).toEqual(before);
    });

    it('is for nobody who does not own it, and for no namespace that is not open', async () => {
      expect(
        await stage.onboard({ owner: 'group:default/team-king' }),
      ).toMatchObject({
        status: 403,
        message: expect.stringContaining('do not belong to'),
      });
      expect(await stage.onboard({ namespace: 'kube-system' })).toMatchObject({
        status: 400,
        message: expect.stringContaining('belongs to the platform'),
      });
      // Read from the API server: closed a moment ago is closed.
      await stage.market.send(
        'PATCH',
        `/api/v1/namespaces/${stage.market.namespace}`,
        { metadata: { annotations: { 'meshdeck.io/onboarding': null } } },
      );
      expect(await stage.onboard()).toMatchObject({
        status: 403,
        message: expect.stringContaining('is not open to'),
      });
      expect(await stage.there()).toEqual([]);
    });

    it('concerns no pods and no names of others', async () => {
      await stage.market.send('POST', stage.market.pathOf('statefulsets'), {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: { name: 'till' },
        spec: {
          serviceName: 'till',
          selector: { matchLabels: { app: 'shop' } },
          template: {
            metadata: { labels: { app: 'shop' } },
            spec: { containers: [{ name: 'till', image: 'till' }] },
          },
        },
      });
      expect(await stage.onboard()).toMatchObject({
        status: 409,
        message: expect.stringContaining('is labelled app: shop'),
      });
      await stage.market.send(
        'DELETE',
        stage.market.pathOf('statefulsets', 'till'),
      );
      await stage.market.send('POST', stage.market.pathOf('services'), {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'shop-policy' },
        spec: { selector: { app: 'till' }, ports: [{ port: 80 }] },
      });
      expect(await stage.onboard()).toMatchObject({
        status: 409,
        message: expect.stringContaining(
          `would bear a name of Service ${stage.market.namespace}/shop-policy`,
        ),
      });
      expect(await stage.there()).toEqual(['Service shop-policy']);
    });

    it('writes what the API server would refuse at the end not even at the beginning', async () => {
      const { objects } = planOnboarding([], shopAnswers(stage.market));
      const { metadata, ...canary } = objects.find(
        each => each.metadata.name === 'shop-canary',
      )!;
      // Which pods a Deployment is of can be changed by nobody.
      canary.spec.selector.matchLabels = { app: 'shop' };
      await stage.market.send(
        'POST',
        `${stage.market.pathOf('deployments')}?fieldManager=meshdeck`,
        { ...canary, metadata },
      );
      expect(await stage.onboard()).toMatchObject({
        status: 400,
        message: expect.stringMatching(/would refuse Deployment .* Nothing/),
      });
      expect(await stage.there()).toEqual(['Deployment shop-canary']);
    });

    it('takes no field from another manager, and ends no split of traffic', async () => {
      await stage.onboard();
      await stage.market.send(
        'PATCH',
        stage.market.pathOf('deployments', 'shop'),
        {
          spec: { replicas: 4 },
        },
      );
      expect(await stage.onboard({ replicas: 5 })).toMatchObject({
        status: 409,
        message: expect.stringContaining(
          `changed Deployment ${stage.market.namespace}/shop since it was onboarded`,
        ),
      });
      const host = `shop.${stage.market.namespace}.svc.cluster.local`;
      const split = [90, 10].map((weight, index) => ({
        destination: { host, subset: index ? 'canary' : 'stable' },
        weight,
      }));
      await stage.market.send(
        'PATCH',
        `${stage.market.pathOf(
          'virtualservices',
          'shop',
        )}?fieldManager=meshdeck`,
        { spec: { http: [{ route: split }] } },
      );
      expect(await stage.onboard({ replicas: 4 })).toMatchObject({
        status: 409,
        message: expect.stringContaining('shares traffic between versions'),
      });
      const after = await stage.market.objects();
      expect(after['VirtualService shop'].spec.http[0].route).toHaveLength(2);
      expect(after['Deployment shop'].spec.replicas).toBe(4);
    });

    it('ends whole or not at all where two ask for the same at once', async () => {
      const answers = await Promise.all([
        stage.onboard(),
        stage.onboard(),
        stage.onboard(),
      ]);
      const winners = answers.filter(({ status }) => status === 200);
      expect(winners.length).toBeLessThanOrEqual(3);
      for (const { status } of answers) {
        expect([200, 409]).toContain(status);
      }
      expect(await stage.there()).toEqual(winners.length ? ALL_OF_SHOP : []);
    });
  },
);

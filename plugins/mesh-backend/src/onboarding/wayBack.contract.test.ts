import { ALL_OF_SHOP, OnboardingStage } from './__testUtils__/OnboardingStage';
import { testServers } from './__testUtils__/testServers';

const servers = testServers();
if (servers.length < 2) {
  it.todo('onboarding on a real API server (needs MESH_TEST_KUBE_URL)');
}

describe.each(servers)(
  'the way back of onboarding on %s',
  (_name, serverOf) => {
    const stage = OnboardingStage.create(serverOf);

    beforeAll(() => stage.start());
    beforeEach(() => stage.open());
    afterEach(() => stage.close());
    afterAll(() => stage.stop());

    it.each([1, 2, 3, 4, 5, 6, 7, 8])(
      'takes back what it created where write %s is cut off, and finds out what became of it where its answer is lost',
      async cut => {
        stage.atWrite(write => (write === cut ? 'is cut off' : undefined));
        expect(await stage.onboard()).toMatchObject({
          status: 503,
          message: expect.stringContaining(
            'the cluster did not say whether it was written: it may be yet',
          ),
        });
        expect(await stage.there()).toEqual([]);

        stage.atWrite(write =>
          write === cut ? 'loses its answer' : undefined,
        );
        const { status, applied } = await stage.onboard();
        expect([status, applied.length]).toEqual([200, 8]);
        expect(await stage.there()).toEqual(ALL_OF_SHOP);
      },
    );

    it.each([3, 7])(
      'takes back what it created where somebody is faster at write %s, and leaves theirs alone',
      async at => {
        const [plural, body] =
          at === 3
            ? [
                'deployments',
                {
                  apiVersion: 'apps/v1',
                  kind: 'Deployment',
                  metadata: { name: 'shop' },
                  spec: {
                    selector: { matchLabels: { app: 'till' } },
                    template: {
                      metadata: { labels: { app: 'till' } },
                      spec: { containers: [{ name: 'a', image: 'a' }] },
                    },
                  },
                },
              ]
            : [
                'virtualservices',
                {
                  apiVersion: 'networking.istio.io/v1',
                  kind: 'VirtualService',
                  metadata: { name: 'shop' },
                  spec: {
                    hosts: ['till'],
                    http: [{ route: [{ destination: { host: 'till' } }] }],
                  },
                },
              ];
        let theirs: unknown;
        stage.atWrite(async write => {
          if (write === at) {
            await stage.market.send(
              'POST',
              stage.market.pathOf(plural as string),
              body as object,
            );
            theirs = await stage.market.sayings();
          }
        });
        const { status, message } = await stage.onboard();
        expect([status, message]).toEqual([
          409,
          expect.stringMatching(
            /could not be written: .*exists.*has been taken back\.$/,
          ),
        ]);
        const [label] =
          at === 3 ? ['Deployment shop'] : ['VirtualService shop'];
        expect(await stage.market.sayings()).toEqual({
          [label]: (theirs as Record<string, unknown>)[label],
        });
      },
    );

    it('deletes nothing that somebody changed since it created it, and says so', async () => {
      stage.atWrite(async write => {
        if (write === 6) {
          await stage.market.send(
            'PATCH',
            stage.market.pathOf('services', 'shop'),
            {
              metadata: { labels: { team: 'pay' } },
            },
          );
          return 'is cut off';
        }
        return undefined;
      });
      const { message } = await stage.onboard();
      expect(message).toContain(
        `Service ${stage.market.namespace}/shop (somebody changed it in the meantime)`,
      );
      expect(await stage.there()).toEqual(['Service shop']);
    });

    it('deletes what controllers have noted something on', async () => {
      stage.atWrite(async write => {
        if (write === 5) {
          await stage.market.send(
            'PATCH',
            `${stage.market.pathOf('deployments', 'shop')}/status`,
            {
              status: { replicas: 2, observedGeneration: 1 },
            },
          );
          await stage.market.send(
            'PATCH',
            stage.market.pathOf('deployments', 'shop'),
            {
              metadata: {
                annotations: { 'deployment.kubernetes.io/revision': '1' },
              },
            },
          );
          return 'is cut off';
        }
        return undefined;
      });
      expect((await stage.onboard()).status).toBe(503);
      expect(await stage.there()).toEqual([]);
    });

    it('deletes nothing that came to be under the same name since', async () => {
      const service = stage.market.pathOf('services', 'shop');
      let theirs: unknown;
      stage.atWrite(async write => {
        if (write === 6) {
          const { metadata, spec } = (await stage.market.objects())[
            'Service shop'
          ];
          await stage.market.send('DELETE', service);
          const { labels, annotations } = metadata;
          const { clusterIP: _ip, clusterIPs: _ips, ...rest } = spec;
          await stage.market.send('POST', stage.market.pathOf('services'), {
            apiVersion: 'v1',
            kind: 'Service',
            metadata: { name: 'shop', labels, annotations },
            spec: rest,
          });
          theirs = (await stage.market.sayings())['Service shop'];
          return 'is cut off';
        }
        return undefined;
      });
      expect((await stage.onboard()).status).toBe(503);
      expect(await stage.market.sayings()).toEqual({ 'Service shop': theirs });
    });

    it('gives back what it changed, as it was', async () => {
      await stage.onboard();
      const before = await stage.market.sayings();
      // The policy, two Deployments, the Service, and how it takes connections.
      const other = { replicas: 5, port: 8091, image: 'ghcr.io/market/shop:2' };
      stage.atWrite(write => (write === 5 ? 'is cut off' : undefined));
      expect((await stage.onboard(other)).status).toBe(503);
      expect(await stage.market.sayings()).toEqual(before);

      stage.atWrite(write => (write === 3 ? 'loses its answer' : undefined));
      expect((await stage.onboard(other)).applied.join()).toContain(
        `Deployment ${stage.market.namespace}/shop-canary (updated)`,
      );
      const after = await stage.market.objects();
      expect(
        ['Deployment shop', 'Deployment shop-canary'].map(label => {
          const { replicas, template } = after[label].spec;
          const [{ image, ports }] = template.spec.containers;
          return [replicas, image, ports[0].containerPort];
        }),
      ).toEqual([
        [5, other.image, 8091],
        [1, other.image, 8091],
      ]);
    });

    it('leaves alone what somebody changed since it changed it, and says so', async () => {
      await stage.onboard();
      const other = { replicas: 5, image: 'ghcr.io/market/shop:2' };
      stage.atWrite(async write => {
        if (write === 2) {
          await stage.market.send(
            'PATCH',
            stage.market.pathOf('deployments', 'shop'),
            {
              spec: { replicas: 7 },
            },
          );
          return 'is cut off';
        }
        return undefined;
      });
      const { message } = await stage.onboard(other);
      expect(message).toContain(
        `Deployment ${stage.market.namespace}/shop (somebody changed it in the meantime)`,
      );
      const after = await stage.market.objects();
      expect(
        ['Deployment shop', 'Deployment shop-canary'].map(
          label => after[label].spec.replicas,
        ),
      ).toEqual([7, 1]);
    });

    it('changes nothing that somebody changed since it was looked at', async () => {
      await stage.onboard();
      stage.atWrite(async write => {
        if (write === 1) {
          await stage.market.send(
            'PATCH',
            stage.market.pathOf('deployments', 'shop'),
            {
              metadata: { annotations: { note: 'hands off' } },
            },
          );
        }
      });
      expect(await stage.onboard({ replicas: 5 })).toMatchObject({
        status: 409,
      });
      expect(
        (await stage.market.objects())['Deployment shop'].spec.replicas,
      ).toBe(2);
    });

    it('does not take for its own, and back, what somebody else changed in the same way', async () => {
      await stage.onboard();
      const larger = { replicas: 5 };
      stage.atWrite(async write => {
        if (write === 1) {
          await stage.market.send(
            'PATCH',
            stage.market.pathOf('deployments', 'shop'),
            { spec: { replicas: 5 } },
          );
        }
      });
      expect(await stage.onboard(larger)).toMatchObject({ status: 409 });
      expect(
        (await stage.market.objects())['Deployment shop'].spec.replicas,
      ).toBe(5);
    });

    it('names what is left where the cluster is gone in the middle, and goes on from there later', async () => {
      let isGone = false;
      stage.proxy.decide = ({ method, isDryRun, path }) => {
        isGone ||= method === 'POST' && !isDryRun && path.endsWith('/services');
        return isGone ? 'is cut off' : 'passes';
      };
      const { status, message } = await stage.onboard();
      const { namespace } = stage.market;
      expect(status).toBe(503);
      for (const left of [
        `Service ${namespace}/shop (the cluster did not say`,
        `Deployment ${namespace}/shop-canary (the cluster does not answer)`,
        `Deployment ${namespace}/shop (the cluster does not answer)`,
        `AuthorizationPolicy ${namespace}/shop-policy (the cluster does not answer)`,
        `ServiceAccount ${namespace}/shop (the cluster does not answer)`,
      ]) {
        expect(message).toContain(left);
      }
      stage.proxy.decide = () => 'passes';
      const again = await stage.onboardOnceItIsBack();
      expect(again.applied.join()).toMatch(
        /ServiceAccount [^(]+\(unchanged\).*Service [^(]+\(created\)/,
      );
      expect(await stage.there()).toEqual(ALL_OF_SHOP);
    });

    it('says that a write may come late, takes up what came late, and takes back through lost answers', async () => {
      let posts = 0;
      stage.proxy.decide = ({ method, isDryRun }) => {
        posts += method === 'POST' && !isDryRun ? 1 : 0;
        if (method === 'POST' && !isDryRun && posts === 5) {
          return 'comes late';
        }
        return method === 'DELETE' ? 'loses its answer' : 'passes';
      };
      const { status, message } = await stage.onboard();
      expect([status, message]).toEqual([
        503,
        expect.stringContaining(
          `Service ${stage.market.namespace}/shop (the cluster did not say`,
        ),
      ]);
      expect(await stage.there()).toEqual([]);
      await stage.proxy.deliver();
      expect(await stage.there()).toEqual(['Service shop']);
      stage.proxy.decide = () => 'passes';
      expect((await stage.onboard()).applied.join()).toContain(
        `Service ${stage.market.namespace}/shop (unchanged)`,
      );
      expect(await stage.there()).toEqual(ALL_OF_SHOP);
    });
  },
);

import { mockServices } from '@backstage/backend-test-utils';
import { DemoMesh } from '@meshdeck/demo-mesh';
import { randomBytes } from 'crypto';
import { DirectAccess } from '../__testUtils__/DirectAccess';
import { eventually } from '../__testUtils__/eventually';
import { realCluster, sendToRealCluster } from '../__testUtils__/realCluster';
import { LIST_FAULTS, breakList } from '../__testUtils__/breakList';
import { component, startPortal } from '../__testUtils__/startPortal';
import { ClusterStore } from './ClusterStore';

const ISTIO = '/apis/networking.istio.io/v1';
const ENVOY_FILTERS = '/apis/networking.istio.io/v1alpha3';

if (!realCluster) {
  it.todo('failing kinds of a real API server (needs MESH_TEST_KUBE_URL)');
}

(realCluster ? describe : describe.skip)(
  'a real API server with one failing kind',
  () => {
    const namespace = `failing-${randomBytes(4).toString('hex')}`;
    const at = (root: string, plural: string) =>
      `${root}/namespaces/${namespace}/${plural}`;
    const istio = (kind: string, spec: object) => ({
      apiVersion: 'networking.istio.io/v1',
      kind,
      metadata: { name: 'shop', namespace },
      spec,
    });
    let mesh: DemoMesh;

    beforeAll(async () => {
      mesh = await DemoMesh.start({ platforms: [] });
      await sendToRealCluster('POST', '/api/v1/namespaces', {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: namespace },
      });
      await sendToRealCluster('POST', at('/api/v1', 'services'), {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: {
          name: 'shop',
          namespace,
          annotations: { 'meshdeck.io/entity': 'component:default/shop' },
        },
        spec: { selector: { app: 'shop' }, ports: [{ port: 80 }] },
      });
      await sendToRealCluster('POST', at('/api/v1', 'serviceaccounts'), {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'default', namespace },
      });
      for (const version of ['stable', 'canary']) {
        const pods = at('/api/v1', 'pods');
        await sendToRealCluster('POST', pods, {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: {
            name: version,
            namespace,
            labels: { app: 'shop', version },
          },
          spec: { containers: [{ name: 'shop', image: 'shop' }] },
        });
        await sendToRealCluster('PATCH', `${pods}/${version}/status`, {
          status: {
            phase: 'Running',
            conditions: [{ type: 'Ready', status: 'True' }],
          },
        });
      }
      await sendToRealCluster(
        'POST',
        at(ISTIO, 'destinationrules'),
        istio('DestinationRule', {
          host: 'shop',
          subsets: ['stable', 'canary'].map(name => ({
            name,
            labels: { version: name },
          })),
        }),
      );
      await sendToRealCluster(
        'POST',
        at(ISTIO, 'virtualservices'),
        istio('VirtualService', {
          hosts: ['shop'],
          http: [
            {
              route: [
                { destination: { host: 'shop', subset: 'stable' }, weight: 90 },
                { destination: { host: 'shop', subset: 'canary' }, weight: 10 },
              ],
            },
          ],
        }),
      );
    });

    afterAll(async () => {
      for (const path of [
        `${at(ISTIO, 'virtualservices')}/shop`,
        `${at(ISTIO, 'destinationrules')}/shop`,
        `${at('/api/v1', 'services')}/shop`,
        `${at('/api/v1', 'pods')}/stable?gracePeriodSeconds=0`,
        `${at('/api/v1', 'pods')}/canary?gracePeriodSeconds=0`,
      ]) {
        await sendToRealCluster('DELETE', path);
      }
      await mesh.stop();
    });

    const weights = async () => {
      const { spec } = await sendToRealCluster(
        'GET',
        `${at(ISTIO, 'virtualservices')}/shop`,
      );
      return spec.http[0].route.map(({ weight }: any) => weight);
    };

    it.each(Object.keys(LIST_FAULTS).map((fault, round) => ({ fault, round })))(
      '$fault: its weights move all the same, unless somebody else may move them',
      async ({ fault, round }) => {
        const place = `/placements/demo:${namespace}:shop`;
        const open = (plural: string) =>
          startPortal({
            mesh,
            entities: [
              component('shop', {
                'meshdeck.io/services': `${namespace}/shop`,
              }),
            ],
            clusters: { demo: realCluster! },
            onAccess: access => breakList(access, plural, fault),
          });
        const move = async (
          portal: Awaited<ReturnType<typeof open>>,
          stable: number,
        ) => {
          const { body } = await portal.get('shop', `${place}/canary`);
          return portal.postTo('shop', `${place}/canary/apply`, {
            rule: body.rules[0].rule,
            weights: { stable, canary: 100 - stable },
            resourceVersion: body.object.resourceVersion,
            takeOver: true,
          });
        };
        const stable = 80 - round * 10;
        const portal = await open('envoyfilters');
        await eventually(async () => {
          const { body } = await portal.get('shop', `${place}/overview`);
          expect(body.routes).toBe(1);
          expect(body.sources[0]).toMatchObject({
            status: 'partial',
            message: expect.stringMatching(/^EnvoyFilter .*cannot be read/),
          });
        });
        // A server that has just been started is still making up its mind about other kinds, too.
        await eventually(async () => {
          const { status, body } = await move(portal, stable);
          expect([status, body.error?.message]).toEqual([200, undefined]);
        });
        const { body: after } = await portal.get('shop', `${place}/overview`);
        expect(after.sources[0].message).toMatch(/^EnvoyFilter /);
        expect(await weights()).toEqual([stable, 100 - stable]);
        await portal.server.stop();

        const blind = await open('rollouts');
        await eventually(async () => {
          const { status, body } = await move(blind, 1);
          expect([status, body.error.message]).toEqual([
            400,
            expect.stringMatching(/^Rollout .*Nothing was changed\.$/),
          ]);
        });
        expect(await weights()).toEqual([stable, 100 - stable]);
        await blind.server.stop();
      },
    );

    it('reads a kind of which 500 objects are too much for one page, page by page', async () => {
      const NUMBER = 30;
      const filters = at(ENVOY_FILTERS, 'envoyfilters');
      const names = Array.from({ length: NUMBER }, (_, index) => `f-${index}`);
      for (const name of names) {
        await sendToRealCluster('POST', filters, {
          apiVersion: 'networking.istio.io/v1alpha3',
          kind: 'EnvoyFilter',
          metadata: { name, namespace },
          spec: {
            configPatches: [
              {
                applyTo: 'CLUSTER',
                patch: {
                  operation: 'MERGE',
                  value: { large: 'x'.repeat(900_000) },
                },
              },
            ],
          },
        });
      }
      const access = DirectAccess.create({ c: realCluster! });
      const store = ClusterStore.create({
        cluster: 'c',
        access,
        logger: mockServices.logger.mock(),
      });
      store.start();
      await eventually(() => {
        const { set, source } = store.snapshot();
        expect(source.status).toBe('ok');
        expect(set.inNamespace('EnvoyFilter', namespace)).toHaveLength(NUMBER);
      });
      store.stop();
      const asked = access.sent.filter(line => line.includes('envoyfilters?'));
      expect(asked[0]).toContain('limit=500');
      expect(asked.some(line => line.includes('limit=10&continue='))).toBe(
        true,
      );
      for (const name of names) {
        await sendToRealCluster('DELETE', `${filters}/${name}`);
      }
    });
  },
);

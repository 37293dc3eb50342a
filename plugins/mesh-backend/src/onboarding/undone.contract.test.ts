import type { Entity } from '@backstage/catalog-model';
import { eventually } from '../__testUtils__/eventually';
import { ALL_OF_SHOP, OnboardingStage } from './__testUtils__/OnboardingStage';
import { testServers } from './__testUtils__/testServers';

jest.setTimeout(60_000);

const servers = testServers();
if (servers.length < 2) {
  it.todo('taking back on a real API server (needs MESH_TEST_KUBE_URL)');
}

const SHOP: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'shop',
    namespace: 'default',
    annotations: { 'backstage.io/kubernetes-id': 'shop' },
  },
  spec: { type: 'service', owner: 'group:default/team-deals' },
  relations: [{ type: 'ownedBy', targetRef: 'group:default/team-deals' }],
};

const DELETED_IN_ORDER = [
  'peerauthentications/shop-mtls',
  'virtualservices/shop',
  'destinationrules/shop',
  'services/shop',
  'deployments/shop-canary',
  'deployments/shop',
  'authorizationpolicies/shop-policy',
  'serviceaccounts/shop',
];

describe.each(servers)('onboarding taken back on %s', (_name, serverOf) => {
  const stage = OnboardingStage.create(serverOf, [SHOP]);

  beforeAll(() => stage.start());
  beforeEach(async () => {
    await stage.open();
    const { status, message } = await stage.onboard();
    if (status !== 200) {
      throw new Error(message);
    }
  });
  afterEach(() => stage.close());
  afterAll(() => stage.stop());

  /** The newest change, once the portal knows the Service. */
  const newest = () =>
    eventually(async () => {
      const [change] = await stage.changes();
      if (!change) {
        throw new Error('nothing is remembered');
      }
      return change;
    });

  const patch = (plural: string, body: object, query = '') =>
    stage.market.send(
      'PATCH',
      stage.market.pathOf(plural, 'shop') + query,
      body,
    );

  it('stands among the changes of the new service', async () => {
    const change = await newest();
    expect(change).toMatchObject({
      sentence: 'Brought shop into the mesh: 8 objects.',
      who: 'user:default/mock',
      state: 'written',
      canUndo: true,
      needs: ['mesh.service.change', 'mesh.security.change'],
      object: { kind: 'PeerAuthentication', name: 'shop-mtls' },
      action: 'create',
    });
    expect(change.first).toHaveLength(7);
    // What changed nothing is not remembered.
    expect((await stage.onboard()).status).toBe(200);
    expect(await stage.changes()).toHaveLength(1);
  });

  it('deletes what it created, the last first', async () => {
    const { id } = await newest();
    const { preview, message } = await stage.previewUndo(id);
    expect(message).toBeUndefined();
    expect([...preview.first, preview].map(({ action }) => action)).toEqual(
      ALL_OF_SHOP.map(() => 'delete'),
    );
    expect(preview.sentence).toBe(
      'Taken back: Brought shop into the mesh: 8 objects.',
    );
    expect(preview.impact).toMatchObject({ letIn: [], cutOff: [] });
    const deleted: string[] = [];
    stage.proxy.decide = ({ method, path, isDryRun }) => {
      if (method === 'DELETE' && !isDryRun) {
        deleted.push(path.split('/').slice(-2).join('/'));
      }
      return 'passes';
    };
    expect(await stage.undo(id, preview)).toMatchObject({
      status: 200,
      sentence: preview.sentence,
    });
    expect(deleted).toEqual(DELETED_IN_ORDER);
    expect(await stage.there()).toEqual([]);
    // And the template brings it again.
    expect((await stage.onboard()).applied.join()).toMatch(
      /^([^(]+\(created\)){8}$/,
    );
  });

  it('gives back what a second onboarding changed, and leaves the first', async () => {
    const before = await stage.market.sayings();
    const answers = {
      replicas: 3,
      port: 8091,
      image: 'ghcr.io/market/shop:2',
      callerNamespaces: ['till', 'desk'],
    };
    expect((await stage.onboard(answers)).status).toBe(200);
    const change = await newest();
    expect(change.sentence).toBe(
      'Brought shop into the mesh again: 5 changed.',
    );
    const { preview, message } = await stage.previewUndo(change.id);
    expect(message).toBeUndefined();
    expect(await stage.undo(change.id, preview)).toMatchObject({ status: 200 });
    expect(await stage.market.sayings()).toEqual(before);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['replicas', () => patch('deployments', { spec: { replicas: 4 } })],
    [
      'variables of a container',
      () =>
        stage.market.send(
          'PATCH',
          `${stage.market.pathOf('deployments', 'shop')}?fieldManager=kubectl`,
          {
            spec: {
              template: {
                spec: {
                  containers: [
                    {
                      name: 'shop',
                      image: 'ghcr.io/market/shop:1.0.0',
                      ports: [
                        { name: 'http', containerPort: 8090, protocol: 'TCP' },
                      ],
                      env: [{ name: 'A', value: 'b' }],
                    },
                  ],
                },
              },
            },
          },
        ),
    ],
    [
      'labels of the Service',
      () => patch('services', { metadata: { labels: { team: 'pay' } } }),
    ],
    [
      'routes',
      () => patch('virtualservices', { spec: { gateways: ['mesh'] } }),
    ],
    [
      'an account of that name',
      async () => {
        const path = stage.market.pathOf('serviceaccounts', 'shop');
        const { metadata } = await stage.market.send('GET', path);
        const { name, labels, annotations } = metadata;
        await stage.market.send('DELETE', path);
        await stage.market.send(
          'POST',
          stage.market.pathOf('serviceaccounts'),
          {
            apiVersion: 'v1',
            kind: 'ServiceAccount',
            metadata: { name, labels, annotations },
          },
        );
      },
    ],
  ])('is refused where somebody made others since: %s', async (_what, act) => {
    const { id } = await newest();
    await act();
    const before = await stage.market.sayings();
    expect(await stage.previewUndo(id)).toMatchObject({
      status: 409,
      message: expect.stringContaining('was changed since'),
    });
    expect(await stage.market.sayings()).toEqual(before);
  });

  it('is refused where somebody changed an object since the preview', async () => {
    const { id } = await newest();
    const { preview } = await stage.previewUndo(id);
    await patch('services', { metadata: { labels: { team: 'pay' } } });
    expect(await stage.undo(id, preview)).toMatchObject({ status: 409 });
    expect(await stage.there()).toEqual(ALL_OF_SHOP);
  });

  it.each([1, 4, 6, 8])(
    'gives all of it back where deletion %s is cut off',
    async cut => {
      const { id } = await newest();
      const says = async () =>
        Object.entries(await stage.market.objects()).map(
          ([label, { metadata, spec }]) => [
            label,
            metadata.labels,
            spec?.replicas,
            spec?.template?.spec,
          ],
        );
      const before = await says();
      const { preview } = await stage.previewUndo(id);
      let deletions = 0;
      stage.proxy.decide = ({ method, isDryRun }) => {
        deletions += method === 'DELETE' && !isDryRun ? 1 : 0;
        return method === 'DELETE' && !isDryRun && deletions === cut
          ? 'is cut off'
          : 'passes';
      };
      expect(await stage.undo(id, preview)).toMatchObject({ status: 503 });
      expect(await says()).toEqual(before);
    },
  );
});

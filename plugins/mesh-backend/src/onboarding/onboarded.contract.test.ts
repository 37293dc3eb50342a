import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import type { DemoMesh } from '@meshdeck/demo-mesh';
import type { OnboardedView } from '@meshdeck/plugin-mesh-common';
import { randomBytes } from 'node:crypto';
import { eventually } from '../__testUtils__/eventually';
import { closeServers } from '../__testUtils__/serve';
import { startDemoMesh, startPortal } from '../__testUtils__/startPortal';
import { Market } from './__testUtils__/Market';
import { shopAnswers } from './__testUtils__/shop';
import { type TestServer, testServers } from './__testUtils__/testServers';
import { UnreliableProxy } from './__testUtils__/UnreliableProxy';

const servers = testServers();
if (servers.length < 2) {
  it.todo('onboarded services on a real API server (needs MESH_TEST_KUBE_URL)');
}

/** A server that lives on may have services of other runs. */
const NAME = `shop-${randomBytes(4).toString('hex')}`;

describe.each(servers)('the catalog’s view of %s', (_name, serverOf) => {
  const warnings: string[] = [];
  let mesh: DemoMesh;
  let server: TestServer;
  let proxy: UnreliableProxy;
  let market: Market;
  let portal: Awaited<ReturnType<typeof startPortal>>;

  beforeAll(async () => {
    mesh = await startDemoMesh();
    server = serverOf(mesh);
    proxy = await UnreliableProxy.start(server);
    portal = await startPortal({
      mesh,
      entities: [],
      clusters: {
        // One cluster under two names: what is in the one is in the other, equally old.
        demo: { url: proxy.url, token: server.token },
        twin: server,
      },
      features: [
        mockServices.logger.mock({
          warn: message => {
            warnings.push(message);
          },
        }).factory,
      ],
    });
    await eventually(async () => {
      const { status } = await portal.getPath('/health');
      if (status !== 200) {
        throw new Error('The portal is not ready');
      }
    });
  });

  beforeEach(async () => {
    proxy.decide = () => 'passes';
    market = await Market.open(server);
  });

  afterEach(() => market.close());

  afterAll(async () => {
    await portal.server.stop();
    closeServers();
    await mesh.stop();
  });

  const onboard = async (place = market) => {
    const { status, body } = await portal.post('/onboardings', {
      cluster: 'demo',
      ...shopAnswers({ namespace: place.namespace, name: NAME }),
    });
    expect([status, body.error?.message]).toEqual([200, undefined]);
  };

  const view = async (search = ''): Promise<OnboardedView> => {
    const { status, body } = await portal.send(
      'get',
      `/onboarded${search}`,
      mockCredentials.service.header(),
    );
    expect(status).toBe(200);
    return body;
  };

  /** Of the test's own namespaces: entities as `owner@location`, and what is held. */
  const seen = async (search = '', places = [market]) => {
    const { clusters } = await view(search);
    const isOwn = (text: string) =>
      places.some(({ namespace }) => text.includes(namespace));
    return clusters.map(({ cluster, isWhole, entities, held }) => ({
      cluster,
      isWhole,
      entities: entities
        .map(
          ({ metadata, spec }) =>
            `${spec?.owner}@${metadata.annotations?.['backstage.io/managed-by-location']}`,
        )
        .filter(isOwn),
      held: held.filter(isOwn),
    }));
  };
  const shown = (entities: string[], held: string[] = []) =>
    ['demo', 'twin'].map(cluster => ({
      cluster,
      isWhole: true,
      // Of equal claims the first cluster's is shown.
      entities: cluster === 'demo' ? entities : [],
      held,
    }));

  const service = (metadata: object, spec: object = {}) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: NAME,
      labels: { 'meshdeck.io/onboarded': 'true' },
      annotations: {
        'meshdeck.io/entity': `component:default/${NAME}`,
        'meshdeck.io/owner': 'group:default/team-deals',
      },
      ...metadata,
    },
    spec: { selector: { app: NAME }, ports: [{ port: 80 }], ...spec },
  });
  const asMeshdeck = '?fieldManager=meshdeck';

  it('shows what was onboarded, and asks the API server itself where that is to be confirmed', async () => {
    await onboard();
    const { namespace } = market;
    const entity = `group:default/team-deals@meshdeck:demo/${namespace}/${NAME}`;
    await eventually(async () => expect(await seen()).toEqual(shown([entity])));
    expect(await seen('?confirm=demo&confirm=twin')).toEqual(shown([entity]));

    // At once: what the watch says does not count here.
    await market.send('DELETE', market.pathOf('services', NAME));
    expect(await seen('?confirm=demo&confirm=twin')).toEqual(shown([]));
    await eventually(async () => expect(await seen()).toEqual(shown([])));
  });

  it('says of a cluster that does not confirm that it is not known whole', async () => {
    await eventually(async () => expect(await seen()).toEqual(shown([])));
    proxy.decide = ({ path, method }) =>
      method === 'GET' && path === '/api/v1/namespaces'
        ? 'is cut off'
        : 'passes';
    expect(await seen('?confirm=demo')).toEqual([
      { cluster: 'demo', isWhole: false, entities: [], held: [] },
      shown([])[1],
    ]);
  });

  it.each<[string, object, string]>([
    ['written by somebody else', {}, 'were written by '],
    [
      'of an entity of another name',
      {
        annotations: {
          'meshdeck.io/entity': 'component:default/till',
          'meshdeck.io/owner': 'group:default/team-deals',
        },
      },
      `does not name component:default/${NAME}`,
    ],
    [
      'of an owner to whom the namespace is not open',
      {
        annotations: {
          'meshdeck.io/entity': `component:default/${NAME}`,
          'meshdeck.io/owner': 'group:default/team-king',
        },
      },
      'is not open to group:default/team-king',
    ],
    [
      'of nobody',
      { annotations: { 'meshdeck.io/entity': `component:default/${NAME}` } },
      'is not open to the owner it names',
    ],
    [
      'of no entity',
      {
        annotations: {
          'meshdeck.io/entity': '::/',
          'meshdeck.io/owner': 'group:default/team-deals',
        },
      },
      `does not name component:default/${NAME}`,
    ],
  ])('believes no marks %s, and says so once', async (name, metadata, why) => {
    warnings.splice(0);
    await market.send(
      'POST',
      market.pathOf('services') +
        (name === 'written by somebody else' ? '' : asMeshdeck),
      service(metadata),
    );
    const held = [`${market.namespace}/${NAME}`];
    await eventually(async () => expect(await seen()).toEqual(shown([], held)));
    await view();
    expect(
      warnings.filter(
        text => text.includes(market.namespace) && text.includes(why),
      ),
    ).toHaveLength(2);
  });

  it('believes no owner that somebody wrote over the one that Meshdeck wrote', async () => {
    await onboard();
    await market.send('PATCH', market.pathOf('services', NAME), {
      metadata: {
        annotations: { 'meshdeck.io/owner': 'group:default/team-pay' },
      },
    });
    await eventually(async () =>
      expect(await seen()).toEqual(shown([], [`${market.namespace}/${NAME}`])),
    );
  });

  it('leaves an entity as it is where its namespace is closed again', async () => {
    await onboard();
    await market.send('PATCH', `/api/v1/namespaces/${market.namespace}`, {
      metadata: { annotations: { 'meshdeck.io/onboarding': null } },
    });
    await eventually(async () =>
      expect(await seen()).toEqual(shown([], [`${market.namespace}/${NAME}`])),
    );
  });

  it('shows of two namespaces the older Service, whichever was read first, and says so once', async () => {
    const other = await Market.open(server);
    const both = [market, other];
    await onboard(other);
    const { metadata } = (await other.objects())[`Service ${NAME}`];
    // Kubernetes counts in seconds.
    await eventually(() =>
      expect(
        Date.now() - Date.parse(metadata.creationTimestamp!),
      ).toBeGreaterThan(1000),
    );
    await onboard(market);
    const older = `group:default/team-deals@meshdeck:demo/${other.namespace}/${NAME}`;
    warnings.splice(0);
    await eventually(async () => {
      expect(await seen('', both)).toEqual(shown([older]));
      // Both are there by now.
      expect(warnings.join()).toContain(`Service ${market.namespace}/${NAME}`);
    });
    await view();
    expect(
      warnings.filter(text =>
        text.startsWith(`Service ${market.namespace}/${NAME} of cluster demo`),
      ),
    ).toEqual([
      `Service ${market.namespace}/${NAME} of cluster demo claims component:default/${NAME}, which is that of the older Service ${other.namespace}/${NAME} of cluster demo: the catalog shows only that one.`,
    ]);
    await other.send('DELETE', other.pathOf('services', NAME));
    await eventually(async () =>
      expect(await seen('', both)).toEqual(
        shown([
          `group:default/team-deals@meshdeck:demo/${market.namespace}/${NAME}`,
        ]),
      ),
    );
  });
});

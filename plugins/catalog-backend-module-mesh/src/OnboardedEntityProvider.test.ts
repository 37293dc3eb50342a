import { mockServices } from '@backstage/backend-test-utils';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import type { OnboardedCluster } from '@meshdeck/plugin-mesh-common';
import { createServer } from 'http';
import { AddressInfo } from 'net';
import { OnboardedEntityProvider } from './OnboardedEntityProvider';

/** What the mesh backend answers now; and, where a cluster is to be confirmed, its API server. */
let answer: { status: number; clusters: OnboardedCluster[] };
let confirmed: OnboardedCluster[] | undefined;
const asked: string[] = [];
const server = createServer((req, res) => {
  const { pathname, search } = new URL(req.url ?? '', 'http://mesh');
  const isNamed = req.headers.authorization?.startsWith('Bearer ');
  asked.push(search);
  res.writeHead(
    isNamed && pathname === '/api/mesh/v1/onboarded' ? answer.status : 401,
  );
  const clusters = (search && confirmed) || answer.clusters;
  res.end(JSON.stringify({ clusters }));
});

beforeAll(
  () =>
    new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    }),
);
beforeEach(() => {
  confirmed = undefined;
  asked.splice(0);
});
afterAll(() => {
  server.close();
});

const SHOP = 'component:default/shop';

function entity(name: string, cluster = 'red', namespace = 'market'): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name,
      namespace: 'default',
      labels: { 'meshdeck.io/onboarded': 'true' },
      annotations: {
        'backstage.io/managed-by-location': `meshdeck:${cluster}/${namespace}/${name}`,
      },
    },
  };
}

const cluster = (
  name: string,
  entities: Entity[],
  rest: Partial<OnboardedCluster> = {},
): OnboardedCluster => ({
  cluster: name,
  isWhole: true,
  held: [],
  entities,
  ...rest,
});

function say(...clusters: OnboardedCluster[]) {
  answer = { status: 200, clusters };
}

/** A provider in a process of its own, over a catalog that has some entities. */
async function connect(inCatalog: Entity[] = []) {
  let refresh = async () => {};
  const clock = { now: 0 };
  const logger = mockServices.logger.mock();
  const provider = OnboardedEntityProvider.create({
    auth: mockServices.auth(),
    catalog: catalogServiceMock({ entities: inCatalog }),
    discovery: {
      getBaseUrl: async () =>
        `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/mesh`,
      getExternalBaseUrl: async () => '',
    },
    logger,
    now: () => clock.now,
    taskRunner: {
      run: async task => {
        refresh = async () => {
          await task.fn(new AbortController().signal);
        };
      },
    },
  });
  const told: [added: string[], removed: string[]][] = [];
  await provider.connect({
    refresh: jest.fn(),
    applyMutation: async mutation => {
      expect(mutation.type).toBe('delta');
      const { added, removed } = mutation as Extract<
        typeof mutation,
        { type: 'delta' }
      >;
      for (const part of [...added, ...removed]) {
        expect(part.locationKey).toBe('mesh-onboarded');
      }
      told.push([
        added.map(
          ({ entity: { metadata } }) =>
            metadata.annotations!['backstage.io/managed-by-location'],
        ),
        removed.map(part =>
          'entityRef' in part
            ? part.entityRef
            : stringifyEntityRef(part.entity),
        ),
      ]);
    },
  });
  return {
    clock,
    logger,
    /** What the catalog is told by as many refreshes. */
    refresh: async (times = 1) => {
      told.splice(0);
      for (let time = 0; time < times; time++) {
        await refresh();
      }
      return [...told];
    },
  };
}

describe('OnboardedEntityProvider', () => {
  it('gives the catalog what the mesh backend reads, as itself, and only when it changed', async () => {
    say(cluster('red', [entity('shop')]));
    const { refresh, clock } = await connect();
    expect(await refresh(3)).toEqual([[['meshdeck:red/market/shop'], []]]);
    say(cluster('red', [entity('shop'), entity('till')]));
    expect(await refresh(3)).toEqual([[['meshdeck:red/market/till'], []]]);
    // Another replica may have told the catalog something else.
    clock.now += 300_000;
    expect(await refresh(2)).toEqual([
      [['meshdeck:red/market/shop', 'meshdeck:red/market/till'], []],
    ]);
  });

  it('takes an entity away once its cluster, read whole, did not have it twice and says so itself', async () => {
    say(cluster('red', [entity('shop')]), cluster('blue', []));
    const { refresh } = await connect();
    await refresh();
    say(cluster('red', []), cluster('blue', []));
    expect(await refresh()).toEqual([]);
    expect(await refresh()).toEqual([[[], [SHOP]]]);
    expect(asked).toEqual(['', '', '', '?confirm=red']);
    expect(await refresh(2)).toEqual([]);
  });

  it('takes nothing away that was missing once, or that the cluster still has when it is asked', async () => {
    say(cluster('red', [entity('shop')]));
    const { refresh } = await connect();
    await refresh();
    const there = answer.clusters;
    for (const _time of [1, 2, 3]) {
      say(cluster('red', []));
      expect(await refresh()).toEqual([]);
      say(...there);
      expect(await refresh()).toEqual([]);
    }
    say(cluster('red', []));
    confirmed = there;
    expect(await refresh(5)).toEqual([]);
    confirmed = [cluster('red', [], { isWhole: false })];
    expect(await refresh(5)).toEqual([]);
  });

  it('starts over after an answer that failed, and says so once', async () => {
    say(cluster('red', [entity('shop')]));
    const { refresh, logger } = await connect();
    await refresh();
    for (const _time of [1, 2, 3]) {
      say(cluster('red', []));
      expect(await refresh()).toEqual([]);
      answer = { status: 503, clusters: [] };
      expect(await refresh(2)).toEqual([]);
    }
    expect(logger.warn).toHaveBeenCalledTimes(3);
  });

  it.each([
    ['is not read whole', cluster('red', [], { isWhole: false })],
    ['is not configured', cluster('blue', [])],
    [
      'has a Service there that is not believed',
      cluster('red', [], { held: ['market/shop'] }),
    ],
  ])(
    'keeps after a restart what the catalog has of a cluster that %s',
    async (_name, other) => {
      const { refresh } = await connect([entity('shop')]);
      say(other);
      expect(await refresh(5)).toEqual([]);
      // Not even for another Service that claims it meanwhile.
      say(other, cluster('green', [entity('shop', 'green')]));
      expect(await refresh(5)).toEqual([]);
      say(cluster('red', [entity('shop')]));
      expect(await refresh()).toEqual([[['meshdeck:red/market/shop'], []]]);
    },
  );

  it('knows after a restart what to take away', async () => {
    const { refresh } = await connect([
      entity('shop'),
      entity('till'),
      // Not from a cluster, whatever its label says.
      {
        ...entity('file'),
        metadata: {
          ...entity('file').metadata,
          annotations: { 'backstage.io/managed-by-location': 'url:http://x' },
        },
      },
    ]);
    say(cluster('red', [entity('till')]));
    expect(await refresh()).toEqual([[['meshdeck:red/market/till'], []]]);
    expect(await refresh()).toEqual([[[], [SHOP]]]);
  });

  it('moves an entity to another Service no sooner than it would take it away', async () => {
    say(cluster('red', [entity('shop')]));
    const { refresh } = await connect();
    await refresh();
    say(cluster('red', []), cluster('blue', [entity('shop', 'blue')]));
    expect(await refresh()).toEqual([]);
    expect(await refresh()).toEqual([[['meshdeck:blue/market/shop'], []]]);
    say(cluster('red', [entity('shop', 'red', 'square')]), cluster('blue', []));
    expect(await refresh()).toEqual([]);
    expect(await refresh()).toEqual([[['meshdeck:red/square/shop'], []]]);
  });
});

import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import kubernetesPlugin from '@backstage/plugin-kubernetes-backend';
import type { DemoMesh } from '@meshdeck/demo-mesh';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import request from 'supertest';
import { parseAllDocuments } from 'yaml';
import { eventually } from '../__testUtils__/eventually';
import { closeServers } from '../__testUtils__/serve';
import { startDemoMesh } from '../__testUtils__/startPortal';
import meshPlugin from '../index';
import { Market } from './__testUtils__/Market';
import { ALL_OF_SHOP } from './__testUtils__/OnboardingStage';
import { shopAnswers } from './__testUtils__/shop';
import { type TestServer, testServers } from './__testUtils__/testServers';
import { UnreliableProxy } from './__testUtils__/UnreliableProxy';

const servers = testServers();
if (servers.length < 2) {
  it.todo('two accounts on a real API server (needs MESH_TEST_KUBE_URL)');
}

interface ClusterRole {
  metadata: { name: string };
  rules: { verbs: string[]; resources: string[] }[];
}

/** The two roles as docs/permissions.md has them. */
const [READER, WRITER] = [
  ...readFileSync(
    join(__dirname, '../../../../docs/permissions.md'),
    'utf8',
  ).matchAll(/```yaml\n(apiVersion: rbac.*?)```/gs),
].flatMap(([, text]) =>
  parseAllDocuments(text).map(document => document.toJS() as ClusterRole),
);

/** What came through an entry, as `GET /api/v1/pods`. */
class Entry {
  readonly seen: string[] = [];

  private constructor(readonly proxy: UnreliableProxy) {
    this.pass();
  }

  static async open(server: TestServer, headers: Record<string, string>) {
    return new Entry(await UnreliableProxy.start(server, headers));
  }

  pass(): void {
    this.proxy.decide = ({ method, path }) => {
      this.seen.push(`${method} ${path}`);
      return 'passes';
    };
  }

  get methods(): string[] {
    return [...new Set(this.seen.map(line => line.split(' ')[0]))].sort();
  }
}

describe.each(servers)(
  'with an account to read and one to write on %s',
  (_name, serverOf) => {
    let mesh: DemoMesh;
    let market: Market;
    let reader: Entry;
    let writer: Entry;
    let backend: Awaited<ReturnType<typeof startTestBackend>>;

    /** Headers of somebody who has this role and nothing else. */
    const accountOf = async (
      server: TestServer,
      role: ClusterRole,
    ): Promise<Record<string, string>> => {
      const { name } = role.metadata;
      if (!server.token) {
        return { authorization: `Bearer ${name}` };
      }
      const own = `${name}-${randomBytes(4).toString('hex')}`;
      const rbac = '/apis/rbac.authorization.k8s.io/v1';
      await market.send('POST', `${rbac}/clusterroles`, {
        ...role,
        metadata: { name: own },
      });
      await market.send('POST', `${rbac}/clusterrolebindings`, {
        metadata: { name: own },
        roleRef: {
          apiGroup: 'rbac.authorization.k8s.io',
          kind: 'ClusterRole',
          name: own,
        },
        subjects: [{ kind: 'User', name: own }],
      });
      return {
        authorization: `Bearer ${server.token}`,
        'impersonate-user': own,
      };
    };

    beforeAll(async () => {
      mesh = await startDemoMesh({
        tokens: [READER, WRITER].map(({ metadata, rules }) => ({
          token: metadata.name,
          user: metadata.name,
          rules,
        })),
      });
      const server = serverOf(mesh);
      market = await Market.open(server);
      await market
        .send('POST', '/api/v1/namespaces', {
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: { name: 'kube-system' },
        })
        // A real one has it.
        .catch(() => {});
      reader = await Entry.open(server, await accountOf(server, READER));
      writer = await Entry.open(server, await accountOf(server, WRITER));
      const entry = (name: string, { proxy }: Entry) => ({
        name,
        url: proxy.url,
        authProvider: 'serviceAccount',
        serviceAccountToken: 'set-on-the-way',
      });
      backend = await startTestBackend({
        features: [
          meshPlugin,
          kubernetesPlugin,
          catalogServiceMock.factory({ entities: [] }),
          mockServices.userInfo.mock({
            getUserInfo: async () => ({
              userEntityRef: 'user:default/somebody',
              ownershipEntityRefs: ['group:default/team-deals'],
            }),
          }).factory,
          mockServices.rootConfig.factory({
            data: {
              kubernetes: {
                serviceLocatorMethod: { type: 'multiTenant' },
                clusterLocatorMethods: [
                  {
                    type: 'config',
                    clusters: [
                      entry('demo', reader),
                      entry('demo-writer', writer),
                    ],
                  },
                ],
              },
              mesh: {
                clusters: [{ name: 'demo', writeThrough: 'demo-writer' }],
              },
            },
          }),
        ],
      });
    });

    afterAll(async () => {
      await backend.stop();
      await market.close();
      closeServers();
      await mesh.stop();
    });

    const onboard = () =>
      request(backend.server)
        .post('/api/mesh/v1/onboardings')
        .set('Authorization', mockCredentials.user.header())
        .send({
          cluster: 'demo',
          ...shopAnswers({ namespace: market.namespace }),
        });

    const clusters = async () => {
      const { body } = await request(backend.server)
        .get('/api/mesh/v1/onboarded')
        .set('Authorization', mockCredentials.service.header());
      return body.clusters;
    };

    it('reads with the one, shows no second cluster, and sends nothing through the other until something is written', async () => {
      await eventually(async () =>
        expect(await clusters()).toEqual([
          expect.objectContaining({ cluster: 'demo', isWhole: true }),
        ]),
      );
      expect(reader.methods).toEqual(['GET']);
      expect(writer.seen).toEqual([]);
    });

    it('takes back through the kubernetes backend what it created, and leaves what somebody changed', async () => {
      let writes = 0;
      writer.proxy.decide = async ({ method, isDryRun }) => {
        writes += method !== 'GET' && !isDryRun ? 1 : 0;
        if (writes !== 8) {
          return 'passes';
        }
        await market.send('PATCH', market.pathOf('services', 'shop'), {
          metadata: { labels: { team: 'pay' } },
        });
        return 'is cut off';
      };
      const { status, body } = await onboard();
      expect([status, body.error.message]).toEqual([
        503,
        expect.stringContaining(
          `Service ${market.namespace}/shop (somebody changed it in the meantime)`,
        ),
      ]);
      expect(Object.keys(await market.objects())).toEqual(['Service shop']);
      await market.close();
      writer.pass();
    });

    it('writes all with the other, which the roles of the documentation allow and no more', async () => {
      const { status, body } = await onboard();
      expect([status, body.error?.message]).toEqual([200, undefined]);
      expect(Object.keys(await market.objects()).sort()).toEqual(ALL_OF_SHOP);
      expect(reader.methods).toEqual(['GET']);
      // Dry runs are writes, too; which cluster it is was asked before the first one.
      expect(writer.methods).toEqual(['POST']);
      expect(writer.seen).toHaveLength(16);

      for (const [entry, path, method] of [
        [reader, market.pathOf('services', 'shop'), 'DELETE'],
        [writer, market.pathOf('services', 'shop'), 'GET'],
        [writer, '/api/v1/secrets', 'GET'],
      ] as const) {
        const answer = await fetch(`${entry.proxy.url}${path}`, { method });
        expect([method, path, answer.status]).toEqual([method, path, 403]);
      }
    });
  },
);

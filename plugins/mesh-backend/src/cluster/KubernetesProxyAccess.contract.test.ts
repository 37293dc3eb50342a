import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import kubernetesPlugin from '@backstage/plugin-kubernetes-backend';
import { createServer } from 'http';
import { AddressInfo } from 'net';
import request from 'supertest';
import { weightedService } from '../changes/__testUtils__/weightedService';
import { eventually } from '../__testUtils__/eventually';
import { component } from '../__testUtils__/startPortal';
import { TEST_CLUSTERS, TestCluster } from '../__testUtils__/testClusters';
import meshPlugin from '../index';
import { KubernetesProxyAccess } from './KubernetesProxyAccess';

jest.setTimeout(60_000);

describe.each(TEST_CLUSTERS)(
  'the mesh backend through the kubernetes backend, on %s',
  (_name, start) => {
    let cluster: TestCluster;
    let namespace: string;
    let server: Awaited<ReturnType<typeof startTestBackend>>['server'];

    const path = () =>
      `/api/mesh/v1/entities/component/default/auth/placements/demo:${namespace}:auth`;
    const routes = async () => {
      const { body } = await request(server)
        .get(`${path()}/routes`)
        .set('Authorization', mockCredentials.user.header());
      return body;
    };
    const change = (step: 'preview' | 'apply', body: object) =>
      request(server)
        .post(`${path()}/changes/${step}`)
        .set('Authorization', mockCredentials.user.header())
        .send(body);
    const rule = () => ({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      namespace,
      name: 'auth',
    });
    const shown = async () => (await routes()).rules?.[0].treatment[0];

    beforeAll(async () => {
      cluster = await TestCluster.open(start);
      namespace = `proxied-${cluster.id}`;
      await cluster.makeNamespace(namespace);
      for (const object of weightedService(namespace, 'auth')) {
        await cluster.apply(object);
      }
      ({ server } = await startTestBackend({
        features: [
          meshPlugin,
          kubernetesPlugin,
          catalogServiceMock.factory({
            entities: [
              component('auth', {
                'meshdeck.io/services': `${namespace}/auth`,
              }),
            ],
          }),
          mockServices.rootConfig.factory({
            data: {
              kubernetes: {
                serviceLocatorMethod: { type: 'multiTenant' },
                clusterLocatorMethods: [
                  { type: 'config', clusters: [clusterOf(cluster)] },
                ],
              },
            },
          }),
        ],
      }));
    });

    afterAll(() => cluster.stop());

    it('reads with its token, and follows changes at once', async () => {
      for (const seconds of [7, 8, 9]) {
        await cluster.patch(rule(), [
          { op: 'add', path: '/spec/http/0/timeout', value: `${seconds}s` },
        ]);
        await eventually(
          async () =>
            expect(await shown()).toBe(`times out after ${seconds} s`),
          10_000,
        );
      }
    });

    it('writes what was seen, and nothing once it is another', async () => {
      const { rules } = await routes();
      const what = {
        intent: 'timeout',
        rule: rules[0].named,
        timeoutMs: 4000,
      };
      const { body: seen } = await change('preview', { what }).expect(200);
      expect(seen).toMatchObject({ dryRun: { ok: true } });
      const { resourceVersion } = seen;
      await change('apply', { what, resourceVersion, takeOver: true }).expect(
        200,
      );
      const after = await cluster.get(rule());
      expect(after.spec.http[0].timeout).toBe('4s');
      await eventually(async () =>
        expect(await shown()).toBe('times out after 4 s'),
      );
      await change('apply', { what, resourceVersion, takeOver: true }).expect(
        409,
      );
      expect(await cluster.get(rule())).toEqual(after);
    });
  },
);

function clusterOf({ server }: TestCluster) {
  return {
    name: 'demo',
    url: server.url,
    authProvider: 'serviceAccount',
    serviceAccountToken: server.token,
    ...(server.ca
      ? { caData: Buffer.from(server.ca).toString('base64') }
      : { skipTLSVerify: true }),
  };
}

describe('KubernetesProxyAccess', () => {
  it('asks for no compression, which would hold the events of a watch back', async () => {
    const seen: (string | undefined)[] = [];
    const server = createServer((req, res) => {
      seen.push(req.headers['accept-encoding']?.toString(), req.url);
      res.end('{}');
    });
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    const access = KubernetesProxyAccess.create({
      auth: mockServices.auth(),
      discovery: {
        getBaseUrl: async () => `http://127.0.0.1:${port}/api/kubernetes`,
        getExternalBaseUrl: async () => '',
      },
    });
    await access.request('demo', {
      path: '/api/v1/pods',
      query: { watch: 'true', continue: undefined },
    });
    server.close();
    expect(seen).toEqual([
      'identity',
      '/api/kubernetes/proxy/api/v1/pods?watch=true',
    ]);
  });
});

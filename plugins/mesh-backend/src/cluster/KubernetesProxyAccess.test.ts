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
import { DirectAccess } from '../__testUtils__/DirectAccess';
import { eventually } from '../__testUtils__/eventually';
import { component, startDemoMesh } from '../__testUtils__/startPortal';
import meshPlugin from '../index';
import { KubernetesProxyAccess } from './KubernetesProxyAccess';

describe('the mesh backend through the kubernetes backend', () => {
  it('reads with its token, and follows changes at once', async () => {
    const mesh = await startDemoMesh({
      tokens: [{ token: 'portal', user: 'portal', rules: 'all' }],
    });
    const { server } = await startTestBackend({
      features: [
        meshPlugin,
        kubernetesPlugin,
        catalogServiceMock.factory({
          entities: [
            component('auth-service', {
              'meshdeck.io/services': 'orion/auth-service',
            }),
          ],
        }),
        mockServices.rootConfig.factory({
          data: {
            kubernetes: {
              serviceLocatorMethod: { type: 'multiTenant' },
              clusterLocatorMethods: [
                {
                  type: 'config',
                  clusters: [
                    {
                      name: 'demo',
                      url: mesh.urls.kubernetes,
                      authProvider: 'serviceAccount',
                      serviceAccountToken: 'portal',
                      skipTLSVerify: true,
                    },
                  ],
                },
              ],
            },
          },
        }),
      ],
    });
    const timeoutOfFirstRule = async () => {
      const { body } = await request(server)
        .get(
          '/api/mesh/v1/entities/component/default/auth-service/placements/demo:orion:auth-service/routes',
        )
        .set('Authorization', mockCredentials.user.header());
      return body.rules?.[0].treatment[0];
    };
    await eventually(async () =>
      expect(await timeoutOfFirstRule()).toBe('waits 10 s'),
    );
    const direct = DirectAccess.create({ demo: { url: mesh.urls.kubernetes } });
    for (const seconds of [7, 8, 9]) {
      await direct.request('demo', {
        method: 'PATCH',
        path: '/apis/networking.istio.io/v1/namespaces/orion/virtualservices/auth-service',
        headers: { 'Content-Type': 'application/json-patch+json' },
        body: JSON.stringify([
          { op: 'replace', path: '/spec/http/0/timeout', value: `${seconds}s` },
        ]),
      });
      await eventually(
        async () =>
          expect(await timeoutOfFirstRule()).toBe(`waits ${seconds} s`),
        5000,
      );
    }
    server.stop();
    await mesh.stop();
  });

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

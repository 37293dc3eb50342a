import { permissionsServiceFactory } from '@backstage/backend-defaults/permissions';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import kubernetesPlugin from '@backstage/plugin-kubernetes-backend';
import permissionPlugin from '@backstage/plugin-permission-backend';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { ownersChangeModule } from './ownersChangeModule';

const GROUPS: Record<string, string[]> = {
  'user:default/owner': ['group:default/team-deals'],
  'user:default/admin': ['group:default/team-platform'],
  'user:default/nobody': [],
};

describe('ownersChangeModule', () => {
  const asked: string[] = [];
  const apiServer = createServer((req, res) => {
    asked.push(`${req.method} ${req.url}`);
    res.setHeader('Content-Type', 'application/json');
    res.end('{}');
  });
  let backend: Awaited<ReturnType<typeof startTestBackend>>;

  beforeAll(async () => {
    await new Promise<void>(resolve => {
      apiServer.listen(0, '127.0.0.1', resolve);
    });
    const { port } = apiServer.address() as AddressInfo;
    backend = await startTestBackend({
      features: [
        kubernetesPlugin,
        permissionPlugin,
        permissionsServiceFactory,
        ownersChangeModule,
        mockServices.userInfo.mock({
          getUserInfo: async credentials => {
            const { userEntityRef } = (credentials as any).principal;
            return {
              userEntityRef,
              ownershipEntityRefs: [userEntityRef, ...GROUPS[userEntityRef]],
            };
          },
        }).factory,
        mockServices.rootConfig.factory({
          data: {
            permission: { enabled: true },
            kubernetes: {
              serviceLocatorMethod: { type: 'multiTenant' },
              clusterLocatorMethods: [
                {
                  type: 'config',
                  clusters: [
                    {
                      name: 'red',
                      url: `http://127.0.0.1:${port}`,
                      authProvider: 'serviceAccount',
                      serviceAccountToken: 'may-write',
                    },
                  ],
                },
              ],
            },
          },
        }),
      ],
    });
  });

  beforeEach(() => {
    asked.splice(0);
  });

  afterAll(async () => {
    await backend.stop();
    apiServer.close();
  });

  const callers: [caller: string, isLet: boolean, authorization: string][] = [
    ...Object.keys(GROUPS).map((user): [string, boolean, string] => [
      user,
      user === 'user:default/admin',
      mockCredentials.user.header(user),
    ]),
    ['the mesh plugin', true, mockCredentials.service.header()],
  ];

  it.each(callers)(
    'lets %s through to the API server: %s',
    async (_caller, isLet, authorization) => {
      for (const method of ['get', 'delete'] as const) {
        const { status } = await request(backend.server)
          [method]('/api/kubernetes/proxy/api/v1/secrets')
          .set('Authorization', authorization)
          .set('Backstage-Kubernetes-Cluster', 'red');
        expect([method, status]).toEqual([method, isLet ? 200 : 403]);
      }
      expect(asked).toHaveLength(isLet ? 2 : 0);
      const list = await request(backend.server)
        .get('/api/kubernetes/clusters')
        .set('Authorization', authorization);
      expect(list.status).toBe(isLet ? 200 : 403);
    },
  );
});

import type { Contract } from './Contract';
import { virtualService } from './objects';

export function accessCases({ group, check, context }: Contract): void {
  const asPortal = () => ({ token: context().api.server.portalToken });

  group('who may what', () => {
    check('does not know a wrong token', async () => {
      const { api, paths } = context();
      const { status, body } = await api.get(paths.virtualServices, {
        token: 'made-up',
      });
      expect(status).toBe(401);
      expect(body).toEqual({
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: 'Unauthorized',
        reason: 'Unauthorized',
        code: 401,
      });
    });

    check('refuses who comes without a token', async () => {
      const { api, paths } = context();
      const { body } = await api.get(paths.pods, { token: undefined });
      expect(body).toMatchObject({
        code: 403,
        reason: 'Forbidden',
        message: `pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" in the namespace "${paths.namespace}"`,
        details: { kind: 'pods' },
      });
    });

    check.each([
      ['list', 'GET', '/apis/networking.istio.io/v1/virtualservices', ''],
      [
        'watch',
        'GET',
        '/apis/networking.istio.io/v1/virtualservices?watch=1',
        '',
      ],
    ])('refuses to %s the whole cluster', async (verb, method, path) => {
      const { api } = context();
      const { body } = await api.call(method, path, asPortal());
      expect(body).toEqual({
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: `virtualservices.networking.istio.io is forbidden: User "portal" cannot ${verb} resource "virtualservices" in API group "networking.istio.io" at the cluster scope`,
        reason: 'Forbidden',
        details: { group: 'networking.istio.io', kind: 'virtualservices' },
        code: 403,
      });
    });

    check.each([
      ['get', 'GET', '/web', '"web" '],
      ['create', 'POST', '', ''],
      ['update', 'PUT', '/web', '"web" '],
      ['patch', 'PATCH', '/web', '"web" '],
      ['delete', 'DELETE', '/web', '"web" '],
      ['deletecollection', 'DELETE', '', ''],
    ])('refuses to %s an object', async (verb, method, below, name) => {
      const { api, paths } = context();
      const { body } = await api.call(method, paths.virtualServices + below, {
        ...asPortal(),
        ...(method === 'GET' ? {} : { body: virtualService('web') }),
        ...(method === 'PATCH'
          ? { contentType: 'application/merge-patch+json' }
          : {}),
      });
      expect(body).toMatchObject({
        code: 403,
        reason: 'Forbidden',
        message: `virtualservices.networking.istio.io ${name}is forbidden: User "portal" cannot ${verb} resource "virtualservices" in API group "networking.istio.io" in the namespace "${paths.namespace}"`,
      });
    });

    check('names the subresource', async () => {
      const { api, paths } = context();
      const { body } = await api.get(
        `${paths.deployments}/web/scale`,
        asPortal(),
      );
      expect(body.message).toBe(
        `deployments.apps "web" is forbidden: User "portal" cannot get resource "deployments/scale" in API group "apps" in the namespace "${paths.namespace}"`,
      );
    });

    check('sees a namespace as inside itself', async () => {
      const { api, paths } = context();
      const { body } = await api.get(
        `/api/v1/namespaces/${paths.namespace}`,
        asPortal(),
      );
      expect(body.message).toBe(
        `namespaces "${paths.namespace}" is forbidden: User "portal" cannot get resource "namespaces" in API group "" in the namespace "${paths.namespace}"`,
      );
    });

    check('answers what one may do oneself', async () => {
      const { api, paths } = context();
      const review = {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: {
          resourceAttributes: {
            namespace: paths.namespace,
            verb: 'list',
            group: 'networking.istio.io',
            resource: 'virtualservices',
          },
        },
      };
      const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
      const admin = await api.post(path, review);
      expect(admin.status).toBe(201);
      expect(admin.body).toMatchObject({
        kind: 'SelfSubjectAccessReview',
        status: { allowed: true },
      });
      const portal = await api.post(path, review, asPortal());
      expect(portal.body.status.allowed).toBe(false);
    });
  });

  group('discovery', () => {
    check('knows the health without a token', async () => {
      const { api } = context();
      for (const path of ['/healthz', '/readyz', '/livez']) {
        const { status, text } = await api.get(path, { token: undefined });
        expect([path, status, text]).toEqual([path, 200, 'ok']);
      }
    });

    check('tells its version', async () => {
      const { api } = context();
      const { body } = await api.get('/version', { token: undefined });
      expect(body).toMatchObject({ gitVersion: expect.any(String) });
    });

    check('lists groups with their preferred versions', async () => {
      const { api } = context();
      const { body } = await api.get('/apis', asPortal());
      expect(body.kind).toBe('APIGroupList');
      expect(body.groups).toEqual(
        expect.arrayContaining([
          expect.objectContaining({
            name: 'networking.istio.io',
            preferredVersion: {
              groupVersion: 'networking.istio.io/v1',
              version: 'v1',
            },
          }),
        ]),
      );
      const istio = await api.get('/apis/networking.istio.io');
      expect(
        istio.body.versions.map((each: { version: string }) => each.version),
      ).toEqual(['v1', 'v1beta1', 'v1alpha3']);
    });

    check.each([
      [
        '/apis/networking.istio.io/v1',
        { name: 'virtualservices', kind: 'VirtualService', shortNames: ['vs'] },
      ],
      ['/api/v1', { name: 'services', kind: 'Service', shortNames: ['svc'] }],
      ['/apis/apps/v1', { name: 'deployments/scale', kind: 'Scale' }],
    ])('lists the kinds of %s', async (path, expected) => {
      const { api } = context();
      const { body } = await api.get(path);
      expect(body.kind).toBe('APIResourceList');
      const entry = body.resources.find(
        (each: { name: string }) => each.name === expected.name,
      );
      expect(entry).toMatchObject({ namespaced: true, ...expected });
    });

    check('does not let strangers look around', async () => {
      const { api } = context();
      const { body } = await api.get('/api', { token: undefined });
      expect(body).toMatchObject({
        code: 403,
        message: 'forbidden: User "system:anonymous" cannot get path "/api"',
      });
    });

    check('answers 404 for a path of nobody', async () => {
      const { api } = context();
      const { status } = await api.get('/apis/example.com/v1');
      expect(status).toBe(404);
    });
  });
}

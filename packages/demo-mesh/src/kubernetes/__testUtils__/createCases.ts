import type { Contract } from './Contract';
import { deployment, service, virtualService } from './objects';

export function createCases({ group, check, context }: Contract): void {
  group('create and get', () => {
    check('stamps a new object', async () => {
      const { api, paths } = context();
      const created = await api.post(
        paths.virtualServices,
        virtualService('web'),
      );
      expect(created.status).toBe(201);
      expect(created.body).toMatchObject({
        apiVersion: 'networking.istio.io/v1',
        kind: 'VirtualService',
        metadata: { name: 'web', namespace: paths.namespace, generation: 1 },
        spec: { hosts: ['web'] },
      });
      const { metadata } = created.body;
      expect(metadata.uid).toMatch(
        /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
      );
      expect(metadata.resourceVersion).toMatch(/^\d+$/);
      expect(metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT[\d:]{8}Z$/);
      const got = await api.get(`${paths.virtualServices}/web`);
      expect(got.status).toBe(200);
      expect(got.body).toEqual(created.body);
    });

    check('serves an object in each version of its group', async () => {
      const { api, paths } = context();
      await api.post(paths.virtualServices, virtualService('web'));
      const beta = paths.virtualServices.replace('/v1/', '/v1beta1/');
      const got = await api.get(`${beta}/web`);
      expect(got.body).toMatchObject({
        apiVersion: 'networking.istio.io/v1beta1',
        spec: { hosts: ['web'] },
      });
      const list = await api.get(beta);
      expect(list.body.apiVersion).toBe('networking.istio.io/v1beta1');
      expect(list.body.items[0].apiVersion).toBe('networking.istio.io/v1beta1');
    });

    check('makes up a name', async () => {
      const { api, paths } = context();
      const created = await api.post(paths.configMaps, {
        metadata: { generateName: 'made-' },
      });
      expect(created.status).toBe(201);
      expect(created.body.metadata.name).toMatch(/^made-[a-z0-9]{5}$/);
    });

    check('refuses a name that is taken', async () => {
      const { api, paths } = context();
      await api.post(paths.virtualServices, virtualService('web'));
      const again = await api.post(
        paths.virtualServices,
        virtualService('web'),
      );
      expect(again.body).toMatchObject({
        kind: 'Status',
        code: 409,
        reason: 'AlreadyExists',
        message: 'virtualservices.networking.istio.io "web" already exists',
        details: {
          name: 'web',
          group: 'networking.istio.io',
          kind: 'virtualservices',
        },
      });
    });

    check('refuses a namespace that does not exist', async () => {
      const { api } = context();
      const answer = await api.post(
        '/apis/networking.istio.io/v1/namespaces/nowhere-at-all/virtualservices',
        virtualService('web'),
      );
      expect(answer.body).toMatchObject({
        code: 404,
        reason: 'NotFound',
        message: 'namespaces "nowhere-at-all" not found',
        details: { kind: 'namespaces', name: 'nowhere-at-all' },
      });
    });

    check('takes YAML', async () => {
      const { api, paths } = context();
      const created = await api.post(
        paths.virtualServices,
        'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: web\nspec:\n  hosts: [web]\n',
        { contentType: 'application/yaml' },
      );
      expect(created.status).toBe(201);
      expect(created.body.spec).toEqual({ hosts: ['web'] });
    });

    check('leaves out fields that the kind does not have', async () => {
      const { api, paths } = context();
      const { status, body } = await api.post(
        paths.virtualServices,
        virtualService('web', {
          hosts: ['web'],
          typo: { deep: true },
          http: [
            {
              timeout: '5s',
              tmeout: '6s',
              headers: { request: { set: { any: 'x' } } },
            },
          ],
        }),
      );
      expect(status).toBe(201);
      expect(body.spec).toEqual({
        hosts: ['web'],
        http: [{ timeout: '5s', headers: { request: { set: { any: 'x' } } } }],
      });
    });

    check('fills in what a service leaves out', async () => {
      const { api, paths } = context();
      const { body } = await api.post(
        paths.services,
        service('web', [{ port: 80 }]),
      );
      expect(body.spec).toMatchObject({
        type: 'ClusterIP',
        sessionAffinity: 'None',
        ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
      });
      expect(body.spec.clusterIP).toMatch(/^10\./);
    });

    check('fills in what a deployment leaves out', async () => {
      const { api, paths } = context();
      const { body } = await api.post(paths.deployments, deployment('web'));
      expect(body.spec).toMatchObject({
        replicas: 1,
        strategy: { type: 'RollingUpdate' },
        template: {
          spec: {
            restartPolicy: 'Always',
            containers: [{ name: 'app', imagePullPolicy: 'IfNotPresent' }],
          },
        },
      });
    });
  });
}

import { managedFieldsOf, ownersOf } from './objects';
import type { Contract } from './Contract';
import { APPLY, MERGE } from './ApiClient';
import {
  configMap,
  deployment,
  route,
  service,
  virtualService,
} from './objects';

export function applyCases({ group, check, context }: Contract): void {
  const apply = (
    path: string,
    manager: string,
    object: object | string,
    parameters: string = '',
  ) =>
    context().api.patch(
      `${path}?fieldManager=${manager}${parameters}`,
      APPLY,
      object,
    );

  const web = () => `${context().paths.virtualServices}/web`;

  group('server-side apply', () => {
    check('creates what is not there', async () => {
      const first = await apply(web(), 'meshdeck', virtualService('web'));
      expect(first.status).toBe(201);
      expect(first.body).toMatchObject({
        metadata: { name: 'web', generation: 1 },
        spec: { hosts: ['web'] },
      });
      const again = await apply(web(), 'meshdeck', virtualService('web'));
      expect(again.status).toBe(200);
      expect(again.body).toEqual(first.body);
    });

    check('takes YAML', async () => {
      const { body } = await apply(
        web(),
        'meshdeck',
        'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: web}\nspec:\n  hosts:\n  - web\n',
      );
      expect(body.spec).toEqual({ hosts: ['web'] });
    });

    check('records the fields of a custom object', async () => {
      const { body } = await apply(
        web(),
        'meshdeck',
        virtualService('web', route({ v1: 90, v2: 10 }), {
          labels: { team: 'a' },
          annotations: { 'meshdeck.io/change': '1' },
        }),
      );
      expect(managedFieldsOf(body)).toEqual([
        {
          manager: 'meshdeck',
          operation: 'Apply',
          apiVersion: 'networking.istio.io/v1',
          time: expect.stringMatching(/Z$/),
          fieldsType: 'FieldsV1',
          fieldsV1: {
            'f:metadata': {
              'f:annotations': { 'f:meshdeck.io/change': {} },
              'f:labels': { 'f:team': {} },
            },
            'f:spec': { 'f:hosts': {}, 'f:http': {} },
          },
        },
      ]);
    });

    check(
      'records the fields of a deployment by the keys of its lists',
      async () => {
        const { paths } = context();
        const { body } = await apply(
          `${paths.deployments}/web`,
          'meshdeck',
          deployment('web', [
            {
              name: 'app',
              image: 'example.com/app:1',
              env: [{ name: 'LEVEL', value: 'info' }],
              ports: [{ containerPort: 80, protocol: 'TCP' }],
              resources: { limits: { cpu: '1' } },
            },
          ]),
        );
        expect(ownersOf(body)).toEqual({
          'Apply meshdeck': {
            'f:spec': {
              'f:selector': {},
              'f:template': {
                'f:metadata': { 'f:labels': { 'f:app': {} } },
                'f:spec': {
                  'f:containers': {
                    'k:{"name":"app"}': {
                      'f:name': {},
                      'f:image': {},
                      'f:env': {
                        'k:{"name":"LEVEL"}': {
                          'f:name': {},
                          'f:value': {},
                        },
                      },
                      'f:ports': {
                        'k:{"containerPort":80,"protocol":"TCP"}': {
                          'f:containerPort': {},
                          'f:protocol': {},
                        },
                      },
                      'f:resources': { 'f:limits': { 'f:cpu': {} } },
                    },
                  },
                },
              },
            },
          },
        });
      },
    );

    check('refuses to change what another applier owns', async () => {
      await apply(
        web(),
        'one',
        virtualService('web', undefined, { labels: { team: 'a' } }),
      );
      const { body } = await apply(
        web(),
        'two',
        virtualService('web', { hosts: ['other'] }, { labels: { team: 'b' } }),
      );
      expect(body).toEqual({
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message:
          'Apply failed with 2 conflicts: conflicts with "one":\n- .metadata.labels.team\n- .spec.hosts',
        reason: 'Conflict',
        details: {
          causes: [
            {
              reason: 'FieldManagerConflict',
              message: 'conflict with "one"',
              field: '.metadata.labels.team',
            },
            {
              reason: 'FieldManagerConflict',
              message: 'conflict with "one"',
              field: '.spec.hosts',
            },
          ],
        },
        code: 409,
      });
    });

    check('names an updater with its version and time', async () => {
      const { api, paths } = context();
      await api.post(paths.virtualServices, virtualService('web'));
      const { body } = await apply(
        web(),
        'meshdeck',
        virtualService('web', { hosts: ['other'] }),
      );
      expect(body.code).toBe(409);
      expect(body.message).toMatch(
        /^Apply failed with 1 conflict: conflict with "contract" using networking.istio.io\/v1( at [-\dT:]+Z)?: \.spec\.hosts$/,
      );
    });

    check('takes fields over by force', async () => {
      await apply(web(), 'one', virtualService('web'));
      const { body } = await apply(
        web(),
        'two',
        virtualService('web', { hosts: ['other'] }),
        '&force=true',
      );
      expect(body.spec.hosts).toEqual(['other']);
      expect(ownersOf(body)).toEqual({
        'Apply two': { 'f:spec': { 'f:hosts': {} } },
      });
    });

    check('shares what two appliers agree on', async () => {
      await apply(web(), 'one', virtualService('web'));
      const shared = await apply(web(), 'two', virtualService('web'));
      expect(shared.status).toBe(200);
      expect(Object.keys(ownersOf(shared.body)).sort()).toEqual([
        'Apply one',
        'Apply two',
      ]);
      const left = await apply(web(), 'two', virtualService('web', {}));
      expect(left.body.spec.hosts).toEqual(['web']);
    });

    check('removes what its applier no longer applies', async () => {
      await apply(
        web(),
        'meshdeck',
        virtualService('web', route({ v1: 100 }), {
          labels: { team: 'a', tier: 'web' },
        }),
      );
      const { body } = await apply(
        web(),
        'meshdeck',
        virtualService('web', undefined, { labels: { team: 'a' } }),
      );
      expect(body.spec).toEqual({ hosts: ['web'] });
      expect(body.metadata.labels).toEqual({ team: 'a' });
    });

    check('leaves what others wrote when its applier goes away', async () => {
      const { api, paths } = context();
      const path = `${paths.configMaps}/settings`;
      await apply(path, 'meshdeck', configMap('settings', { a: '1', b: '2' }));
      await api.patch(path, MERGE, { data: { c: '3' } });
      const { body } = await apply(
        path,
        'meshdeck',
        configMap('settings', { a: '1' }),
      );
      expect(body.data).toEqual({ a: '1', c: '3' });
    });

    check('treats the lists of custom objects as one field', async () => {
      await apply(web(), 'one', virtualService('web', route({ v1: 100 })));
      const { body } = await apply(
        web(),
        'two',
        virtualService('web', { http: route({ v1: 90, v2: 10 }).http }),
      );
      expect(body.code).toBe(409);
      expect(body.details.causes.map((cause: any) => cause.field)).toEqual([
        '.spec.http',
      ]);
    });

    check('merges the containers of a deployment by name', async () => {
      const { paths } = context();
      const path = `${paths.deployments}/web`;
      await apply(
        path,
        'one',
        deployment('web', [{ name: 'app', image: 'example.com/app:1' }]),
      );
      const added = await apply(path, 'two', {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'web' },
        spec: {
          template: {
            spec: {
              containers: [{ name: 'proxy', image: 'example.com/proxy:1' }],
            },
          },
        },
      });
      const names = (body: any) =>
        body.spec.template.spec.containers.map((item: any) => item.name);
      expect(names(added.body)).toEqual(['app', 'proxy']);
      const conflicting = await apply(path, 'two', {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'web' },
        spec: {
          template: {
            spec: {
              containers: [{ name: 'app', image: 'example.com/app:2' }],
            },
          },
        },
      });
      expect(conflicting.body.details.causes).toEqual([
        {
          reason: 'FieldManagerConflict',
          message: 'conflict with "one"',
          field: '.spec.template.spec.containers[name="app"].image',
        },
      ]);
      const gone = await apply(path, 'two', {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'web' },
      });
      expect(names(gone.body)).toEqual(['app']);
    });

    check(
      'tells the ports of a service apart by port and protocol',
      async () => {
        const { paths } = context();
        const path = `${paths.services}/web`;
        await apply(path, 'one', service('web'));
        const { body } = await apply(path, 'two', {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 'web' },
          spec: { ports: [{ name: 'dns', port: 80, protocol: 'UDP' }] },
        });
        expect(
          body.spec.ports.map((port: any) => `${port.name} ${port.protocol}`),
        ).toEqual(['http TCP', 'dns UDP']);
        expect(ownersOf(body)['Apply two']).toEqual({
          'f:spec': {
            'f:ports': {
              'k:{"port":80,"protocol":"UDP"}': {
                'f:name': {},
                'f:port': {},
                'f:protocol': {},
              },
            },
          },
        });
      },
    );

    check('is refused when the version it was based on is stale', async () => {
      const { api } = context();
      const { body } = await apply(web(), 'meshdeck', virtualService('web'));
      const { resourceVersion } = body.metadata;
      await api.patch(web(), MERGE, { metadata: { labels: { by: 'hand' } } });
      const late = await apply(
        web(),
        'meshdeck',
        virtualService('web', { hosts: ['other'] }, { resourceVersion }),
      );
      expect(late.body).toMatchObject({
        code: 409,
        reason: 'Conflict',
        message: expect.stringContaining('the object has been modified'),
      });
      const current = (await api.get(web())).body.metadata.resourceVersion;
      const inTime = await apply(
        web(),
        'meshdeck',
        virtualService(
          'web',
          { hosts: ['other'] },
          { resourceVersion: current },
        ),
      );
      expect(inTime.status).toBe(200);
    });

    check('rehearses with conflicts and all', async () => {
      const { api } = context();
      const { body } = await apply(web(), 'one', virtualService('web'));
      const other = virtualService('web', { hosts: ['other'] });
      const refused = await apply(web(), 'two', other, '&dryRun=All');
      expect(refused.body.code).toBe(409);
      const forced = await apply(web(), 'two', other, '&dryRun=All&force=true');
      expect(forced.body.spec.hosts).toEqual(['other']);
      expect((await api.get(web())).body).toEqual(body);
    });

    check('wants a field manager', async () => {
      const { api } = context();
      const { body } = await api.patch(web(), APPLY, virtualService('web'));
      expect(body).toMatchObject({
        code: 422,
        reason: 'Invalid',
        message:
          'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
      });
    });

    check('refuses managed fields in what is applied', async () => {
      const { body } = await apply(
        web(),
        'meshdeck',
        virtualService('web', undefined, {
          managedFields: [{ manager: 'x', operation: 'Apply' }],
        }),
      );
      expect(body.code).toBe(400);
      expect(body.message).toContain('metadata.managedFields must be nil');
    });

    check('is one applier across versions', async () => {
      await apply(web(), 'meshdeck', virtualService('web'));
      const { body } = await apply(
        web().replace('/v1/', '/v1beta1/'),
        'meshdeck',
        {
          ...virtualService('web', { hosts: ['other'] }),
          apiVersion: 'networking.istio.io/v1beta1',
        },
      );
      expect(body.spec.hosts).toEqual(['other']);
      expect(body.metadata.managedFields).toHaveLength(1);
      expect(body.metadata.managedFields[0].apiVersion).toBe(
        'networking.istio.io/v1beta1',
      );
    });
  });
}

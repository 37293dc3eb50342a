import type { Contract } from './Contract';
import { JSON_PATCH, MERGE, STRATEGIC } from './ApiClient';
import { deployment, route, virtualService } from './objects';

export function patchCases({ group, check, context }: Contract): void {
  const web = () => `${context().paths.virtualServices}/web`;
  const createWeb = async () => {
    const { api, paths } = context();
    const { body } = await api.post(
      paths.virtualServices,
      virtualService('web', route({ v1: 90, v2: 10 }), {
        labels: { team: 'a' },
      }),
    );
    return body;
  };

  group('merge patch', () => {
    check(
      'lays fields over the object and removes those that are null',
      async () => {
        await createWeb();
        const { status, body } = await context().api.patch(web(), MERGE, {
          metadata: { labels: { team: null, tier: 'web' } },
          spec: { hosts: ['other'] },
        });
        expect(status).toBe(200);
        expect(body.metadata.labels).toEqual({ tier: 'web' });
        expect(body.spec.hosts).toEqual(['other']);
        expect(body.spec.http).toHaveLength(1);
      },
    );

    check('replaces lists as a whole', async () => {
      await createWeb();
      const { body } = await context().api.patch(web(), MERGE, {
        spec: { http: [{ route: [{ destination: { host: 'web' } }] }] },
      });
      expect(body.spec.http).toEqual([
        { route: [{ destination: { host: 'web' } }] },
      ]);
    });

    check('is refused when it names a stale version', async () => {
      const { metadata } = await createWeb();
      const { api } = context();
      await api.patch(web(), MERGE, { metadata: { labels: { by: 'x' } } });
      const { body } = await api.patch(web(), MERGE, {
        metadata: { resourceVersion: metadata.resourceVersion },
        spec: { hosts: ['late'] },
      });
      expect(body).toMatchObject({ code: 409, reason: 'Conflict' });
    });

    check('answers 404 for what is not there', async () => {
      const { body } = await context().api.patch(web(), MERGE, {});
      expect(body).toMatchObject({
        code: 404,
        reason: 'NotFound',
        message: 'virtualservices.networking.istio.io "web" not found',
      });
    });
  });

  group('JSON patch', () => {
    check('changes what its operations name', async () => {
      await createWeb();
      const { body } = await context().api.patch(web(), JSON_PATCH, [
        { op: 'test', path: '/spec/http/0/route/0/weight', value: 90 },
        { op: 'replace', path: '/spec/http/0/route/0/weight', value: 50 },
        { op: 'replace', path: '/spec/http/0/route/1/weight', value: 50 },
        { op: 'add', path: '/metadata/labels/example.com~1by', value: 'patch' },
        { op: 'remove', path: '/spec/http/0/timeout' },
      ]);
      expect(body.spec.http[0].route.map((item: any) => item.weight)).toEqual([
        50, 50,
      ]);
      expect(body.spec.http[0]).not.toHaveProperty('timeout');
      expect(body.metadata.labels).toEqual({
        team: 'a',
        'example.com/by': 'patch',
      });
    });

    check('does nothing when a test in it fails', async () => {
      const before = await createWeb();
      const { api } = context();
      const { body } = await api.patch(web(), JSON_PATCH, [
        { op: 'replace', path: '/spec/http/0/route/0/weight', value: 50 },
        { op: 'test', path: '/spec/http/0/route/1/weight', value: 11 },
      ]);
      expect(body).toMatchObject({ status: 'Failure', code: 422 });
      expect((await api.get(web())).body).toEqual(before);
    });

    check('is refused when it is none', async () => {
      await createWeb();
      const { body } = await context().api.patch(web(), JSON_PATCH, {
        op: 'remove',
      });
      expect(body).toMatchObject({ code: 400, reason: 'BadRequest' });
    });
  });

  group('strategic merge patch', () => {
    check('merges containers by name', async () => {
      const { api, paths } = context();
      await api.post(
        paths.deployments,
        deployment('web', [
          { name: 'app', image: 'example.com/app:1' },
          { name: 'proxy', image: 'example.com/proxy:1' },
        ]),
      );
      const { body } = await api.patch(`${paths.deployments}/web`, STRATEGIC, {
        spec: {
          template: {
            spec: {
              containers: [
                { name: 'app', image: 'example.com/app:2' },
                { name: 'proxy', $patch: 'delete' },
              ],
            },
          },
        },
      });
      expect(
        body.spec.template.spec.containers.map((item: any) => item.image),
      ).toEqual(['example.com/app:2']);
      expect(body.metadata.generation).toBe(2);
    });

    check('is not for custom objects', async () => {
      await createWeb();
      const { body } = await context().api.patch(web(), STRATEGIC, {});
      expect(body).toMatchObject({
        code: 415,
        reason: 'UnsupportedMediaType',
        message:
          'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
      });
    });

    check('or any other patch must say what it is', async () => {
      await createWeb();
      const { body } = await context().api.patch(web(), 'application/json', {});
      expect(body.code).toBe(415);
    });
  });
}

import { MERGE } from './ApiClient';
import type { Contract } from './Contract';
import { deployment, route, virtualService } from './objects';

export function deleteAndDryRunCases({
  group,
  check,
  context,
}: Contract): void {
  group('scale', () => {
    check('reads and writes the replicas', async () => {
      const { api, paths } = context();
      const path = `${paths.deployments}/web`;
      await api.post(paths.deployments, deployment('web'));
      const scale = await api.get(`${path}/scale`);
      expect(scale.body).toMatchObject({
        kind: 'Scale',
        apiVersion: 'autoscaling/v1',
        metadata: { name: 'web' },
        spec: { replicas: 1 },
        status: { selector: 'app=web' },
      });
      const put = await api.put(`${path}/scale`, {
        ...scale.body,
        spec: { replicas: 3 },
      });
      expect(put.body).toMatchObject({ kind: 'Scale', spec: { replicas: 3 } });
      expect((await api.get(path)).body.spec.replicas).toBe(3);
      const patched = await api.patch(`${path}/scale`, MERGE, {
        spec: { replicas: 2 },
      });
      expect(patched.body.spec.replicas).toBe(2);
    });
  });

  group('delete', () => {
    check('answers a status and forgets the object', async () => {
      const { api, paths } = context();
      const path = `${paths.virtualServices}/web`;
      const { body } = await api.post(
        paths.virtualServices,
        virtualService('web'),
      );
      const answer = await api.delete(path);
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({
        kind: 'Status',
        status: 'Success',
        details: {
          name: 'web',
          group: 'networking.istio.io',
          kind: 'virtualservices',
          uid: body.metadata.uid,
        },
      });
      expect((await api.get(path)).status).toBe(404);
      expect((await api.delete(path)).status).toBe(404);
    });

    check.each(['uid', 'resourceVersion'])(
      'keeps the object when its %s is not the expected one',
      async field => {
        const { api, paths } = context();
        const path = `${paths.virtualServices}/web`;
        await api.post(paths.virtualServices, virtualService('web'));
        const answer = await api.delete(path, {
          kind: 'DeleteOptions',
          apiVersion: 'v1',
          preconditions: { [field]: '1' },
        });
        expect(answer.body).toMatchObject({ code: 409, reason: 'Conflict' });
        expect((await api.get(path)).status).toBe(200);
      },
    );

    check('waits for finalizers', async () => {
      const { api, paths } = context();
      const path = `${paths.virtualServices}/web`;
      await api.post(
        paths.virtualServices,
        virtualService('web', undefined, { finalizers: ['meshdeck.io/held'] }),
      );
      const marked = await api.delete(path);
      expect(marked.status).toBe(200);
      expect(marked.body.metadata.deletionTimestamp).toBeDefined();
      expect((await api.get(path)).status).toBe(200);
      await api.patch(path, MERGE, { metadata: { finalizers: null } });
      expect((await api.get(path)).status).toBe(404);
    });

    check('deletes a selection of a collection', async () => {
      const { api, paths } = context();
      for (const [name, team] of [
        ['a', 'x'],
        ['b', 'x'],
        ['c', 'y'],
      ]) {
        await api.post(
          paths.virtualServices,
          virtualService(name, undefined, { labels: { team } }),
        );
      }
      const answer = await api.delete(
        `${paths.virtualServices}?labelSelector=team%3Dx`,
      );
      expect(answer.status).toBe(200);
      const left = await api.get(paths.virtualServices);
      expect(left.body.items.map((item: any) => item.metadata.name)).toEqual([
        'c',
      ]);
    });
  });

  group('dry run', () => {
    check('of a create stores nothing', async () => {
      const { api, paths } = context();
      const answer = await api.post(
        `${paths.virtualServices}?dryRun=All`,
        virtualService('web'),
      );
      expect(answer.status).toBe(201);
      expect(answer.body).toMatchObject({ spec: { hosts: ['web'] } });
      expect((await api.get(`${paths.virtualServices}/web`)).status).toBe(404);
    });

    check('of a patch, an update and a delete stores nothing', async () => {
      const { api, paths } = context();
      const path = `${paths.virtualServices}/web`;
      const { body } = await api.post(
        paths.virtualServices,
        virtualService('web', route({ v1: 100 })),
      );
      const patched = await api.patch(`${path}?dryRun=All`, MERGE, {
        spec: { hosts: ['other'] },
      });
      expect(patched.body).toMatchObject({
        metadata: { resourceVersion: body.metadata.resourceVersion },
        spec: { hosts: ['other'] },
      });
      const put = await api.put(`${path}?dryRun=All`, {
        ...body,
        spec: { hosts: ['third'] },
      });
      expect(put.body.spec).toEqual({ hosts: ['third'] });
      expect((await api.delete(`${path}?dryRun=All`)).status).toBe(200);
      expect((await api.get(path)).body).toEqual(body);
    });

    check('still finds what is wrong', async () => {
      const { api, paths } = context();
      const answer = await api.post(
        `${paths.virtualServices}?dryRun=All`,
        virtualService('web', { hosts: 'not a list' }),
      );
      expect(answer.body).toMatchObject({ code: 422, reason: 'Invalid' });
    });

    check('knows no other word than All', async () => {
      const { api, paths } = context();
      const answer = await api.post(
        `${paths.virtualServices}?dryRun=Some`,
        virtualService('web'),
      );
      expect(answer.body).toMatchObject({
        code: 422,
        reason: 'Invalid',
        details: {
          causes: [{ reason: 'FieldValueNotSupported', field: 'dryRun' }],
        },
      });
    });
  });
}

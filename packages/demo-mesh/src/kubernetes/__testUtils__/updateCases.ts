import { MERGE } from './ApiClient';
import type { Contract } from './Contract';
import { configMap, deployment, virtualService } from './objects';

export function updateCases({ group, check, context }: Contract): void {
  group('update', () => {
    check('replaces an object and counts a generation', async () => {
      const { api, paths } = context();
      const { body } = await api.post(
        paths.virtualServices,
        virtualService('web'),
      );
      const updated = await api.put(`${paths.virtualServices}/web`, {
        ...body,
        spec: { hosts: ['other'] },
      });
      expect(updated.status).toBe(200);
      expect(updated.body.spec).toEqual({ hosts: ['other'] });
      expect(updated.body.metadata.generation).toBe(2);
      expect(updated.body.metadata.uid).toBe(body.metadata.uid);
      expect(Number(updated.body.metadata.resourceVersion)).toBeGreaterThan(
        Number(body.metadata.resourceVersion),
      );
    });

    check('keeps the generation when only metadata changes', async () => {
      const { api, paths } = context();
      await api.post(paths.virtualServices, virtualService('web'));
      const { body } = await api.patch(`${paths.virtualServices}/web`, MERGE, {
        metadata: { labels: { team: 'a' } },
      });
      expect(body.metadata).toMatchObject({
        generation: 1,
        labels: { team: 'a' },
      });
    });

    check('refuses what was read before somebody else wrote', async () => {
      const { api, paths } = context();
      const path = `${paths.virtualServices}/web`;
      const { body } = await api.post(
        paths.virtualServices,
        virtualService('web'),
      );
      await api.patch(path, MERGE, { spec: { hosts: ['theirs'] } });
      const late = await api.put(path, { ...body, spec: { hosts: ['mine'] } });
      expect(late.body).toMatchObject({
        code: 409,
        reason: 'Conflict',
        message:
          'Operation cannot be fulfilled on virtualservices.networking.istio.io "web": the object has been modified; please apply your changes to the latest version and try again',
      });
      expect((await api.get(path)).body.spec.hosts).toEqual(['theirs']);
    });

    check('wants the version of a custom object', async () => {
      const { api, paths } = context();
      await api.post(paths.virtualServices, virtualService('web'));
      const answer = await api.put(
        `${paths.virtualServices}/web`,
        virtualService('web', { hosts: ['x'] }),
      );
      expect(answer.body).toMatchObject({
        code: 422,
        reason: 'Invalid',
        details: { causes: [{ field: 'metadata.resourceVersion' }] },
      });
    });

    check(
      'replaces a built-in object without a version whatever it was',
      async () => {
        const { api, paths } = context();
        await api.post(paths.configMaps, configMap('settings', { a: '1' }));
        const path = `${paths.configMaps}/settings`;
        const updated = await api.put(path, configMap('settings', { b: '2' }));
        expect(updated.status).toBe(200);
        expect(updated.body.data).toEqual({ b: '2' });
      },
    );

    check('writes nothing when nothing changes', async () => {
      const { api, paths } = context();
      const { body } = await api.post(
        paths.virtualServices,
        virtualService('web'),
      );
      const same = await api.put(`${paths.virtualServices}/web`, body);
      expect(same.status).toBe(200);
      expect(same.body).toEqual(body);
    });

    check('answers 404 for what is not there', async () => {
      const { api, paths } = context();
      const answer = await api.put(
        `${paths.virtualServices}/web`,
        virtualService('web', undefined, { resourceVersion: '1' }),
      );
      expect(answer.body).toMatchObject({ code: 404, reason: 'NotFound' });
    });

    check('refuses a body with another name than the path', async () => {
      const { api, paths } = context();
      const { body } = await api.post(
        paths.virtualServices,
        virtualService('web'),
      );
      const answer = await api.put(`${paths.virtualServices}/web`, {
        ...body,
        metadata: { ...body.metadata, name: 'other' },
      });
      expect(answer.body).toMatchObject({
        code: 400,
        reason: 'BadRequest',
        message:
          'the name of the object (other) does not match the name on the URL (web)',
      });
    });
  });

  group('status', () => {
    check('changes only through its own path', async () => {
      const { api, paths } = context();
      const path = `${paths.virtualServices}/web`;
      const { body } = await api.post(paths.virtualServices, {
        ...virtualService('web'),
        status: { observedGeneration: 9 },
      });
      expect(body.status).toBeUndefined();
      const main = await api.patch(path, MERGE, {
        status: { observedGeneration: 8 },
      });
      expect(main.body.status).toBeUndefined();
      const own = await api.patch(`${path}/status`, MERGE, {
        spec: { hosts: ['other'] },
        status: { observedGeneration: 1 },
      });
      expect(own.status).toBe(200);
      expect(own.body).toMatchObject({
        metadata: { generation: 1 },
        spec: { hosts: ['web'] },
        status: { observedGeneration: 1 },
      });
      expect((await api.get(`${path}/status`)).body).toEqual(own.body);
    });

    check('of a deployment can be replaced', async () => {
      const { api, paths } = context();
      const path = `${paths.deployments}/web/status`;
      const { body } = await api.post(paths.deployments, deployment('web'));
      const status = { replicas: 1, observedGeneration: 1 };
      const put = await api.put(path, { ...body, status });
      expect(put.status).toBe(200);
      expect((await api.get(path)).body.status).toMatchObject(status);
    });
  });
}

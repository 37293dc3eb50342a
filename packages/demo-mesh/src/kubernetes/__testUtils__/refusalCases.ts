import { MERGE } from './ApiClient';
import type { Contract } from './Contract';
import { configMap, deployment, virtualService } from './objects';

export function refusalCases({ group, check, context }: Contract): void {
  group('what is refused', () => {
    check('a field of the wrong type, with its path', async () => {
      const { api, paths } = context();
      const { body } = await api.post(
        paths.virtualServices,
        virtualService('web', {
          hosts: ['web'],
          http: [{ route: [{ destination: { host: 'web' }, weight: 'many' }] }],
        }),
      );
      expect(body).toMatchObject({
        code: 422,
        reason: 'Invalid',
        details: {
          name: 'web',
          group: 'networking.istio.io',
          kind: 'VirtualService',
          causes: expect.arrayContaining([
            expect.objectContaining({
              // Newer servers tell the two apart.
              reason: expect.stringMatching(/^FieldValue(Type)?Invalid$/),
            }),
          ]),
        },
      });
      // Older servers leave the indexes out.
      const plain = (text: string) => text.replaceAll(/\[\d+\]/g, '');
      expect(plain(body.details.causes[0].field)).toBe(
        'spec.http.route.weight',
      );
      // Newer servers add in brackets what they did not look at for it.
      expect(plain(body.message)).toMatch(
        /^VirtualService\.networking\.istio\.io "web" is invalid: \[?spec\.http\.route\.weight: Invalid value: "string": spec\.http\.route\.weight in body must be of type integer: "string"/,
      );
    });

    check('a value that is none of the allowed ones', async () => {
      const { api, paths } = context();
      const { body } = await api.post(paths.peerAuthentications, {
        apiVersion: 'security.istio.io/v1',
        kind: 'PeerAuthentication',
        metadata: { name: 'default' },
        spec: { mtls: { mode: 'SOMETIMES' } },
      });
      expect(body).toMatchObject({
        code: 422,
        reason: 'Invalid',
        details: {
          causes: expect.arrayContaining([
            expect.objectContaining({
              reason: 'FieldValueNotSupported',
              field: 'spec.mtls.mode',
            }),
          ]),
        },
      });
      expect(body.message).toContain('Unsupported value: "SOMETIMES"');
    });

    check('a missing required field', async () => {
      const { api, paths } = context();
      const { body } = await api.post(paths.destinationRules, {
        apiVersion: 'networking.istio.io/v1',
        kind: 'DestinationRule',
        metadata: { name: 'web' },
        spec: { subsets: [] },
      });
      expect(body).toMatchObject({
        code: 422,
        details: {
          causes: expect.arrayContaining([
            expect.objectContaining({
              reason: 'FieldValueRequired',
              field: 'spec.host',
            }),
          ]),
        },
      });
    });

    check.each(['Upper', 'under_score', '-dash', 'a'.repeat(254), 'dot.'])(
      'the name %s',
      async name => {
        const { api, paths } = context();
        const { body } = await api.post(
          paths.virtualServices,
          virtualService(name, { hosts: ['x'] }),
        );
        expect(body).toMatchObject({
          code: 422,
          reason: 'Invalid',
          details: { causes: [{ field: 'metadata.name' }] },
        });
      },
    );

    check('a label that is none', async () => {
      const { api, paths } = context();
      const { body } = await api.post(
        paths.virtualServices,
        virtualService('web', undefined, { labels: { team: 'not a label' } }),
      );
      expect(body).toMatchObject({
        code: 422,
        details: { causes: [{ field: 'metadata.labels' }] },
      });
    });

    check('no name at all', async () => {
      const { api, paths } = context();
      const { body } = await api.post(paths.configMaps, { metadata: {} });
      expect(body).toMatchObject({
        code: 422,
        reason: 'Invalid',
        details: {
          causes: [{ reason: 'FieldValueRequired', field: 'metadata.name' }],
        },
      });
    });

    check('an object of another version', async () => {
      const { api, paths } = context();
      const { body } = await api.post(paths.virtualServices, {
        ...virtualService('web'),
        apiVersion: 'networking.istio.io/v1beta1',
      });
      expect(body).toMatchObject({ code: 400, reason: 'BadRequest' });
    });

    check('an object of another kind', async () => {
      const { api, paths } = context();
      const { body } = await api.post(paths.virtualServices, {
        ...virtualService('web'),
        kind: 'DestinationRule',
      });
      expect(body).toMatchObject({
        code: 422,
        message:
          'DestinationRule.networking.istio.io "web" is invalid: kind: Invalid value: "DestinationRule": must be VirtualService',
      });
      const builtIn = await api.post(paths.configMaps, {
        ...configMap('web'),
        kind: 'Service',
      });
      expect(builtIn.body).toMatchObject({ code: 400, reason: 'BadRequest' });
    });

    check('an object for another namespace', async () => {
      const { api, paths } = context();
      const { body } = await api.post(
        paths.virtualServices,
        virtualService('web', undefined, { namespace: 'elsewhere' }),
      );
      expect(body).toMatchObject({
        code: 400,
        message:
          'the namespace of the provided object does not match the namespace sent on the request',
      });
    });

    check.each(['{"kind": ', '[1]', '"text"'])('the body %s', async text => {
      const { api, paths } = context();
      const { body } = await api.post(paths.virtualServices, text);
      expect(body).toMatchObject({
        kind: 'Status',
        code: 400,
        reason: 'BadRequest',
      });
    });

    check('a body of more than 3 MB', async () => {
      const { api, paths } = context();
      const { body } = await api.post(
        paths.configMaps,
        configMap('big', { text: 'x'.repeat(3.2 * 1024 * 1024) }),
      );
      expect(body).toMatchObject({
        code: 413,
        reason: 'RequestEntityTooLarge',
      });
    });

    check('a deployment that does not select its own pods', async () => {
      const { api, paths } = context();
      const { body } = await api.post(
        paths.deployments,
        deployment('web', undefined, {
          selector: { matchLabels: { app: 'other' } },
        }),
      );
      expect(body).toMatchObject({
        code: 422,
        details: { causes: [{ field: 'spec.template.metadata.labels' }] },
      });
    });

    check('another selector for a deployment', async () => {
      const { api, paths } = context();
      await api.post(paths.deployments, deployment('web'));
      const { body } = await api.patch(`${paths.deployments}/web`, MERGE, {
        spec: {
          selector: { matchLabels: { tier: 'x' } },
          template: { metadata: { labels: { tier: 'x' } } },
        },
      });
      expect(body).toMatchObject({
        code: 422,
        details: { causes: [{ field: 'spec.selector' }] },
      });
    });

    check('a version on a new object', async () => {
      const { api, paths } = context();
      const { body } = await api.post(
        paths.virtualServices,
        virtualService('web', undefined, { resourceVersion: '5' }),
      );
      expect(body.status).toBe('Failure');
      expect(body.message).toContain(
        'resourceVersion should not be set on objects to be created',
      );
    });

    check('a kind nobody defined', async () => {
      const { api, paths } = context();
      const answer = await api.get(
        `/apis/example.com/v1/namespaces/${paths.namespace}/widgets`,
      );
      expect(answer.status).toBe(404);
    });

    check('a POST to an object', async () => {
      const { api, paths } = context();
      const answer = await api.post(`${paths.configMaps}/a`, configMap('a'));
      expect(answer.body).toMatchObject({
        code: 405,
        reason: 'MethodNotAllowed',
      });
    });
  });
}

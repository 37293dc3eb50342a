import { APPLY, MERGE } from './ApiClient';
import type { Contract } from './Contract';
import {
  configMap,
  deployment,
  managedFieldsOf,
  ownersOf,
  route,
  service,
  virtualService,
} from './objects';

export function ownershipCases({ group, check, context }: Contract): void {
  const web = () => `${context().paths.virtualServices}/web`;
  const apply = (manager: string, object: object) =>
    context().api.patch(`${web()}?fieldManager=${manager}`, APPLY, object);

  group('managed fields of other writes', () => {
    check('name the creator by its program', async () => {
      const { api, paths } = context();
      const { body } = await api.post(
        paths.virtualServices,
        virtualService('web', undefined, { labels: { team: 'a' } }),
      );
      expect(managedFieldsOf(body)).toEqual([
        {
          manager: 'contract',
          operation: 'Update',
          apiVersion: 'networking.istio.io/v1',
          time: expect.stringMatching(/Z$/),
          fieldsType: 'FieldsV1',
          fieldsV1: {
            'f:metadata': { 'f:labels': { 'f:team': {} } },
            'f:spec': { 'f:hosts': {} },
          },
        },
      ]);
    });

    check('of a built-in object', async () => {
      const { api, paths } = context();
      const { body } = await api.post(
        paths.configMaps,
        configMap('settings', { a: '1' }, { labels: { team: 'a' } }),
      );
      expect(ownersOf(body)).toEqual({
        'Update contract': {
          'f:data': { 'f:a': {} },
          'f:metadata': { 'f:labels': { 'f:team': {} } },
        },
      });
    });

    check('of a service include its defaults', async () => {
      const { api, paths } = context();
      const { body } = await api.post(paths.services, service('web'));
      // Newer servers have more defaults, and own the selector as a whole.
      expect(ownersOf(body)).toMatchObject({
        'Update contract': {
          'f:spec': {
            'f:ports': {
              'k:{"port":80,"protocol":"TCP"}': {
                'f:name': {},
                'f:port': {},
                'f:protocol': {},
                'f:targetPort': {},
              },
            },
            'f:selector': {},
            'f:sessionAffinity': {},
            'f:type': {},
          },
        },
      });
    });

    check('of a deployment include its defaults', async () => {
      const { api, paths } = context();
      const { body } = await api.post(paths.deployments, deployment('web'));
      expect(ownersOf(body)).toEqual({
        'Update contract': {
          'f:spec': {
            'f:progressDeadlineSeconds': {},
            'f:replicas': {},
            'f:revisionHistoryLimit': {},
            'f:selector': {},
            'f:strategy': {
              'f:rollingUpdate': {
                'f:maxSurge': {},
                'f:maxUnavailable': {},
              },
              'f:type': {},
            },
            'f:template': {
              'f:metadata': { 'f:labels': { 'f:app': {} } },
              'f:spec': {
                'f:containers': {
                  'k:{"name":"app"}': {
                    'f:image': {},
                    'f:imagePullPolicy': {},
                    'f:name': {},
                    'f:resources': {},
                    'f:terminationMessagePath': {},
                    'f:terminationMessagePolicy': {},
                  },
                },
                'f:dnsPolicy': {},
                'f:restartPolicy': {},
                'f:schedulerName': {},
                'f:securityContext': {},
                'f:terminationGracePeriodSeconds': {},
              },
            },
          },
        },
      });
    });

    check('move to who writes last', async () => {
      const { api } = context();
      await apply('meshdeck', virtualService('web', route({ v1: 100 })));
      const { body } = await api.patch(`${web()}?fieldManager=editor`, MERGE, {
        spec: { hosts: ['other'] },
      });
      expect(ownersOf(body)).toEqual({
        'Apply meshdeck': { 'f:spec': { 'f:http': {} } },
        'Update editor': { 'f:spec': { 'f:hosts': {} } },
      });
    });

    check('go with the fields', async () => {
      const { api } = context();
      await apply('meshdeck', virtualService('web', route({ v1: 100 })));
      const { body } = await api.patch(`${web()}?fieldManager=editor`, MERGE, {
        spec: { http: null },
      });
      expect(ownersOf(body)).toEqual({
        'Apply meshdeck': { 'f:spec': { 'f:hosts': {} } },
      });
    });

    check('can be given up by sending one empty entry', async () => {
      const { api } = context();
      await apply('meshdeck', virtualService('web'));
      const reset = await api.patch(web(), MERGE, {
        metadata: { managedFields: [{}], labels: { by: 'hand' } },
      });
      expect(reset.body.metadata).not.toHaveProperty('managedFields');
      const { body } = await apply(
        'other',
        virtualService('web', { hosts: ['other'] }),
      );
      expect(body.message).toBe(
        'Apply failed with 1 conflict: conflict with "before-first-apply" using networking.istio.io/v1: .spec.hosts',
      );
    });
  });
}

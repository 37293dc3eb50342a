import type { KubeObject } from '@meshdeck/istio-config';
import type { ServiceIntent } from '@meshdeck/plugin-mesh-common';
import { stringify } from 'yaml';
import { eventually } from '../__testUtils__/eventually';
import { TEST_CLUSTERS } from '../__testUtils__/testClusters';
import { EDGE, RouteStage } from './__testUtils__/RouteStage';
import {
  backend,
  boundService,
  weighedRoute,
} from './__testUtils__/weighedRoute';

jest.setTimeout(120_000);

describe.each(TEST_CLUSTERS)(
  'routes of the Gateway API, and who stands beside them, on %s',
  (_name, start) => {
    let stage: RouteStage;

    beforeAll(async () => {
      stage = await RouteStage.open(start);
    });

    afterAll(() => stage?.stop());

    it('get a time limit, which asks nobody at the same Gateway', async () => {
      await stage.portal.rules(stage.at('public'));
      const { body } = await stage.portal.portal.get(
        'public',
        `${stage.placement('public')}/routes`,
      );
      const what: ServiceIntent = {
        intent: 'timeout',
        rule: body.rules[0].named,
        timeoutMs: 9000,
      };
      const seen = await stage.ask('public', 'preview', what);
      expect([seen.status, seen.body.dryRun]).toEqual([200, { ok: true }]);
      const made = await stage.ask('public', 'apply', what, {
        resourceVersion: seen.body.resourceVersion,
        takeOver: true,
      });
      expect(made.status).toBe(200);
      const { spec } = await stage.cluster.get(stage.refOf('public'));
      expect(spec.rules[0].timeouts).toEqual({ request: '9s' });
    });

    it('are edited as text for the same callers alone, deleted, and given back', async () => {
      const before = await stage.cluster.get(stage.refOf('shop'));
      const seen = before.metadata.resourceVersion ?? '';
      const { rules, ...spec } = before.spec;
      const text = (changed: object): ServiceIntent => ({
        intent: 'editObject',
        object: stage.refOf('shop'),
        seen,
        yaml: stringify({
          apiVersion: before.apiVersion,
          kind: before.kind,
          metadata: { namespace: stage.namespace, name: 'shop' },
          spec: { ...spec, rules, ...changed },
        }),
      });
      const names = async (what: ServiceIntent) => {
        const { status, body } = await stage.ask('shop', 'preview', what);
        return [status, body.error?.message ?? body.action];
      };
      for (const [field, value] of [
        ['hostnames', ['other.example.com']],
        ['parentRefs', [...before.spec.parentRefs, ...EDGE]],
      ] as const) {
        expect(await names(text({ [field]: value }))).toEqual([
          400,
          expect.stringContaining(`spec.${field} of HTTPRoute`),
        ]);
      }
      const stranger = [{ backendRefs: [backend('stranger')] }];
      expect(await names(text({ rules: stranger }))).toEqual([
        403,
        expect.stringContaining('stranger, too'),
      ]);
      const limit = { ...rules[1], timeouts: { request: '3s' } };
      const edit = text({ rules: [rules[0], limit] });
      const made = await stage.make('shop', edit);
      expect(made.status).toBe(200);
      const after = await stage.cluster.get(stage.refOf('shop'));
      expect(after.spec.rules[1].timeouts).toEqual({ request: '3s' });

      const deletion = (object: KubeObject): ServiceIntent => ({
        intent: 'deleteObject',
        object: stage.refOf('shop'),
        seen: object.metadata.resourceVersion ?? '',
      });
      await eventually(async () =>
        expect(await names(deletion(after))).toEqual([200, 'delete']),
      );
      const gone = await stage.make('shop', deletion(after));
      expect(gone.status).toBe(200);
      const undone = await stage.undoLast('shop');
      expect([undone.status, undone.body.error?.message]).toEqual([
        200,
        undefined,
      ]);
      const again = await stage.cluster.get(stage.refOf('shop'));
      expect(JSON.stringify(again.spec)).toBe(JSON.stringify(after.spec));
    });

    it('are not made to take from others at a Gateway, nor to leave them what they took', async () => {
      await stage.portal.rules(stage.at('public'));
      const before = await stage.cluster.get(stage.refOf('public'));
      const seen = before.metadata.resourceVersion ?? '';
      const [rule] = before.spec.rules;
      const narrowed = {
        ...rule,
        matches: [{ path: { type: 'PathPrefix', value: '/a' } }],
      };
      const yaml = stringify({
        apiVersion: before.apiVersion,
        kind: before.kind,
        metadata: { namespace: stage.namespace, name: 'public' },
        spec: { ...before.spec, rules: [narrowed] },
      });
      for (const what of [
        { intent: 'editObject', object: stage.refOf('public'), seen, yaml },
        { intent: 'deleteObject', object: stage.refOf('public'), seen },
      ] as ServiceIntent[]) {
        const answer = await stage.ask('public', 'preview', what);
        expect([answer.status, answer.body.error?.message]).toEqual([
          403,
          expect.stringMatching(
            /what is left for others at that Gateway: HTTPRoute routes-\w+\/strangers decides over/,
          ),
        ]);
      }
      expect(await stage.cluster.get(stage.refOf('public'))).toEqual(before);
    });

    it('are not made to take from whoever came beside them a moment ago', async () => {
      const [before] = await Promise.all([
        stage.cluster.get(stage.refOf('lonely')),
        stage.portal.rules(stage.at('lonely')),
      ]);
      const what: ServiceIntent = {
        intent: 'deleteObject',
        object: stage.refOf('lonely'),
        seen: before.metadata.resourceVersion ?? '',
      };
      expect((await stage.ask('lonely', 'preview', what)).status).toBe(200);
      // The portal's watches do not tell it any more.
      stage.portal.proxy.freeze();
      await stage.cluster.apply(boundService(stage.namespace, 'newcomer'));
      await stage.cluster.apply(
        weighedRoute('GRPCRoute', stage.at('newcomer'), {
          parentRefs: EDGE,
          hostnames: ['lonely.example.org'],
          rules: [{ backendRefs: [backend('newcomer')] }],
        }),
      );
      const answer = await stage.ask('lonely', 'preview', what);
      expect([answer.status, answer.body.error?.message]).toEqual([
        403,
        expect.stringMatching(/GRPCRoute routes-\w+\/newcomer decides over/),
      ]);
    });
  },
);

import type { KubeObject } from '@meshdeck/istio-config';
import type { ServiceIntent } from '@meshdeck/plugin-mesh-common';
import { stringify } from 'yaml';
import { eventually } from '../__testUtils__/eventually';
import { component } from '../__testUtils__/startPortal';
import { TEST_CLUSTERS, TestCluster } from '../__testUtils__/testClusters';
import { ChangingPortal } from './__testUtils__/ChangingPortal';
import {
  backend,
  boundService,
  weighedRoute,
} from './__testUtils__/weighedRoute';
import { written } from './__testUtils__/weightedService';

jest.setTimeout(120_000);

type RouteKind = 'HTTPRoute' | 'GRPCRoute';

const OWN = [
  'shop',
  'calls',
  'lent',
  'copied',
  'driven',
  'argo',
  'public',
  'timed',
];
const EDGE = [
  { name: 'edge', kind: 'Gateway', group: 'gateway.networking.k8s.io' },
];

describe.each(TEST_CLUSTERS)(
  'routes of the Gateway API on %s',
  (_name, start) => {
    let cluster: TestCluster;
    let portal: ChangingPortal;
    let namespace: string;

    const at = (name: string) => ({ namespace, name });
    const refOf = (name: string, kind: RouteKind = 'HTTPRoute') => ({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind,
      ...at(name),
    });
    const ask = (name: string, step: string, what: ServiceIntent, more = {}) =>
      portal.portal.postTo(
        name,
        `/placements/c:${namespace}:${name}/changes/${step}`,
        { what, ...more },
      );
    const split = (name: string, ...more: object[]) => [
      {
        backendRefs: [backend(name, 1), backend(`${name}-next`, 1)],
        ...more[0],
      },
    ];

    beforeAll(async () => {
      cluster = await TestCluster.open(start);
      namespace = `routes-${cluster.id}`;
      await cluster.apply({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: namespace },
      });
      const plugin = {
        'argoproj-labs/gatewayAPI': { httpRoute: 'argo', namespace },
      };
      const objects: KubeObject[] = [
        ...OWN.flatMap(name =>
          [name, `${name}-next`].map(each =>
            boundService(namespace, each, `component:default/${name}`),
          ),
        ),
        boundService(namespace, 'stranger'),
        weighedRoute('HTTPRoute', at('shop')),
        weighedRoute('GRPCRoute', at('calls')),
        weighedRoute('HTTPRoute', at('lent'), {
          rules: [
            { backendRefs: [backend('lent', 1), backend('stranger', 1)] },
          ],
        }),
        weighedRoute('HTTPRoute', at('copied'), {
          rules: split('copied', {
            filters: [
              {
                type: 'RequestMirror',
                requestMirror: { backendRef: backend('stranger') },
              },
            ],
          }),
        }),
        weighedRoute('HTTPRoute', at('driven'), { rules: split('driven') }),
        weighedRoute('HTTPRoute', at('argo'), { rules: split('argo') }),
        weighedRoute('HTTPRoute', at('timed'), { rules: split('timed') }),
        weighedRoute('HTTPRoute', at('public'), {
          parentRefs: [...EDGE, { group: '', kind: 'Service', name: 'public' }],
          hostnames: ['shop.example.com'],
          rules: split('public'),
        }),
        weighedRoute('HTTPRoute', at('strangers'), {
          parentRefs: EDGE,
          hostnames: ['*.example.com'],
          rules: [{ backendRefs: [backend('stranger')] }],
        }),
        {
          apiVersion: 'flagger.app/v1beta1',
          kind: 'Canary',
          metadata: at('any'),
          spec: {
            provider: 'gatewayapi:v1',
            targetRef: {
              apiVersion: 'apps/v1',
              kind: 'Deployment',
              name: 'driven',
            },
            service: { port: 80 },
            analysis: { interval: '1m', threshold: 1 },
          },
        },
        {
          apiVersion: 'argoproj.io/v1alpha1',
          kind: 'Rollout',
          metadata: at('any'),
          spec: {
            strategy: {
              canary: {
                stableService: 'elsewhere',
                canaryService: 'elsewhere-next',
                trafficRouting: { plugins: plugin },
              },
            },
          },
        },
      ];
      for (const object of objects) {
        await cluster.apply(object, 'meshdeck');
      }
      portal = await ChangingPortal.open({
        cluster,
        entities: OWN.map(name =>
          component(name, { 'meshdeck.io/services': `${namespace}/${name}` }),
        ),
      });
    });

    afterAll(async () => {
      await portal?.stop();
      await cluster.stop();
    });

    it.each<[RouteKind, string]>([
      ['HTTPRoute', 'shop'],
      ['GRPCRoute', 'calls'],
    ])(
      'move the weights of an %s, and no other byte, there and back',
      async (kind, name) => {
        const before = await cluster.get(refOf(name, kind));
        const [{ rule, weights }, ...others] = await portal.rules(at(name));
        expect([rule.object.kind, rule.path, weights, others]).toEqual([
          kind,
          'spec.rules[0]',
          { [name]: 90, [`${name}-next`]: 10 },
          [],
        ]);
        const { body: view } = await portal.portal.get(
          name,
          `/placements/c:${namespace}:${name}/canary`,
        );
        expect(view).toMatchObject({
          provider: 'gatewayapi',
          object: { kind, name },
          versions: [
            { subset: name, weight: 90 },
            { subset: `${name}-next`, weight: 10 },
          ],
        });
        expect(view.cannotChange).toBeUndefined();

        const wanted = { [name]: 75, [`${name}-next`]: 25 };
        const seen = await portal.preview(at(name), { rule, weights: wanted });
        expect(seen.body).toMatchObject({
          sentence: `15 % of requests move from ${name} to ${name}-next.`,
          dryRun: { ok: true },
          takesOverFrom: [],
        });
        const made = await portal.apply(at(name), {
          rule,
          weights: wanted,
          resourceVersion: seen.body.resourceVersion,
        });
        expect([made.status, made.body.remark]).toEqual([200, undefined]);
        const expected = structuredClone(written(before)) as KubeObject;
        const [first, second] = expected.spec.rules[0].backendRefs;
        first.weight = 75;
        second.weight = 25;
        const after = await cluster.get(refOf(name, kind));
        expect(JSON.stringify(written(after))).toBe(JSON.stringify(expected));
        await portal.untilShown(at(name), [wanted]);

        const path = `/placements/c:${namespace}:${name}`;
        const [{ id }] = (await portal.portal.get(name, `${path}/changes`)).body
          .changes;
        const undo: ServiceIntent = { intent: 'undo', change: id };
        const back = await ask(name, 'preview', undo);
        const undone = await ask(name, 'apply', undo, {
          resourceVersion: back.body.resourceVersion,
          takeOver: true,
        });
        expect(undone.status).toBe(200);
        expect(
          JSON.stringify(written(await cluster.get(refOf(name, kind)))),
        ).toBe(JSON.stringify(written(before)));
        const { body: shown } = await portal.portal.get(name, `${path}/canary`);
        expect(shown.history.moves.map((one: any) => one.what)).toContain(
          `rule 1: ${name} from 90 % to 75 %, ${name}-next from 10 % to 25 %`,
        );
      },
    );

    it('follow no click on a rule that takes other requests by now', async () => {
      const [{ rule }] = await portal.rules(at('timed'));
      await cluster.patch(refOf('timed'), [
        {
          op: 'add',
          path: '/spec/rules/0/matches',
          value: [{ path: { type: 'PathPrefix', value: '/new' } }],
        },
      ]);
      const stale = await portal.preview(at('timed'), {
        rule,
        weights: { timed: 1, 'timed-next': 99 },
      });
      expect([stale.status, stale.body.error?.message]).toEqual([
        409,
        expect.stringContaining('not the rule that you saw'),
      ]);
    });

    it.each<[string, string, number, RegExp]>([
      [
        'sends to a stranger’s Service',
        'lent',
        403,
        /decides over routes-\w+\/stranger, too/,
      ],
      [
        'sends copies to one',
        'copied',
        403,
        /decides over routes-\w+\/stranger, too/,
      ],
      [
        'Flagger writes',
        'driven',
        409,
        /Flagger drives this canary \(Canary routes-\w+\/any\)/,
      ],
      [
        'Argo Rollouts writes',
        'argo',
        409,
        /Argo Rollouts drives this canary \(Rollout routes-\w+\/any\)/,
      ],
    ])('stay as they are where one %s', async (_what, name, status, says) => {
      const before = await cluster.get(refOf(name));
      const [{ rule, weights }] = await portal.rules(at(name));
      const [from, to] = Object.keys(weights);
      const wanted = { rule, weights: { [from]: 0, [to]: 100 } };
      const answers = [
        await portal.preview(at(name), wanted),
        await portal.apply(at(name), {
          ...wanted,
          resourceVersion: before.metadata.resourceVersion ?? '',
        }),
      ];
      for (const { status: told, body } of answers) {
        expect([told, body.error?.message]).toEqual([
          status,
          expect.stringMatching(says),
        ]);
      }
      const { body: view } = await portal.portal.get(
        name,
        `/placements/c:${namespace}:${name}/canary`,
      );
      expect(view.cannotChange).toMatch(says);
      expect(await cluster.get(refOf(name))).toEqual(before);
    });

    it('get a time limit, which asks nobody at the same Gateway', async () => {
      await portal.rules(at('public'));
      const { body } = await portal.portal.get(
        'public',
        `/placements/c:${namespace}:public/routes`,
      );
      const what: ServiceIntent = {
        intent: 'timeout',
        rule: body.rules[0].named,
        timeoutMs: 9000,
      };
      const seen = await ask('public', 'preview', what);
      expect([seen.status, seen.body.dryRun]).toEqual([200, { ok: true }]);
      const made = await ask('public', 'apply', what, {
        resourceVersion: seen.body.resourceVersion,
        takeOver: true,
      });
      expect(made.status).toBe(200);
      const { spec } = await cluster.get(refOf('public'));
      expect(spec.rules[0].timeouts).toEqual({ request: '9s' });
    });

    it('are edited as text for the same callers alone, deleted, and given back', async () => {
      const before = await cluster.get(refOf('shop'));
      const seen = before.metadata.resourceVersion ?? '';
      const { rules, ...spec } = before.spec;
      const text = (changed: object): ServiceIntent => ({
        intent: 'editObject',
        object: refOf('shop'),
        seen,
        yaml: stringify({
          apiVersion: before.apiVersion,
          kind: before.kind,
          metadata: { namespace, name: 'shop' },
          spec: { ...spec, rules, ...changed },
        }),
      });
      const names = async (what: ServiceIntent) => {
        const { status, body } = await ask('shop', 'preview', what);
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
      const { body } = await ask('shop', 'preview', edit);
      const made = await ask('shop', 'apply', edit, {
        resourceVersion: body.resourceVersion,
        takeOver: true,
      });
      expect(made.status).toBe(200);
      const after = await cluster.get(refOf('shop'));
      expect(after.spec.rules[1].timeouts).toEqual({ request: '3s' });

      const deletion = (object: KubeObject): ServiceIntent => ({
        intent: 'deleteObject',
        object: refOf('shop'),
        seen: object.metadata.resourceVersion ?? '',
      });
      await eventually(async () =>
        expect(await names(deletion(after))).toEqual([200, 'delete']),
      );
      const gone = await ask('shop', 'apply', deletion(after), {
        resourceVersion: after.metadata.resourceVersion,
        takeOver: true,
      });
      expect(gone.status).toBe(200);
      const path = `/placements/c:${namespace}:shop/changes`;
      const [{ id }] = (await portal.portal.get('shop', path)).body.changes;
      const undo: ServiceIntent = { intent: 'undo', change: id };
      const back = await ask('shop', 'preview', undo);
      const undone = await ask('shop', 'apply', undo, {
        resourceVersion: back.body.resourceVersion,
        takeOver: true,
      });
      expect([undone.status, undone.body.error?.message]).toEqual([
        200,
        undefined,
      ]);
      const again = await cluster.get(refOf('shop'));
      expect(JSON.stringify(again.spec)).toBe(JSON.stringify(after.spec));
    });

    it('are not made to take from others at a Gateway, nor to leave them what they took', async () => {
      await portal.rules(at('public'));
      const before = await cluster.get(refOf('public'));
      const seen = before.metadata.resourceVersion ?? '';
      const [rule] = before.spec.rules;
      const narrowed = {
        ...rule,
        matches: [{ path: { type: 'PathPrefix', value: '/a' } }],
      };
      const yaml = stringify({
        apiVersion: before.apiVersion,
        kind: before.kind,
        metadata: { namespace, name: 'public' },
        spec: { ...before.spec, rules: [narrowed] },
      });
      for (const what of [
        { intent: 'editObject', object: refOf('public'), seen, yaml },
        { intent: 'deleteObject', object: refOf('public'), seen },
      ] as ServiceIntent[]) {
        const answer = await ask('public', 'preview', what);
        expect([answer.status, answer.body.error?.message]).toEqual([
          403,
          expect.stringMatching(
            /what is left for others at that Gateway: HTTPRoute routes-\w+\/strangers decides over/,
          ),
        ]);
      }
      expect(await cluster.get(refOf('public'))).toEqual(before);
    });
  },
);

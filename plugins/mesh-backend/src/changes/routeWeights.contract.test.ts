import type { KubeObject } from '@meshdeck/istio-config';
import type { CanaryView } from '@meshdeck/plugin-mesh-common';
import { TEST_CLUSTERS } from '../__testUtils__/testClusters';
import { type RouteKind, RouteStage } from './__testUtils__/RouteStage';
import { written } from './__testUtils__/weightedService';

jest.setTimeout(120_000);

describe.each(TEST_CLUSTERS)(
  'weights of routes of the Gateway API on %s',
  (_name, start) => {
    let stage: RouteStage;

    beforeAll(async () => {
      stage = await RouteStage.open(start);
    });

    afterAll(() => stage?.stop());

    it.each<[RouteKind, string]>([
      ['HTTPRoute', 'shop'],
      ['GRPCRoute', 'calls'],
    ])(
      'move the weights of an %s, and no other byte, there and back',
      async (kind, name) => {
        const before = await stage.cluster.get(stage.refOf(name, kind));
        const [{ rule, weights }, ...others] = await stage.portal.rules(
          stage.at(name),
        );
        expect([rule.object.kind, rule.path, weights, others]).toEqual([
          kind,
          'spec.rules[0]',
          { [name]: 90, [`${name}-next`]: 10 },
          [],
        ]);
        const { body: view } = await stage.portal.portal.get(
          name,
          `${stage.placement(name)}/canary`,
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
        const seen = await stage.portal.preview(stage.at(name), {
          rule,
          weights: wanted,
        });
        expect(seen.body).toMatchObject({
          sentence: `15 % of requests move from ${name} to ${name}-next.`,
          dryRun: { ok: true },
          takesOverFrom: [],
        });
        const made = await stage.portal.apply(stage.at(name), {
          rule,
          weights: wanted,
          resourceVersion: seen.body.resourceVersion,
        });
        expect([made.status, made.body.remark]).toEqual([200, undefined]);
        const expected = structuredClone(written(before)) as KubeObject;
        const [first, second] = expected.spec.rules[0].backendRefs;
        first.weight = 75;
        second.weight = 25;
        const after = await stage.cluster.get(stage.refOf(name, kind));
        expect(JSON.stringify(written(after))).toBe(JSON.stringify(expected));
        await stage.portal.untilShown(stage.at(name), [wanted]);

        const undone = await stage.undoLast(name);
        expect(undone.status).toBe(200);
        expect(
          JSON.stringify(
            written(await stage.cluster.get(stage.refOf(name, kind))),
          ),
        ).toBe(JSON.stringify(written(before)));
        const { body: shown } = await stage.portal.portal.get(
          name,
          `${stage.placement(name)}/canary`,
        );
        expect(
          (shown as CanaryView).history.moves.map(({ what }) => what),
        ).toContain(
          `rule 1: ${name} from 90 % to 75 %, ${name}-next from 10 % to 25 %`,
        );
      },
    );

    it('follow no click on a rule that takes other requests by now', async () => {
      const [{ rule }] = await stage.portal.rules(stage.at('timed'));
      await stage.cluster.patch(stage.refOf('timed'), [
        {
          op: 'add',
          path: '/spec/rules/0/matches',
          value: [{ path: { type: 'PathPrefix', value: '/new' } }],
        },
      ]);
      const stale = await stage.portal.preview(stage.at('timed'), {
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
      const before = await stage.cluster.get(stage.refOf(name));
      const [{ rule, weights }] = await stage.portal.rules(stage.at(name));
      const [from, to] = Object.keys(weights);
      const wanted = { rule, weights: { [from]: 0, [to]: 100 } };
      const answers = [
        await stage.portal.preview(stage.at(name), wanted),
        await stage.portal.apply(stage.at(name), {
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
      const { body: view } = await stage.portal.portal.get(
        name,
        `${stage.placement(name)}/canary`,
      );
      expect(view.cannotChange).toMatch(says);
      expect(await stage.cluster.get(stage.refOf(name))).toEqual(before);
    });
  },
);

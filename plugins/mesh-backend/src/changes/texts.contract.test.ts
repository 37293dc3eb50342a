import type {
  EditObjectIntent,
  ServiceIntent,
} from '@meshdeck/plugin-mesh-common';
import { eventually } from '../__testUtils__/eventually';
import { TEST_CLUSTERS } from '../__testUtils__/testClusters';
import { VERSIONS } from './__testUtils__/intentCases';
import {
  to,
  virtualService,
  weightedService,
  written,
} from './__testUtils__/weightedService';
import { IntentStage, ruleText, textOf } from './__testUtils__/IntentStage';

jest.setTimeout(120_000);

describe.each(TEST_CLUSTERS)(
  'what is written as text, on %s',
  (_cluster, start) => {
    let stage: IntentStage;
    let namespace: string;

    beforeAll(async () => {
      stage = await IntentStage.open(start);
      namespace = stage.namespace;
    });

    afterAll(() => stage?.stop());

    it('makes of an object what somebody wrote, deletes it, and gives both back', async () => {
      const object = {
        apiVersion: VERSIONS.VirtualService,
        kind: 'VirtualService',
        namespace,
        name: 'auth',
      };
      const before = await stage.cluster.get(object);
      const shown = await eventually(async () => {
        const { body } = await stage.portal.portal.get(
          'auth',
          `${stage.placement}/routes`,
        );
        const { yaml } = body.objects.find(
          ({ kind }: { kind: string }) => kind === 'VirtualService',
        );
        expect(yaml).toContain('10s');
        return yaml as string;
      });
      const yaml = `${shown.replace(
        'timeout: 10s',
        'timeout: 9s',
      )}# not for the log\n`;
      for (const [wanted, becomes] of [
        [{ intent: 'editObject', object, yaml }, '9s'],
        [{ intent: 'deleteObject', object }, undefined],
      ] as [Omit<EditObjectIntent, 'seen'>, string | undefined][]) {
        const { metadata } = await stage.cluster.get(object);
        const what = { ...wanted, seen: metadata.resourceVersion ?? '' };
        const stale = await stage.ask('preview', { ...what, seen: '1' });
        expect(stale.status).toBe(409);
        const { body: seen } = await stage.untilPreviewed(
          what,
          what.yaml ? 'change' : 'delete',
        );
        expect(seen.dryRun).toEqual({ ok: true });
        const { resourceVersion } = seen;
        const made = await stage.ask('apply', what, {
          resourceVersion,
          takeOver: true,
        });
        expect(made.status).toBe(200);
        expect(stage.portal.events.at(-1)).toMatchObject({
          outcome: 'succeeded',
          meta: { outcome: 'written' },
        });
        expect(JSON.stringify(stage.portal.events)).not.toContain(
          'not for the log',
        );
        const now = await stage.cluster.get(object).catch(() => undefined);
        expect(now?.spec.http[0].timeout).toBe(becomes);
        const [{ id }] = await stage.remembered();
        const undo: ServiceIntent = { intent: 'undo', change: id };
        const back = await stage.ask('preview', undo);
        const undone = await stage.ask('apply', undo, {
          resourceVersion: back.body.resourceVersion,
          takeOver: true,
        });
        expect([undone.status, undone.body.error?.message]).toEqual([
          200,
          undefined,
        ]);
        expect(written(await stage.cluster.get(object)).spec).toEqual(
          before.spec,
        );
      }
    });

    it('gives nothing back to a service that is somebody else’s by now', async () => {
      const at = { namespace, name: 'pair' };
      const object = {
        ...at,
        apiVersion: VERSIONS.VirtualService,
        kind: 'VirtualService',
      };
      const [twin] = weightedService(namespace, 'twin', {
        entity: 'component:default/auth',
      });
      await stage.cluster.apply(twin);
      const { metadata } = await stage.cluster.apply(
        virtualService(at, {
          hosts: ['twin'],
          http: [{ route: [to('auth', 'stable')] }],
        }),
      );
      const what = {
        intent: 'deleteObject' as const,
        object,
        seen: metadata.resourceVersion ?? '',
      };
      const seen = await stage.untilPreviewed(what, 'delete');
      const { resourceVersion } = seen.body;
      await stage.ask('apply', what, { resourceVersion, takeOver: true });
      const [{ id }] = await stage.remembered();
      const undo: ServiceIntent = { intent: 'undo', change: id };
      expect((await stage.ask('preview', undo)).status).toBe(200);
      await stage.cluster.patch(
        { apiVersion: 'v1', kind: 'Service', namespace, name: 'twin' },
        {
          metadata: {
            annotations: { 'meshdeck.io/entity': 'component:default/other' },
          },
        },
      );
      const refused = await stage.ask('preview', undo);
      expect([refused.status, refused.body.error.message]).toEqual([
        403,
        expect.stringContaining(`${namespace}/twin, too, which does not name`),
      ]);
    });

    it('makes nobody’s rule one for a service of somebody else', async () => {
      const foreignRoute = ruleText('[auth]').replace(
        'host: auth',
        'host: stranger',
      );
      for (const [text, status, says] of [
        [ruleText('[auth, stranger]'), 400, 'spec.hosts of VirtualService'],
        [foreignRoute, 403, `${namespace}/stranger, too, which does not name`],
        [
          ruleText('[auth]').replace(
            'namespace: PLACE',
            'namespace: PLACE, resourceVersion: "1"',
          ),
          400,
          'metadata.resourceVersion: 1',
        ],
        [
          ruleText('[auth]').replace(
            'namespace: PLACE',
            'namespace: PLACE, annotations: {ends.meshdeck.io/x: y}',
          ),
          400,
          'the portal’s own',
        ],
      ] as const) {
        const answer = await stage.ask(
          'preview',
          await stage.filledIn(textOf({}, text)),
        );
        expect([answer.status, answer.body.error?.message]).toEqual([
          status,
          expect.stringContaining(says),
        ]);
      }
    });
  },
);

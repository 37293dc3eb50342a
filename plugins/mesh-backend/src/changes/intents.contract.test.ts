import type { KubeObject, KubeObjectRef } from '@meshdeck/istio-config';
import type {
  ChangedObject,
  RuleName,
  ServiceIntent,
} from '@meshdeck/plugin-mesh-common';
import { eventually } from '../__testUtils__/eventually';
import { TEST_CLUSTERS } from '../__testUtils__/testClusters';
import {
  INTENT_CASES,
  type IntentCase,
  VERSIONS,
} from './__testUtils__/intentCases';
import { weightedService, written } from './__testUtils__/weightedService';
import { IntentStage, ruleText, textOf } from './__testUtils__/IntentStage';

jest.setTimeout(120_000);

describe.each(TEST_CLUSTERS)('what is wanted, on %s', (_cluster, start) => {
  let stage: IntentStage;
  let namespace: string;

  beforeAll(async () => {
    stage = await IntentStage.open(start);
    namespace = stage.namespace;
  });

  afterAll(() => stage?.stop());

  const refOf = ({ kind, name = 'auth' }: IntentCase): KubeObjectRef => ({
    apiVersion: VERSIONS[kind],
    kind,
    namespace,
    name,
  });
  const current = (each: IntentCase): Promise<KubeObject | undefined> =>
    stage.cluster.get(refOf(each)).catch(error => {
      if (/\bNotFound\b|404/.test(String(error))) return undefined;
      throw error;
    });
  const wantOf = async ({
    what,
    onRule,
  }: IntentCase): Promise<ServiceIntent> => {
    if (!onRule) return what;
    return eventually(async () => {
      const { body } = await stage.portal.portal.get(
        'auth',
        `${stage.placement}/routes`,
      );
      expect(body.versions).toEqual(['stable', 'canary']);
      return { ...what, rule: body.rules[0].named } as ServiceIntent;
    });
  };
  it.each(
    INTENT_CASES.map((each): [string, IntentCase] => [each.what.intent, each]),
  )(
    '%s: previewed, made, remembered, taken back byte by byte',
    async (_intent, each) => {
      const what = await wantOf(each);
      const before = await current(each);
      const seen = await stage.untilPreviewed(what, each.action);
      expect(seen.body).toMatchObject({
        object: { kind: each.kind, name: each.name ?? 'auth' },
        dryRun: { ok: true },
        resourceVersion: before?.metadata.resourceVersion ?? '',
      });
      expect(seen.body.sentence).toMatch(/\.$/);
      expect(await current(each)).toEqual(before);

      const lock = { resourceVersion: seen.body.resourceVersion };
      const made = await stage.ask('apply', what, { ...lock, takeOver: true });
      expect([made.status, made.body.remark]).toEqual([200, undefined]);
      const after = await current(each);
      expect(each.becomes(after?.spec)).toEqual(each.value);

      const twice = await stage.ask('apply', what, { ...lock, takeOver: true });
      expect(twice.status).toBeGreaterThanOrEqual(400);
      expect(await current(each)).toEqual(after);

      const [latest] = await stage.remembered();
      expect(latest).toMatchObject({
        sentence: made.body.sentence,
        state: 'written',
        canUndo: true,
        who: 'user:default/mock',
      });
      const undo: ServiceIntent = { intent: 'undo', change: latest.id };
      const back = await stage.ask('preview', undo);
      expect([back.status, back.body.dryRun]).toEqual([200, { ok: true }]);
      const undone = await stage.ask('apply', undo, {
        resourceVersion: back.body.resourceVersion,
        takeOver: true,
      });
      expect(undone.status).toBe(200);
      const restored = await current(each);
      expect(JSON.stringify(restored?.spec)).toBe(JSON.stringify(before?.spec));
      expect(restored && written(restored)).toEqual(before && written(before));
      const [, original] = await stage.remembered();
      expect(original).toMatchObject({ id: latest.id, undone: true });
      expect((await stage.ask('preview', undo)).status).toBe(409);
    },
  );

  it('takes back weights that were moved on their own tab', async () => {
    const at = { namespace, name: 'auth' };
    const ref = {
      ...at,
      apiVersion: VERSIONS.VirtualService,
      kind: 'VirtualService',
    };
    const before = await stage.cluster.get(ref);
    const [{ rule }] = await stage.portal.rules(at);
    const moved = await stage.portal.apply(at, {
      rule,
      weights: { stable: 25, canary: 75 },
      resourceVersion: before.metadata.resourceVersion ?? '',
    });
    expect(moved.status).toBe(200);
    const [{ id, sentence }] = await stage.remembered();
    expect(sentence).toBe('65 % of requests move from stable to canary.');
    const undo: ServiceIntent = { intent: 'undo', change: id };
    const { body } = await stage.ask('preview', undo);
    const { resourceVersion } = body;
    await stage.ask('apply', undo, { resourceVersion, takeOver: true });
    expect((await stage.cluster.get(ref)).spec).toEqual(before.spec);
  });

  it('defines a version before a rule names it, and refuses to write without both having been seen', async () => {
    const [, , ready] = weightedService(namespace, 'auth');
    const { status, spec, metadata } = ready;
    const labels = { ...metadata.labels, version: 'next' };
    const beta = { ...metadata, name: 'auth-next', labels };
    await stage.cluster.apply({ ...ready, metadata: beta, spec, status });
    const path = `${stage.placement}/routes`;
    const named = await eventually(async () => {
      const { body } = await stage.portal.portal.get('auth', path);
      expect(body.versions).toContain('next');
      return body.rules[0].named as RuleName;
    });
    const what: ServiceIntent = {
      intent: 'conditionalRoute',
      rule: named,
      on: { header: 'x-next', value: '1' },
      subset: 'next',
    };
    const refs = ['DestinationRule', 'VirtualService'].map(kind => ({
      apiVersion: VERSIONS[kind],
      kind,
      namespace,
      name: 'auth',
    }));
    const specs = () =>
      Promise.all(refs.map(async ref => (await stage.cluster.get(ref)).spec));
    const before = await specs();
    const { body: seen } = await stage.ask('preview', what);
    const { first, resourceVersion, sentence } = seen;
    const changed: ChangedObject[] = [...first, seen];
    expect(changed.map(({ object }) => object.kind)).toEqual(
      refs.map(({ kind }) => kind),
    );
    expect(sentence).toMatch(/Before that, DestinationRule .* the subset next/);
    const blind = await stage.ask('apply', what, {
      resourceVersion,
      takeOver: true,
    });
    expect([blind.status, blind.body.error?.message]).toEqual([
      409,
      expect.stringContaining('By now this is about DestinationRule'),
    ]);
    const lock = { resourceVersion, first, takeOver: true };
    expect((await stage.ask('apply', what, lock)).status).toBe(200);
    const [rule, route] = await specs();
    expect(rule.subsets).toContainEqual({
      name: 'next',
      labels: { version: 'next' },
    });
    expect(route.http[0].route[0].destination.subset).toBe('next');
    const [change] = await stage.remembered();
    expect(change.first).toMatchObject([{ object: { kind: refs[0].kind } }]);
    const undo: ServiceIntent = { intent: 'undo', change: change.id };
    const { body: back } = await stage.ask('preview', undo);
    await stage.ask('apply', undo, {
      resourceVersion: back.resourceVersion,
      first: back.first,
      takeOver: true,
    });
    expect(await specs()).toEqual(before);
    await stage.cluster.remove({
      ...beta,
      apiVersion: 'v1',
      kind: 'Pod',
    } as never);
  });

  it('changes no rule of an object that is also for a service of somebody else', async () => {
    const path = `/placements/c:${namespace}:shared`;
    const rule = await eventually(async () => {
      const { body } = await stage.portal.portal.get(
        'shared',
        `${path}/routes`,
      );
      return body.rules[0].named;
    });
    const answer = await stage.portal.portal.postTo(
      'shared',
      `${path}/changes/preview`,
      { what: { intent: 'timeout', rule, timeoutMs: 1000 } },
    );
    expect([answer.status, answer.body.error?.message]).toEqual([
      403,
      expect.stringContaining(
        `${namespace}/stranger, too, which does not name`,
      ),
    ]);
  });

  it('does not take back what somebody changed since, and shows what is there now', async () => {
    const breaker = INTENT_CASES[4];
    const seen = await stage.untilPreviewed(breaker.what, 'change');
    const { resourceVersion } = seen.body;
    await stage.ask('apply', breaker.what, { resourceVersion, takeOver: true });
    const [made] = await stage.remembered();
    await stage.cluster.patch(refOf(breaker), {
      spec: {
        trafficPolicy: { connectionPool: { tcp: { maxConnections: 7 } } },
      },
    });
    const undo: ServiceIntent = { intent: 'undo', change: made.id };
    const refused = await stage.ask('preview', undo);
    expect(refused.status).toBe(409);
    expect(refused.body.error.message).toContain('was changed since');
    // Beside what was changed, anybody may change what they like.
    await stage.cluster.patch(refOf(breaker), {
      metadata: { labels: { team: 'a' } },
      spec: {
        trafficPolicy: { connectionPool: { tcp: { maxConnections: 10 } } },
      },
    });
    expect((await stage.ask('preview', undo)).status).toBe(200);
  });

  it.each<[string, object, number, RegExp]>([
    ['an unknown intent', { intent: 'explode' }, 400, /what\.intent/],
    [
      'a field that is not its',
      { intent: 'restart', workload: 'auth-app', x: 1 },
      400,
      /what/,
    ],
    [
      'a number out of range',
      { intent: 'sampling', percent: 101 },
      400,
      /from 0 to 100/,
    ],
    [
      'a version that there is not',
      { intent: 'mirror', to: { subset: 'blue', percent: 5 } },
      400,
      /There is no subset "blue"|has rules for auth/,
    ],
    [
      'a workload of somebody else',
      { intent: 'restart', workload: 'payments' },
      400,
      /has no workload "payments"/,
    ],
    [
      'a change that nobody made',
      { intent: 'undo', change: '7f1c1a52-1d0f-4ac1-9d5e-0f8a4f2f0a11' },
      404,
      /No such change/,
    ],
    [
      'all of a namespace that does not name the entity',
      { intent: 'mtls', scope: 'namespace', mode: 'STRICT' },
      403,
      /does not name component:default\/auth/,
    ],
    [
      'a namespace into the mesh',
      { intent: 'enrolment', mode: 'ambient' },
      403,
      /does not name component:default\/auth/,
    ],
    ['no YAML', textOf({}, 'spec: ['), 400, /This is no YAML/],
    [
      'a circle of anchors',
      textOf({}, 'spec: &a { again: *a }'),
      400,
      /uses the anchor &a/,
    ],
    [
      'two objects',
      textOf({}, `${ruleText('[auth]')}\n---\n${ruleText('[auth]')}`),
      400,
      /2 documents/,
    ],
    [
      'another object than is named',
      textOf({}, ruleText('[auth]', 'other')),
      400,
      /neither renamed nor moved/,
    ],
    [
      'a kind that is not edited',
      textOf({ apiVersion: 'v1', kind: 'Service' }, 'kind: Service'),
      400,
      /No Service is edited from here/,
    ],
    [
      'the rule of another service',
      {
        ...textOf({ name: 'shared' }),
        intent: 'deleteObject',
        yaml: undefined,
      },
      400,
      /says nothing of/,
    ],
    ['a megabyte of YAML', textOf({}, 'x'.repeat(900_000)), 400, /what\.yaml/],
    [
      'a megabyte',
      { intent: 'restart', workload: 'x'.repeat(1_000_000) },
      400,
      /workload|large/,
    ],
  ])(
    'refuses %s, writes nothing and says so in the log',
    async (_name, what, status, says) => {
      const events = stage.portal.events.length;
      const known = (await stage.remembered()).length;
      const named = await stage.filledIn(what);
      const answer = await stage.ask('apply', named, {
        resourceVersion: '',
        takeOver: true,
      });
      expect([answer.status, answer.body.error?.message]).toEqual([
        status,
        expect.stringMatching(says),
      ]);
      expect(stage.portal.events.length).toBe(events + 1);
      expect(stage.portal.events.at(-1)).toMatchObject({ outcome: 'failed' });
      expect(await stage.remembered()).toHaveLength(known);
    },
  );
});

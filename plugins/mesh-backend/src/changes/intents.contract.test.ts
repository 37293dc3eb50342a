import type { KubeObject, KubeObjectRef } from '@meshdeck/istio-config';
import type {
  ChangedObject,
  EditObjectIntent,
  RuleName,
  ServiceIntent,
} from '@meshdeck/plugin-mesh-common';
import { eventually } from '../__testUtils__/eventually';
import { component } from '../__testUtils__/startPortal';
import { TEST_CLUSTERS, TestCluster } from '../__testUtils__/testClusters';
import { ChangingPortal } from './__testUtils__/ChangingPortal';
import {
  INTENT_CASES,
  type IntentCase,
  VERSIONS,
} from './__testUtils__/intentCases';
import {
  to,
  virtualService,
  weightedService,
  written,
} from './__testUtils__/weightedService';

jest.setTimeout(120_000);

describe.each(TEST_CLUSTERS)('what is wanted, on %s', (_cluster, start) => {
  let cluster: TestCluster;
  let portal: ChangingPortal;
  let namespace: string;

  const placement = () => `/placements/c:${namespace}:auth`;
  const refOf = ({ kind, name = 'auth' }: IntentCase): KubeObjectRef => ({
    apiVersion: VERSIONS[kind],
    kind,
    namespace,
    name,
  });
  const current = (each: IntentCase): Promise<KubeObject | undefined> =>
    cluster.get(refOf(each)).catch(error => {
      if (/\bNotFound\b|404/.test(String(error))) return undefined;
      throw error;
    });
  const ask = async (
    step: 'preview' | 'apply',
    what: ServiceIntent,
    more: object = {},
  ) =>
    portal.portal.postTo('auth', `${placement()}/changes/${step}`, {
      what,
      ...more,
    });
  const remembered = async () => {
    const { body } = await portal.portal.get('auth', `${placement()}/changes`);
    return body.changes;
  };
  const wantOf = async ({
    what,
    onRule,
  }: IntentCase): Promise<ServiceIntent> => {
    if (!onRule) return what;
    return eventually(async () => {
      const { body } = await portal.portal.get('auth', `${placement()}/routes`);
      expect(body.versions).toEqual(['stable', 'canary']);
      return { ...what, rule: body.rules[0].named } as ServiceIntent;
    });
  };
  /** The store shows what a change left before the next one asks it where to look. */
  const untilPreviewed = (
    what: ServiceIntent,
    action: IntentCase['action'] | 'delete',
  ) =>
    eventually(async () => {
      const answer = await ask('preview', what);
      if (answer.status !== 200 || answer.body.action !== action) {
        throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
      }
      return answer;
    });

  beforeAll(async () => {
    cluster = await TestCluster.open(start);
    namespace = `intents-${cluster.id}`;
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace, labels: { 'istio-injection': 'enabled' } },
    });
    const labels = { app: 'auth', version: 'stable' };
    const objects: KubeObject[] = [
      ...weightedService(namespace, 'auth'),
      ...weightedService(namespace, 'shared').slice(0, -1),
      weightedService(namespace, 'stranger')[0],
      virtualService(
        { namespace, name: 'shared' },
        {
          hosts: ['shared', 'stranger'],
          http: [{ route: [to('shared', 'stable')] }],
        },
      ),
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { namespace, name: 'auth-app' },
        spec: {
          replicas: 0,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: {
              containers: [{ name: 'app', image: 'example.com/app' }],
            },
          },
        },
      },
    ];
    for (const object of objects) {
      await cluster.apply(object);
    }
    portal = await ChangingPortal.open({
      cluster,
      entities: [
        ...['auth', 'shared'].map(name =>
          component(name, { 'meshdeck.io/services': `${namespace}/${name}` }),
        ),
      ],
    });
  });

  afterAll(async () => {
    await portal?.stop();
    await cluster.stop();
  });

  it.each(
    INTENT_CASES.map((each): [string, IntentCase] => [each.what.intent, each]),
  )(
    '%s: previewed, made, remembered, taken back byte by byte',
    async (_intent, each) => {
      const what = await wantOf(each);
      const before = await current(each);
      const seen = await untilPreviewed(what, each.action);
      expect(seen.body).toMatchObject({
        object: { kind: each.kind, name: each.name ?? 'auth' },
        dryRun: { ok: true },
        resourceVersion: before?.metadata.resourceVersion ?? '',
      });
      expect(seen.body.sentence).toMatch(/\.$/);
      expect(await current(each)).toEqual(before);

      const lock = { resourceVersion: seen.body.resourceVersion };
      const made = await ask('apply', what, { ...lock, takeOver: true });
      expect([made.status, made.body.remark]).toEqual([200, undefined]);
      const after = await current(each);
      expect(each.becomes(after?.spec)).toEqual(each.value);

      const twice = await ask('apply', what, { ...lock, takeOver: true });
      expect(twice.status).toBeGreaterThanOrEqual(400);
      expect(await current(each)).toEqual(after);

      const [latest] = await remembered();
      expect(latest).toMatchObject({
        sentence: made.body.sentence,
        state: 'written',
        canUndo: true,
        who: 'user:default/mock',
      });
      const undo: ServiceIntent = { intent: 'undo', change: latest.id };
      const back = await ask('preview', undo);
      expect([back.status, back.body.dryRun]).toEqual([200, { ok: true }]);
      const undone = await ask('apply', undo, {
        resourceVersion: back.body.resourceVersion,
        takeOver: true,
      });
      expect(undone.status).toBe(200);
      const restored = await current(each);
      expect(JSON.stringify(restored?.spec)).toBe(JSON.stringify(before?.spec));
      expect(restored && written(restored)).toEqual(before && written(before));
      const [, original] = await remembered();
      expect(original).toMatchObject({ id: latest.id, undone: true });
      expect((await ask('preview', undo)).status).toBe(409);
    },
  );

  it('takes back weights that were moved on their own tab', async () => {
    const at = { namespace, name: 'auth' };
    const ref = {
      ...at,
      apiVersion: VERSIONS.VirtualService,
      kind: 'VirtualService',
    };
    const before = await cluster.get(ref);
    const [{ rule }] = await portal.rules(at);
    const moved = await portal.apply(at, {
      rule,
      weights: { stable: 25, canary: 75 },
      resourceVersion: before.metadata.resourceVersion ?? '',
    });
    expect(moved.status).toBe(200);
    const [{ id, sentence }] = await remembered();
    expect(sentence).toBe('65 % of requests move from stable to canary.');
    const undo: ServiceIntent = { intent: 'undo', change: id };
    const { body } = await ask('preview', undo);
    const { resourceVersion } = body;
    await ask('apply', undo, { resourceVersion, takeOver: true });
    expect((await cluster.get(ref)).spec).toEqual(before.spec);
  });

  it('defines a version before a rule names it, and refuses to write without both having been seen', async () => {
    const [, , ready] = weightedService(namespace, 'auth');
    const { status, spec, metadata } = ready;
    const labels = { ...metadata.labels, version: 'next' };
    const beta = { ...metadata, name: 'auth-next', labels };
    await cluster.apply({ ...ready, metadata: beta, spec, status });
    const path = `${placement()}/routes`;
    const named = await eventually(async () => {
      const { body } = await portal.portal.get('auth', path);
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
      Promise.all(refs.map(async ref => (await cluster.get(ref)).spec));
    const before = await specs();
    const { body: seen } = await ask('preview', what);
    const { first, resourceVersion, sentence } = seen;
    const changed: ChangedObject[] = [...first, seen];
    expect(changed.map(({ object }) => object.kind)).toEqual(
      refs.map(({ kind }) => kind),
    );
    expect(sentence).toMatch(/Before that, DestinationRule .* the subset next/);
    const blind = await ask('apply', what, { resourceVersion, takeOver: true });
    expect([blind.status, blind.body.error?.message]).toEqual([
      409,
      expect.stringContaining('By now this is about DestinationRule'),
    ]);
    const lock = { resourceVersion, first, takeOver: true };
    expect((await ask('apply', what, lock)).status).toBe(200);
    const [rule, route] = await specs();
    expect(rule.subsets).toContainEqual({
      name: 'next',
      labels: { version: 'next' },
    });
    expect(route.http[0].route[0].destination.subset).toBe('next');
    const [change] = await remembered();
    expect(change.first).toMatchObject([{ object: { kind: refs[0].kind } }]);
    const undo: ServiceIntent = { intent: 'undo', change: change.id };
    const { body: back } = await ask('preview', undo);
    await ask('apply', undo, {
      resourceVersion: back.resourceVersion,
      first: back.first,
      takeOver: true,
    });
    expect(await specs()).toEqual(before);
    await cluster.remove({ ...beta, apiVersion: 'v1', kind: 'Pod' } as never);
  });

  it('changes no rule of an object that is also for a service of somebody else', async () => {
    const path = `/placements/c:${namespace}:shared`;
    const rule = await eventually(async () => {
      const { body } = await portal.portal.get('shared', `${path}/routes`);
      return body.rules[0].named;
    });
    const answer = await portal.portal.postTo(
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

  it('makes of an object what somebody wrote, deletes it, and gives both back', async () => {
    const object = {
      apiVersion: VERSIONS.VirtualService,
      kind: 'VirtualService',
      namespace,
      name: 'auth',
    };
    const before = await cluster.get(object);
    const shown = await eventually(async () => {
      const { body } = await portal.portal.get('auth', `${placement()}/routes`);
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
      const { metadata } = await cluster.get(object);
      const what = { ...wanted, seen: metadata.resourceVersion ?? '' };
      const stale = await ask('preview', { ...what, seen: '1' });
      expect(stale.status).toBe(409);
      const { body: seen } = await untilPreviewed(
        what,
        what.yaml ? 'change' : 'delete',
      );
      expect(seen.dryRun).toEqual({ ok: true });
      const { resourceVersion } = seen;
      const made = await ask('apply', what, {
        resourceVersion,
        takeOver: true,
      });
      expect(made.status).toBe(200);
      expect(portal.events.at(-1)).toMatchObject({
        outcome: 'succeeded',
        meta: { outcome: 'written' },
      });
      expect(JSON.stringify(portal.events)).not.toContain('not for the log');
      const now = await cluster.get(object).catch(() => undefined);
      expect(now?.spec.http[0].timeout).toBe(becomes);
      const [{ id }] = await remembered();
      const undo: ServiceIntent = { intent: 'undo', change: id };
      const back = await ask('preview', undo);
      const undone = await ask('apply', undo, {
        resourceVersion: back.body.resourceVersion,
        takeOver: true,
      });
      expect([undone.status, undone.body.error?.message]).toEqual([
        200,
        undefined,
      ]);
      expect(written(await cluster.get(object)).spec).toEqual(before.spec);
    }
  });

  const textOf = (change: object, text = '') => ({
    intent: 'editObject',
    object: {
      apiVersion: VERSIONS.VirtualService,
      kind: 'VirtualService',
      namespace: 'PLACE',
      name: 'auth',
      ...change,
    },
    yaml: text,
  });
  const rule = (hosts: string, name = 'auth') =>
    `{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: ${name}, namespace: PLACE}, spec: {hosts: ${hosts}, exportTo: ['*'], http: [{route: [{destination: {host: auth}}]}]}}`;

  /** With the namespace of this test and the version of the object that is there. */
  const filledIn = async (what: object): Promise<ServiceIntent> => {
    const named = JSON.parse(
      JSON.stringify(what).replaceAll('PLACE', namespace),
    );
    const there = named.object
      ? await cluster.get(named.object).catch(() => undefined)
      : undefined;
    return there ? { ...named, seen: there.metadata.resourceVersion } : named;
  };

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
    await cluster.apply(twin);
    const { metadata } = await cluster.apply(
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
    const seen = await untilPreviewed(what, 'delete');
    const { resourceVersion } = seen.body;
    await ask('apply', what, { resourceVersion, takeOver: true });
    const [{ id }] = await remembered();
    const undo: ServiceIntent = { intent: 'undo', change: id };
    expect((await ask('preview', undo)).status).toBe(200);
    await cluster.patch(
      { apiVersion: 'v1', kind: 'Service', namespace, name: 'twin' },
      {
        metadata: {
          annotations: { 'meshdeck.io/entity': 'component:default/other' },
        },
      },
    );
    const refused = await ask('preview', undo);
    expect([refused.status, refused.body.error.message]).toEqual([
      403,
      expect.stringContaining(`${namespace}/twin, too, which does not name`),
    ]);
  });

  it('makes nobody’s rule one for a service of somebody else', async () => {
    const foreignRoute = rule('[auth]').replace('host: auth', 'host: stranger');
    for (const [text, status, says] of [
      [rule('[auth, stranger]'), 400, 'spec.hosts of VirtualService'],
      [foreignRoute, 403, `${namespace}/stranger, too, which does not name`],
      [
        rule('[auth]').replace(
          'namespace: PLACE',
          'namespace: PLACE, resourceVersion: "1"',
        ),
        400,
        'metadata.resourceVersion: 1',
      ],
      [
        rule('[auth]').replace(
          'namespace: PLACE',
          'namespace: PLACE, annotations: {ends.meshdeck.io/x: y}',
        ),
        400,
        'the portal’s own',
      ],
    ] as const) {
      const answer = await ask('preview', await filledIn(textOf({}, text)));
      expect([answer.status, answer.body.error?.message]).toEqual([
        status,
        expect.stringContaining(says),
      ]);
    }
  });

  it('does not take back what somebody changed since, and shows what is there now', async () => {
    const breaker = INTENT_CASES[4];
    const seen = await untilPreviewed(breaker.what, 'change');
    const { resourceVersion } = seen.body;
    await ask('apply', breaker.what, { resourceVersion, takeOver: true });
    const [made] = await remembered();
    await cluster.patch(refOf(breaker), {
      spec: {
        trafficPolicy: { connectionPool: { tcp: { maxConnections: 7 } } },
      },
    });
    const undo: ServiceIntent = { intent: 'undo', change: made.id };
    const refused = await ask('preview', undo);
    expect(refused.status).toBe(409);
    expect(refused.body.error.message).toContain('was changed since');
    // Beside what was changed, anybody may change what they like.
    await cluster.patch(refOf(breaker), {
      metadata: { labels: { team: 'a' } },
      spec: {
        trafficPolicy: { connectionPool: { tcp: { maxConnections: 10 } } },
      },
    });
    expect((await ask('preview', undo)).status).toBe(200);
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
      textOf({}, `${rule('[auth]')}\n---\n${rule('[auth]')}`),
      400,
      /2 documents/,
    ],
    [
      'another object than is named',
      textOf({}, rule('[auth]', 'other')),
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
      const events = portal.events.length;
      const known = (await remembered()).length;
      const named = await filledIn(what);
      const answer = await ask('apply', named, {
        resourceVersion: '',
        takeOver: true,
      });
      expect([answer.status, answer.body.error?.message]).toEqual([
        status,
        expect.stringMatching(says),
      ]);
      expect(portal.events.length).toBe(events + 1);
      expect(portal.events.at(-1)).toMatchObject({ outcome: 'failed' });
      expect(await remembered()).toHaveLength(known);
    },
  );
});

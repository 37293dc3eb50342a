import type { KubeObject, KubeObjectRef } from '@meshdeck/istio-config';
import type { ServiceIntent } from '@meshdeck/plugin-mesh-common';
import { eventually } from '../__testUtils__/eventually';
import { component } from '../__testUtils__/startPortal';
import { TEST_CLUSTERS, TestCluster } from '../__testUtils__/testClusters';
import { ChangingPortal } from './__testUtils__/ChangingPortal';
import { weightedService, written } from './__testUtils__/weightedService';

jest.setTimeout(120_000);

const VERSIONS: Record<string, string> = {
  VirtualService: 'networking.istio.io/v1',
  DestinationRule: 'networking.istio.io/v1',
  PeerAuthentication: 'security.istio.io/v1',
  AuthorizationPolicy: 'security.istio.io/v1',
  Telemetry: 'telemetry.istio.io/v1',
  Deployment: 'apps/v1',
};

interface Case {
  what: Exclude<ServiceIntent, { intent: 'undo' }>;
  /** The object that it is about; by default of the service's name. */
  kind: keyof typeof VERSIONS;
  name?: string;
  action: 'create' | 'change';
  /** On the rule that the page shows first. */
  onRule?: true;
  becomes: (spec: any) => unknown;
  value: unknown;
}

const CASES: Case[] = [
  {
    what: { intent: 'timeout', timeoutMs: 2500 },
    onRule: true,
    kind: 'VirtualService',
    action: 'change',
    becomes: spec => spec.http[0].timeout,
    value: '2.5s',
  },
  {
    what: { intent: 'retries', attempts: 0 },
    onRule: true,
    kind: 'VirtualService',
    action: 'change',
    becomes: spec => spec.http[0].retries,
    value: { attempts: 0 },
  },
  {
    what: { intent: 'mirror', to: { subset: 'canary', percent: 5 } },
    onRule: true,
    kind: 'VirtualService',
    action: 'change',
    becomes: spec => spec.http[0].mirrors[0].percentage.value,
    value: 5,
  },
  {
    what: {
      intent: 'conditionalRoute',
      on: { header: 'X-Beta', value: 'yes' },
      subset: 'canary',
    },
    onRule: true,
    kind: 'VirtualService',
    action: 'change',
    becomes: spec => [
      spec.http.length,
      spec.http[0].match[0].headers['x-beta'],
    ],
    value: [3, { exact: 'yes' }],
  },
  {
    what: { intent: 'breaker', maxConnections: 10, consecutiveErrors: 3 },
    kind: 'DestinationRule',
    action: 'change',
    becomes: spec => spec.trafficPolicy,
    value: {
      connectionPool: { tcp: { maxConnections: 10 } },
      outlierDetection: { consecutive5xxErrors: 3 },
    },
  },
  {
    what: { intent: 'balancing', by: { simple: 'RANDOM' } },
    kind: 'DestinationRule',
    action: 'change',
    becomes: spec => spec.trafficPolicy.loadBalancer,
    value: { simple: 'RANDOM' },
  },
  {
    what: { intent: 'mtls', scope: 'workload', mode: 'STRICT' },
    kind: 'PeerAuthentication',
    action: 'create',
    becomes: spec => spec.mtls.mode,
    value: 'STRICT',
  },
  {
    what: {
      intent: 'denyByDefault',
      callers: ['cluster.local/ns/shop/sa/cart'],
    },
    kind: 'AuthorizationPolicy',
    name: 'auth-callers',
    action: 'create',
    becomes: spec => spec.rules,
    value: [
      { from: [{ source: { principals: ['cluster.local/ns/shop/sa/cart'] } }] },
    ],
  },
  {
    what: { intent: 'sampling', percent: 12.5 },
    kind: 'Telemetry',
    action: 'create',
    becomes: spec => spec.tracing,
    value: [{ randomSamplingPercentage: 12.5 }],
  },
  {
    what: { intent: 'proxyResources', workload: 'auth-app', cpu: '50m' },
    kind: 'Deployment',
    name: 'auth-app',
    action: 'change',
    becomes: spec => spec.template.metadata.annotations,
    value: { 'sidecar.istio.io/proxyCPU': '50m' },
  },
  {
    what: { intent: 'enrolment', workload: 'auth-app', mode: 'ambient' },
    kind: 'Deployment',
    name: 'auth-app',
    action: 'change',
    becomes: spec => spec.template.metadata.labels['istio.io/dataplane-mode'],
    value: 'ambient',
  },
  {
    what: { intent: 'restart', workload: 'auth-app' },
    kind: 'Deployment',
    name: 'auth-app',
    action: 'change',
    becomes: spec => Object.keys(spec.template.metadata.annotations),
    value: ['kubectl.kubernetes.io/restartedAt'],
  },
];

describe.each(TEST_CLUSTERS)('what is wanted, on %s', (_cluster, start) => {
  let cluster: TestCluster;
  let portal: ChangingPortal;
  let namespace: string;

  const placement = () => `/placements/c:${namespace}:auth`;
  const refOf = ({ kind, name = 'auth' }: Case): KubeObjectRef => ({
    apiVersion: VERSIONS[kind],
    kind,
    namespace,
    name,
  });
  const current = (each: Case): Promise<KubeObject | undefined> =>
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
  const wantOf = async ({ what, onRule }: Case): Promise<ServiceIntent> => {
    if (!onRule) return what;
    return eventually(async () => {
      const { body } = await portal.portal.get('auth', `${placement()}/routes`);
      return { ...what, rule: body.rules[0].named } as ServiceIntent;
    });
  };
  /** The store shows what a change left before the next one asks it where to look. */
  const untilPreviewed = (what: ServiceIntent, action: Case['action']) =>
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
        component('auth', { 'meshdeck.io/services': `${namespace}/auth` }),
      ],
    });
  });

  afterAll(async () => {
    await portal?.stop();
    await cluster.stop();
  });

  it.each(CASES.map((each): [string, Case] => [each.what.intent, each]))(
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

  it('does not take back what somebody changed since, and shows what is there now', async () => {
    const breaker = CASES[4];
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
      const answer = await ask('apply', what as ServiceIntent, {
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

import type { KubeObject } from '@meshdeck/istio-config';
import { eventually } from '../__testUtils__/eventually';
import { TEST_CLUSTERS, TestCluster } from '../__testUtils__/testClusters';
import type { ChangingPortal } from './__testUtils__/ChangingPortal';
import { portalOver } from './__testUtils__/portalOver';
import {
  to,
  virtualService,
  weightedService,
  written,
} from './__testUtils__/weightedService';

if (!process.env.MESH_TEST_KUBE_URL) {
  it.todo('changes on a real API server (needs MESH_TEST_KUBE_URL)');
}

const NAMES = ['onboarded', 'renumbered', 'busy', 'ruled', 'guest'];

describe.each(TEST_CLUSTERS)('moving weights on %s', (_name, start) => {
  let cluster: TestCluster;
  let portal: ChangingPortal;
  let namespace: string;
  let other: string;

  const at = (name: string) => ({ namespace, name });
  const ruleRef = (name: string, place = namespace) => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    namespace: place,
    name,
  });
  const objectOf = (name: string) => cluster.get(ruleRef(name));
  const namespaceRef = (name: string) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    name,
  });

  beforeAll(async () => {
    cluster = await TestCluster.open(start);
    namespace = `changes-${cluster.id}`;
    other = `others-${cluster.id}`;
    for (const name of [namespace, other, 'istio-system']) {
      await cluster.makeNamespace(name);
    }
    const gateway = `${namespace}/gateway`;
    const services = [
      ...weightedService(namespace, 'onboarded'),
      ...weightedService(namespace, 'busy'),
      ...weightedService(namespace, 'ruled').slice(0, -1),
      ...weightedService(namespace, 'guest').slice(0, -1),
      ...weightedService(namespace, 'renumbered', {
        http: [
          {
            match: [{ gateways: [gateway] }],
            route: [to('renumbered', 'stable', 100)],
          },
          {
            match: [{ gateways: ['mesh'], uri: { prefix: '/a' } }],
            route: [
              to('renumbered', 'stable', 60),
              to('renumbered', 'canary', 40),
            ],
          },
          {
            match: [{ uri: { prefix: '/b' } }],
            delegate: { name: 'part', namespace },
          },
          {
            route: [
              to('renumbered', 'stable', 50),
              to('renumbered', 'canary', 50),
            ],
          },
        ],
      }).map(object =>
        object.kind === 'VirtualService'
          ? {
              ...object,
              spec: { ...object.spec, gateways: ['mesh', gateway] },
            }
          : object,
      ),
      virtualService(at('part'), {
        http: [
          {
            match: [{ uri: { exact: '/b/old' } }],
            redirect: { uri: '/b/new' },
          },
          { route: [to('renumbered', 'stable')] },
        ],
      }),
      ...['ruled', 'guest'].map(name =>
        virtualService(
          {
            namespace: name === 'ruled' ? 'istio-system' : other,
            name: `${name}-${cluster.id}`,
          },
          {
            hosts: [`${name}.${namespace}.svc.cluster.local`],
            http: [
              {
                route: ['stable', 'canary'].map(subset =>
                  to(`${name}.${namespace}.svc.cluster.local`, subset, 50),
                ),
              },
            ],
          },
        ),
      ),
    ];
    for (const object of services) {
      await cluster.apply(object, 'meshdeck');
    }
    portal = await portalOver(cluster, namespace, NAMES);
  });

  afterAll(async () => {
    await portal?.stop();
    await cluster.remove(ruleRef(`ruled-${cluster.id}`, 'istio-system'));
    await cluster.stop();
  });

  /** Both steps, as a person takes them. */
  const move = async (
    name: string,
    weights: Record<string, number>,
    pick = 0,
  ) => {
    const { rule } = (await portal.rules(at(name)))[pick];
    const seen = await portal.preview(at(name), { rule, weights });
    expect(seen.body).toMatchObject({ dryRun: { ok: true }, findingsNew: [] });
    const { resourceVersion } = seen.body;
    const request = { rule, weights, resourceVersion };
    return { seen, request, applied: await portal.apply(at(name), request) };
  };

  it('keeps all that an earlier apply of its own set, hosts above all', async () => {
    const before = await objectOf('onboarded');
    const moves = [
      { stable: 75, canary: 25 },
      { stable: 0, canary: 100 },
    ];
    for (const weights of moves) {
      const { seen, applied } = await move('onboarded', weights);
      expect(seen.body.takesOverFrom).toEqual([]);
      expect([applied.status, applied.body.remark]).toEqual([200, undefined]);
      const expected = structuredClone(written(before)) as KubeObject;
      const [login] = expected.spec.http;
      login.route[0].weight = weights.stable;
      login.route[1].weight = weights.canary;
      const after = await objectOf('onboarded');
      expect(written(after)).toEqual(expected);
      expect(after.spec.hosts).toEqual(['onboarded']);
      await portal.untilShown(at('onboarded'), [
        weights,
        { stable: 100, canary: 0 },
      ]);
    }
  });

  it('hits the rule that was chosen, wherever filters and delegation put it in the list', async () => {
    const shown = await portal.rules(at('renumbered'));
    expect(
      shown.map(({ rule, number }) => [rule.object.name, rule.path, number]),
    ).toEqual([
      ['renumbered', 'spec.http[1]', 1],
      ['part', 'spec.http[1]', 3],
      ['renumbered', 'spec.http[3]', 4],
    ]);
    const splits = shown.map(one => one.weights);
    for (const [pick, { rule }] of shown.entries()) {
      const before = [await objectOf('renumbered'), await objectOf('part')];
      const weights = { stable: 11 + pick, canary: 89 - pick };
      const { applied } = await move('renumbered', weights, pick);
      expect(applied.status).toBe(200);
      const after = [await objectOf('renumbered'), await objectOf('part')];
      const position = Number(/\d+/.exec(rule.path));
      for (const [index, object] of before.entries()) {
        const expected = structuredClone(written(object)) as KubeObject;
        if (object.metadata.name === rule.object.name) {
          expected.spec.http[position].route = [
            to('renumbered', 'stable', weights.stable),
            to('renumbered', 'canary', weights.canary),
          ];
        }
        expect(written(after[index])).toEqual(expected);
      }
      splits[pick] = weights;
      await portal.untilShown(at('renumbered'), splits);
    }
  });

  it('follows no click on a rule that is another one by now', async () => {
    const [{ rule }] = await portal.rules(at('busy'));
    const weights = { stable: 1, canary: 99 };
    const above = {
      match: [{ uri: { prefix: '/above' } }],
      route: [to('busy', 'stable', 50), to('busy', 'canary', 50)],
    };
    const inserted = await cluster.patch(ruleRef('busy'), [
      { op: 'add', path: '/spec/http/0', value: above },
    ]);
    const stale = await portal.preview(at('busy'), { rule, weights });
    expect([stale.status, stale.body.error?.message]).toEqual([
      409,
      expect.stringContaining('not the rule that you saw'),
    ]);

    const [, fresh] = await eventually(async () => {
      const found = await portal.rules(at('busy'));
      expect(found[0].requests).toEqual(['/above*']);
      return found;
    });
    const seen = await portal.preview(at('busy'), {
      rule: fresh.rule,
      weights,
    });
    const removed = await cluster.patch(ruleRef('busy'), [
      { op: 'remove', path: '/spec/http/0' },
    ]);
    const late = await portal.apply(at('busy'), {
      rule: fresh.rule,
      weights,
      resourceVersion: seen.body.resourceVersion,
    });
    expect([late.status, late.body.conflict]).toMatchObject([
      409,
      { seen: inserted.metadata.resourceVersion },
    ]);
    expect(await objectOf('busy')).toEqual(removed);
    expect(portal.events.at(-1)).toMatchObject({
      outcome: 'failed',
      meta: { outcome: 'conflict' },
    });
  });

  it('does a thing that is asked for twice once', async () => {
    const { rule } = (await portal.rules(at('busy')))[0];
    const weights = { stable: 42, canary: 58 };
    const { body } = await eventually(async () => {
      const answer = await portal.preview(at('busy'), { rule, weights });
      expect(answer.status).toBe(200);
      return answer;
    });
    const { generation = 0 } = (await objectOf('busy')).metadata;
    const { resourceVersion } = body;
    const answers = await Promise.all(
      [1, 2].map(() =>
        portal.apply(at('busy'), { rule, weights, resourceVersion }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const after = await objectOf('busy');
    expect(after.metadata.generation).toBe(generation + 1);
    expect(after.spec.http[0].route[1].weight).toBe(58);
    const again = {
      rule,
      weights,
      resourceVersion: after.metadata.resourceVersion!,
    };
    expect((await portal.apply(at('busy'), again)).body.sentence).toBe(
      'Nothing changes.',
    );
    expect(portal.events.at(-1)?.meta?.outcome).toBe('nothing to write');
    expect(await objectOf('busy')).toEqual(after);
  });

  it('touches nothing in a namespace of the platform', async () => {
    const [{ rule }] = await portal.rules(at('ruled'));
    expect(rule.object.namespace).toBe('istio-system');
    const before = await cluster.get(rule.object);
    const { body } = await portal.portal.get(
      'ruled',
      `/placements/c:${namespace}:ruled/canary`,
    );
    expect(body.cannotChange).toContain(
      'istio-system is a namespace of the platform',
    );
    const weights = { stable: 0, canary: 100 };
    for (const answer of [
      await portal.preview(at('ruled'), { rule, weights }),
      await portal.apply(at('ruled'), {
        rule,
        weights,
        resourceVersion: before.metadata.resourceVersion!,
      }),
    ]) {
      expect([answer.status, answer.body.error?.message]).toEqual([
        403,
        expect.stringContaining('Ask the platform team'),
      ]);
    }
    expect(await cluster.get(rule.object)).toEqual(before);
  });

  it('touches another’s namespace only where that names the entity, too', async () => {
    const [{ rule }] = await portal.rules(at('guest'));
    const weights = { stable: 10, canary: 90 };
    const refused = await portal.preview(at('guest'), { rule, weights });
    expect([refused.status, refused.body.error?.message]).toEqual([
      403,
      expect.stringContaining(`the namespace ${other}, which does not name`),
    ]);
    await cluster.patch(namespaceRef(other), {
      metadata: { annotations: { 'meshdeck.io/entity': 'component:guest' } },
    });
    const { applied } = await move('guest', weights);
    expect(applied.status).toBe(200);
    const after = await cluster.get(rule.object);
    expect(after.spec.http[0].route[1].weight).toBe(90);
  });

  it('leaves an event of every change: object, intent, outcome', async () => {
    const place = `/placements/c:${namespace}:onboarded/canary`;
    portal.events.splice(0);
    await move('onboarded', { stable: 33, canary: 67 });
    const common = {
      entityRef: 'component:default/onboarded',
      placement: `c:${namespace}:onboarded`,
      object: `VirtualService ${namespace}/onboarded`,
      intent: { rule: 'spec.http[0]', weights: { stable: 33, canary: 67 } },
    };
    expect(portal.events).toMatchObject([
      {
        eventId: 'weights-preview',
        outcome: 'succeeded',
        meta: { ...common, outcome: 'previewed' },
      },
      {
        eventId: 'weights-apply',
        outcome: 'succeeded',
        meta: {
          ...common,
          outcome: 'written',
          takeOver: true,
          sentence: '33 % of requests move from canary to stable.',
        },
      },
    ]);
    portal.events.splice(0);
    for (const body of [
      { weights: {} },
      [],
      { rule: 1, weights: { a: 'x' } },
    ]) {
      const { status } = await portal.portal.postTo(
        'onboarded',
        `${place}/preview`,
        body,
      );
      expect(status).toBe(400);
    }
    expect(portal.events).toMatchObject([
      { eventId: 'weights-preview', outcome: 'failed' },
      { eventId: 'weights-preview', outcome: 'failed' },
      { eventId: 'weights-preview', outcome: 'failed' },
    ]);
  });
});

import type { DemoMesh } from '@meshdeck/demo-mesh';
import { AUTH, authService } from '../__testUtils__/authService';
import { eventually } from '../__testUtils__/eventually';
import { madeUpRule, movableRules } from '../__testUtils__/ruleNames';
import {
  component,
  startDemoMesh,
  startPortal,
} from '../__testUtils__/startPortal';

const ENTITIES = [
  authService,
  component('thief', { 'meshdeck.io/services': 'orion/auth-service' }),
];

let mesh: DemoMesh;

beforeAll(async () => {
  mesh = await startDemoMesh();
});

afterAll(() => mesh.stop());

describe('moving a weight', () => {
  let portal: Awaited<ReturnType<typeof startPortal>>;

  beforeAll(async () => {
    portal = await startPortal({ mesh, entities: ENTITIES });
  });

  afterAll(() => portal.server.stop());

  const weights = { stable: 75, canary: 25 };
  const preview = (body: object) =>
    portal.postTo('auth-service', `${AUTH}/canary/preview`, body);
  const apply = (body: object) =>
    portal.postTo('auth-service', `${AUTH}/canary/apply`, body);

  it('previews, applies under the lock, and the traffic follows', async () => {
    const [{ rule }] = await movableRules(portal, 'auth-service', AUTH);
    const intent = { rule, weights };
    const { body: seen } = await preview(intent);
    expect(seen).toMatchObject({
      sentence: '15 % of requests move from stable to canary.',
      dryRun: { ok: true },
      findingsNew: [],
    });
    expect(seen.before).toContain('weight: 90');
    expect(seen.after).toContain('weight: 75');
    const untaken = await apply({ ...intent, ...pick(seen) });
    expect([untaken.status, untaken.body.error.message]).toEqual([
      400,
      expect.stringContaining('owns what would be changed'),
    ]);
    const applied = await apply({ ...intent, ...pick(seen), takeOver: true });
    expect(applied.status).toBe(200);
    expect(applied.body.object.yaml).toContain('weight: 25');
    await eventually(async () => {
      const { body } = await portal.get('auth-service', `${AUTH}/canary`);
      expect(body.rules[0].weights).toEqual(weights);
    });

    const again = await apply({
      rule,
      weights: { stable: 100, canary: 0 },
      resourceVersion: seen.resourceVersion,
      takeOver: true,
    });
    expect(again.status).toBe(409);
    expect(again.body.conflict).toMatchObject({
      seen: seen.resourceVersion,
      message: expect.stringContaining('Nothing was written'),
      current: { yaml: expect.stringContaining('weight: 25') },
    });
    const { body: after } = await portal.get('auth-service', `${AUTH}/canary`);
    expect(after.rules[0].weights).toEqual(weights);
  });

  it.each([
    [{ weights: { stable: 50, canary: 49 } }, 400, 'add up to 99'],
    [{ weights: { stable: 100.5 } }, 400, 'weights.stable'],
    [{ weights: { beta: 100 } }, 400, 'no subset "beta"'],
    [{ rule: undefined }, 400, 'rule: '],
    [{ rule: 0 }, 400, 'rule: '],
    [{ path: 'spec.http[7]' }, 409, 'not the rule that you saw'],
    [{ path: 'spec.http[1]' }, 409, 'not the rule that you saw'],
    [{ path: 'metadata.labels' }, 409, 'not the rule that you saw'],
    [{ path: 'spec.http[-1].__proto__' }, 409, 'not the rule that you saw'],
    [{ digest: 'other' }, 409, 'not the rule that you saw'],
    [{ name: 'user-service' }, 409, 'has no rule for this service'],
    [{ kind: 'Secret' }, 409, 'has no rule for this service'],
    [{ namespace: 'kube-system' }, 409, 'has no rule for this service'],
  ])('refuses %j', async (change, expected, message) => {
    const [{ rule }] = await movableRules(portal, 'auth-service', AUTH);
    const { path, digest, ...object } = change as any;
    const sent = portal.access.sent.length;
    const { status, body: answer } = await preview({
      weights,
      ...change,
      rule:
        'rule' in change
          ? change.rule
          : {
              path: path ?? rule.path,
              digest: digest ?? rule.digest,
              object: { ...rule.object, ...object },
            },
    });
    expect([status, answer.error.message]).toEqual([
      expected,
      expect.stringContaining(message),
    ]);
    // What somebody names is not read for it.
    expect(portal.access.sent.slice(sent)).not.toContainEqual(
      expect.stringMatching(/secrets|kube-system|user-service/),
    );
  });

  it('neither shows nor changes what the cluster says is of another entity, whatever a catalog file says', async () => {
    const [{ rule }] = await movableRules(portal, 'auth-service', AUTH);
    const change = await portal.postTo('thief', `${AUTH}/canary/preview`, {
      rule,
      weights,
    });
    const view = await portal.get('thief', `${AUTH}/canary`);
    for (const { status, body } of [change, view]) {
      expect([status, body.error.message]).toEqual([
        404,
        expect.stringContaining('belongs to another entity'),
      ]);
    }
  });

  it('shows what names no entity to who claims it, and refuses to change it', async () => {
    const name = (entity: string | null) =>
      portal.access.request('demo', {
        method: 'PATCH',
        path: '/api/v1/namespaces/orion/services/auth-service',
        headers: { 'Content-Type': 'application/merge-patch+json' },
        body: JSON.stringify({
          metadata: { annotations: { 'meshdeck.io/entity': entity } },
        }),
      });
    await name(null);
    await eventually(async () => {
      const view = await portal.get('thief', `${AUTH}/canary`);
      expect(view.body.cannotChange).toContain('meshdeck.io/entity');
    });
    const { status, body } = await portal.postTo(
      'thief',
      `${AUTH}/canary/preview`,
      { rule: madeUpRule(), weights },
    );
    expect([status, body.error.message]).toEqual([
      403,
      expect.stringContaining('does not name component:default/thief'),
    ]);
    await name('component:default/auth-service');
  });
});

function pick({ resourceVersion }: { resourceVersion: string }) {
  return { resourceVersion };
}

import type { DemoMesh } from '@meshdeck/demo-mesh';
import { AUTH, authService } from '../__testUtils__/authService';
import { eventually } from '../__testUtils__/eventually';
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

  const intent = { ruleIndex: 0, weights: { stable: 75, canary: 25 } };
  const preview = (body: object = intent) =>
    portal.postTo('auth-service', `${AUTH}/canary/preview`, body);
  const apply = (body: object) =>
    portal.postTo('auth-service', `${AUTH}/canary/apply`, body);

  it('previews, applies under the lock, and the traffic follows', async () => {
    const { body: seen } = await preview();
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
      expect(body.rules[0].weights).toEqual(intent.weights);
    });

    const again = await apply({
      ruleIndex: 0,
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
    expect(after.rules[0].weights).toEqual(intent.weights);
  });

  it.each([
    [{ ruleIndex: 0, weights: { stable: 50, canary: 49 } }, 'add up to 99'],
    [{ ruleIndex: 0, weights: { stable: 100.5 } }, 'weights.stable'],
    [{ ruleIndex: 7, weights: { stable: 100 } }, 'does not split'],
    [{ ruleIndex: 0, weights: { beta: 100 } }, 'no subset "beta"'],
    [{}, 'ruleIndex'],
  ])('refuses %j', async (body, message) => {
    const { status, body: answer } = await preview(body);
    expect(status).toBe(400);
    expect(answer.error.message).toContain(message);
  });

  it('neither shows nor changes what the cluster says is of another entity, whatever a catalog file says', async () => {
    const change = await portal.postTo(
      'thief',
      `${AUTH}/canary/preview`,
      intent,
    );
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
      intent,
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

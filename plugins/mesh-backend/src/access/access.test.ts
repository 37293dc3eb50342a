import type { DemoMesh } from '@meshdeck/demo-mesh';
import { AUTH, VIEWS, authService } from '../__testUtils__/authService';
import { madeUpRule } from '../__testUtils__/ruleNames';
import { startDemoMesh, startPortal } from '../__testUtils__/startPortal';

const ENTITIES = [authService];

let mesh: DemoMesh;

beforeAll(async () => {
  mesh = await startDemoMesh();
});

afterAll(() => mesh.stop());

describe('permissions', () => {
  it('asks for reading before anything else, and for moving on top', async () => {
    const blind = await startPortal({
      mesh,
      entities: ENTITIES,
      denied: ['mesh.service.read'],
    });
    for (const path of [
      '/placements',
      ...VIEWS.map(view => `${AUTH}/${view}`),
    ]) {
      const { status, body } = await blind.get('auth-service', path);
      expect([status, body.error.message]).toEqual([
        403,
        expect.stringContaining('mesh.service.read'),
      ]);
    }
    expect((await blind.get('nobody', '/placements')).status).toBe(403);
    blind.server.stop();

    const reader = await startPortal({
      mesh,
      entities: ENTITIES,
      denied: ['mesh.canary.run', 'mesh.service.onboard'],
    });
    const { body } = await reader.get('auth-service', `${AUTH}/canary`);
    expect(body.cannotChange).toContain('mesh.canary.run');
    for (const path of ['preview', 'apply']) {
      const { status } = await reader.postTo(
        'auth-service',
        `${AUTH}/canary/${path}`,
        {
          rule: madeUpRule(),
          weights: { stable: 100 },
          resourceVersion: '1',
        },
      );
      expect(status).toBe(403);
    }
    expect((await reader.post('/onboardings', {})).status).toBe(403);
    reader.server.stop();
  });
});

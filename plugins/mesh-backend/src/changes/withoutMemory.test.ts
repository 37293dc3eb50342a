import { mockServices } from '@backstage/backend-test-utils';
import type { DemoMesh } from '@meshdeck/demo-mesh';
import {
  component,
  startDemoMesh,
  startPortal,
} from '../__testUtils__/startPortal';

jest.setTimeout(60_000);

const PLACEMENT = '/placements/demo:orion:auth-service';
const WHAT = { intent: 'breaker', maxConnections: 10 };
const AWAY = 'The portal’s database does not answer';

describe('a portal whose database is away', () => {
  let mesh: DemoMesh;
  let portal: Awaited<ReturnType<typeof startPortal>>;

  beforeAll(async () => {
    mesh = await startDemoMesh();
    portal = await startPortal({
      mesh,
      entities: [
        component('auth-service', {
          'backstage.io/kubernetes-id': 'auth-service',
        }),
      ],
      features: [
        mockServices.database.mock({
          getClient: async () => {
            throw new Error('connect ECONNREFUSED');
          },
        }).factory,
      ],
    });
  });

  afterAll(async () => {
    await portal.server.stop();
    await mesh.stop();
  });

  it('shows and previews everything, changes nothing, and says why', async () => {
    for (const view of ['routes', 'security', 'canary']) {
      const shown = await portal.get('auth-service', `${PLACEMENT}/${view}`);
      expect([view, shown.status]).toEqual([view, 200]);
    }
    const seen = await portal.postTo(
      'auth-service',
      `${PLACEMENT}/changes/preview`,
      { what: WHAT },
    );
    expect(seen.body.dryRun).toEqual({ ok: true });
    const { before, resourceVersion } = seen.body;
    const applied = await portal.postTo(
      'auth-service',
      `${PLACEMENT}/changes/apply`,
      { what: WHAT, resourceVersion, takeOver: true },
    );
    expect([applied.status, applied.body.error.message]).toEqual([
      503,
      expect.stringContaining(AWAY),
    ]);
    const again = await portal.postTo(
      'auth-service',
      `${PLACEMENT}/changes/preview`,
      { what: WHAT },
    );
    expect(again.body).toMatchObject({ before, resourceVersion });
    const changes = await portal.get('auth-service', `${PLACEMENT}/changes`);
    expect([changes.status, changes.body.error.message]).toEqual([
      503,
      expect.stringContaining(AWAY),
    ]);
  });
});

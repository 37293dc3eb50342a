import { mockCredentials } from '@backstage/backend-test-utils';
import type { PermissionsService } from '@backstage/backend-plugin-api';
import { catalogEntityReadPermission } from '@backstage/plugin-catalog-common/alpha';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { DemoMesh } from '@meshdeck/demo-mesh';
import {
  ENTITIES,
  fleetPage as page,
  idsOf,
  pageWithOwners,
  rowOf,
} from '../__testUtils__/fleetPage';
import { startDemoMesh, startPortal } from '../__testUtils__/startPortal';

describe('who may see the fleet', () => {
  let mesh: DemoMesh;

  beforeAll(async () => {
    mesh = await startDemoMesh();
  });

  afterAll(() => mesh.stop());

  const PATHS = [
    '/fleet/services',
    '/fleet/services.csv',
    '/fleet/changes',
    '/fleet/coverage',
    '/fleet/control-plane',
  ];

  it('needs mesh.fleet.read, and a name', async () => {
    const portal = await startPortal({
      mesh,
      entities: [],
      denied: ['mesh.fleet.read'],
    });
    for (const path of PATHS) {
      const { status, body } = await portal.getPath(path);
      expect([status, body.error?.message]).toEqual([
        403,
        expect.stringContaining('mesh.fleet.read'),
      ]);
      const anonymous = await portal.send(
        'get',
        path,
        mockCredentials.none.header(),
      );
      expect(anonymous.status).toBe(401);
    }
    portal.server.stop();
  });

  it('shows no entity to whom the catalog shows none', async () => {
    const portal = await startPortal({
      mesh,
      entities: ENTITIES,
      denied: [catalogEntityReadPermission.name],
    });
    // Somebody else's page would have them by then.
    await new Promise(resolve => {
      setTimeout(resolve, 1000);
    });
    const view = await page(portal, '?limit=1000');
    expect(view.total).toBeGreaterThan(10);
    expect(JSON.stringify(view)).not.toContain('team-identity');
    expect(JSON.stringify(view)).not.toContain('component:default');
    expect(
      await page(portal, '?owner=group:default/team-identity'),
    ).toMatchObject({ total: 0 });
    expect(await page(portal, '?text=team-identity')).toMatchObject({
      total: 0,
    });
    const { text } = await portal.getPath('/fleet/services.csv');
    expect(text).not.toContain('team-identity');
    portal.server.stop();
  });

  it('asks about each entity where the policy has conditions', async () => {
    const asked: string[] = [];
    const authorize: PermissionsService['authorize'] = async queries =>
      queries.map(query => {
        const { resourceRef = '' } = query as { resourceRef?: string };
        if (query.permission.name === catalogEntityReadPermission.name) {
          asked.push(resourceRef);
        }
        return {
          result: resourceRef.includes('deal-service')
            ? AuthorizeResult.DENY
            : AuthorizeResult.ALLOW,
        };
      });
    const portal = await startPortal({
      mesh,
      entities: ENTITIES,
      authorize,
    });
    const view = await pageWithOwners(portal);
    expect(rowOf(view, 'orion', 'auth-service').owner).toBeDefined();
    expect(rowOf(view, 'autolytiq', 'deal-service')).not.toHaveProperty(
      'owner',
    );
    expect(view.choices).not.toHaveProperty('owners');
    const owned = await page(portal, '?owner=group:default/team-identity');
    expect(idsOf(owned.rows).sort()).toEqual([
      'demo:orion-staging:auth-service',
      'demo:orion:auth-service',
    ]);
    const sorted = await page(portal, '?sort=owner&limit=2');
    expect(idsOf(sorted.rows)).toEqual([
      'demo:orion-staging:auth-service',
      'demo:orion:auth-service',
    ]);
    asked.splice(0);
    await page(portal, '?limit=3');
    expect(asked.length).toBeLessThanOrEqual(3);
    portal.server.stop();
  });
});

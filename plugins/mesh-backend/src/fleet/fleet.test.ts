import { DemoMesh } from '@meshdeck/demo-mesh';
import type {
  ControlPlanesView,
  FleetCoverageView,
} from '@meshdeck/plugin-mesh-common';
import { eventually } from '../__testUtils__/eventually';
import {
  ENTITIES,
  fleetPage as page,
  idsOf,
  pageWithOwners,
  rowOf,
} from '../__testUtils__/fleetPage';
import { startDemoMesh, startPortal } from '../__testUtils__/startPortal';

type Portal = Awaited<ReturnType<typeof startPortal>>;

const byService = (a: string, b: string) => {
  const [first, second] = [a, b].map(id => id.split(':')[2]);
  return first.localeCompare(second) || (a < b ? -1 : 1);
};

describe('the fleet of two platforms', () => {
  let mesh: DemoMesh;
  let portal: Portal;

  beforeAll(async () => {
    mesh = await startDemoMesh();
    portal = await startPortal({ mesh, entities: ENTITIES });
  });

  afterAll(async () => {
    portal.server.stop();
    await mesh.stop();
  });

  it('has every service with what the tabs say of it', async () => {
    const view = await pageWithOwners(portal);
    const auth = rowOf(view, 'orion', 'auth-service');
    expect(auth).toMatchObject({
      placement: { id: 'demo:orion:auth-service', cluster: 'demo' },
      entityRef: 'component:default/auth-service',
      owner: 'group:default/team-identity',
      dataPlane: 'sidecar',
      canary: { subset: 'canary', share: 0.1 },
      pods: 4,
      readyPods: 4,
      mtlsShare: 1,
      verdict: { level: 'warning' },
    });
    expect(auth.requestsPerSecond).toBeGreaterThan(10);
    expect(auth.proxyVersions).toEqual([expect.stringMatching(/^1\.\d+\./)]);
    expect(auth.findings.info).toBeGreaterThan(0);
    const overview = await portal.get(
      'auth-service',
      '/placements/demo:orion:auth-service/overview?window=5m',
    );
    expect(auth.requestsPerSecond).toBeCloseTo(
      overview.body.requestsPerSecond.value,
      0,
    );
    expect(auth.errorShare).toBeCloseTo(overview.body.errorShare.value, 2);
    expect(rowOf(view, 'istio-system', 'istiod')).toBeUndefined();
    expect(view.summary.services).toBe(view.total);
    expect(view.summary.needAttention).toBe(
      view.rows.filter(({ verdict }) =>
        ['warning', 'error'].includes(verdict.level),
      ).length,
    );
    expect(view.verdict.sentence).toMatch(
      /^\d+ services · \d+ needs? attention · mTLS \d+(\.\d)? % of requests/,
    );
    expect(view.sources.map(({ status }) => status)).toEqual(['ok', 'ok']);
    expect(view.choices.namespaces).toContain('orion');
  });

  it('filters, searches and sorts', async () => {
    const all = await pageWithOwners(portal);
    const attention = await page(portal, '?level=attention&limit=1000');
    expect(attention.total).toBe(all.summary.needAttention);
    const orion = await page(portal, '?namespace=orion');
    expect(new Set(orion.rows.map(row => row.placement.namespace))).toEqual(
      new Set(['orion']),
    );
    const found = await page(portal, '?text=AUTH%20orion-staging');
    expect(idsOf(found.rows)).toEqual(['demo:orion-staging:auth-service']);
    const owned = await page(
      portal,
      '?owner=group:default/team-identity&sort=service',
    );
    expect(idsOf(owned.rows)).toEqual(
      [
        'demo:orion-staging:auth-service',
        'demo:orion:auth-service',
        'demo:autolytiq:deal-service',
      ].sort(byService),
    );
    const busiest = await page(portal, '?sort=requests&descending=true');
    const rates = busiest.rows.map(row => row.requestsPerSecond ?? -1);
    expect(rates).toEqual([...rates].sort((a, b) => b - a));
    const none = await page(portal, '?text=nothing-like-it');
    expect([none.total, none.rows]).toEqual([0, []]);
  });

  it('walks all rows once, there and back', async () => {
    const { total } = await page(portal);
    const forth: string[] = [];
    const search = '?sort=service&limit=7';
    let view = await page(portal, search);
    for (;;) {
      expect(view.offset).toBe(forth.length);
      forth.push(...idsOf(view.rows));
      if (!view.next) {
        break;
      }
      view = await page(portal, `${search}&cursor=${view.next}`);
    }
    expect(new Set(forth).size).toBe(total);
    expect(forth).toHaveLength(total);
    const last = view.offset;
    view = await page(portal, `${search}&cursor=${view.previous}`);
    expect(view.offset).toBe(last - 7);
    expect(idsOf(view.rows)).toEqual(forth.slice(last - 7, last));
  });

  it('says what mTLS covers, those that miss the line first', async () => {
    const { body } = await portal.getPath('/fleet/coverage');
    const { namespaces } = body as FleetCoverageView;
    const shares = namespaces.map(({ mtlsShare }) => mtlsShare ?? 2);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(
      namespaces.find(({ namespace }) => namespace === 'orion'),
    ).toMatchObject({ cluster: 'demo', services: expect.any(Number) });
  });

  it('says how the control plane is', async () => {
    const { body } = await portal.getPath('/fleet/control-plane');
    const [plane] = (body as ControlPlanesView).clusters;
    expect(plane).toMatchObject({
      cluster: 'demo',
      istiod: [{ name: 'istiod', readyPods: expect.any(Number) }],
      pushErrorsPerSecond: 0,
    });
    expect(plane.certificates).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ of: 'Mesh root CA', from: 'metrics' }),
        expect.objectContaining({
          of: 'gateway orion/orion-gateway',
          from: 'secret',
          endsAt: expect.any(String),
        }),
      ]),
    );
    expect(JSON.stringify(plane)).not.toContain('PRIVATE KEY');
    expect(plane.istiod[0].version).toMatch(/^1\.\d+\.\d+$/);
    expect(plane.proxies.every(({ skew }) => skew === 'none')).toBe(true);
    expect(plane.connectedProxies).toBeGreaterThan(10);
    expect(plane.convergenceP99Ms).toBeGreaterThan(0);
    expect(plane.verdict.sentence).not.toBe('');
  });

  it('exports what fits the filters', async () => {
    await pageWithOwners(portal);
    const { headers, text } = await portal.getPath(
      '/fleet/services.csv?namespace=orion&limit=1',
    );
    expect(headers['content-type']).toContain('text/csv');
    expect(headers['content-disposition']).toContain('mesh-services.csv');
    const { total } = await page(portal, '?namespace=orion');
    const lines = text.trim().split('\r\n');
    expect(lines).toHaveLength(total + 1);
    expect(lines[0]).toMatch(
      /^cluster,namespace,service,entity,owner,health.*,owner agreed$/,
    );
    expect(text).toContain(
      'demo,orion,auth-service,component:default/auth-service,group:default/team-identity,warning,',
    );
  });

  it.each([
    '?limit=1001',
    '?limit=0',
    '?sort=nonsense',
    '?level=great',
    '?cursor=e30',
    '?cursor=%00',
    '?descending=maybe',
    `?text=${'x'.repeat(201)}`,
  ])('refuses %s', async search => {
    const { status } = await portal.getPath(`/fleet/services${search}`);
    expect(status).toBe(400);
  });

  it('refuses a cursor of another order', async () => {
    const { next } = await page(portal, '?sort=service&limit=1');
    const { status } = await portal.getPath(
      `/fleet/services?sort=owner&cursor=${next}`,
    );
    expect(status).toBe(400);
  });

  it('keeps the rows and names Prometheus where a login page answers for it', async () => {
    await mesh.setFault('prometheus', 'html');
    const broken = await startPortal({ mesh, entities: ENTITIES });
    try {
      const view = await page(broken, '?limit=1000');
      expect(view.total).toBeGreaterThan(10);
      expect(view.sources).toEqual([
        expect.objectContaining({ id: 'kubernetes', status: 'ok' }),
        expect.objectContaining({
          id: 'prometheus',
          cluster: 'demo',
          status: 'down',
          message: expect.stringContaining('mesh.prometheus.url'),
        }),
      ]);
      const auth = rowOf(view, 'orion', 'auth-service');
      expect(auth).not.toHaveProperty('requestsPerSecond');
      expect(auth.verdict).toEqual({
        level: 'unknown',
        sentence:
          'Nothing wrong in the configuration; how it runs is not known: Prometheus does not answer.',
      });
      expect(view.summary).not.toHaveProperty('mtlsShare');
      const planes = await broken.getPath('/fleet/control-plane');
      expect(planes.status).toBe(200);
      expect(planes.body.clusters[0]).not.toHaveProperty('connectedProxies');
    } finally {
      await mesh.setFault('prometheus', undefined);
      broken.server.stop();
    }
  });

  it('keeps the last rows while the cluster is away', async () => {
    const before = await page(portal);
    await mesh.kubernetes.stop();
    try {
      await eventually(async () => {
        const view = await page(portal);
        expect(view.sources[0]).toMatchObject({ status: 'stale' });
        expect(view.total).toBe(before.total);
      });
    } finally {
      await mesh.kubernetes.start();
    }
  });
});

import { MeshObjects } from '@meshdeck/istio-config';
import type { ClusterSnapshot } from '../cluster/ClusterStore';
import type { ClusterStores } from '../cluster/ClusterStores';
import { FleetTables } from './FleetTables';

const SERVICES = Array.from({ length: 300 }, (_, at) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: `service-${at}`, namespace: 'shop' },
  spec: { selector: { app: `service-${at}` }, ports: [{ port: 80 }] },
}));

function clusterOf(snapshot: ClusterSnapshot, version: string) {
  const now = { snapshot, version };
  const clusters = {
    get: async () => undefined,
    peek: () => now.snapshot,
    versionOf: () => now.version,
    onChange: () => {},
    has: () => true,
  };
  return { now, clusters: clusters as unknown as ClusterStores };
}

const snapshotOf = (ready: boolean): ClusterSnapshot => ({
  set: MeshObjects.create(SERVICES),
  source: { id: 'kubernetes', status: ready ? 'ok' : 'down' },
  ready,
  unread: [],
});

describe('FleetTables', () => {
  it('says nothing of services before all that is needed was read: without pods they seem to be outside the mesh', async () => {
    const { clusters } = clusterOf(snapshotOf(false), '1');
    const tables = FleetTables.create({ clusters, patienceMs: 1000 });
    const { table } = await tables.get('c');
    expect(table).toMatchObject({ facts: [], pending: SERVICES.length });
  });

  it('shows what was looked at since, not the table from before the cluster was read', async () => {
    const { now, clusters } = clusterOf(snapshotOf(false), '1');
    const tables = FleetTables.create({ clusters, patienceMs: 0 });
    await tables.get('c');
    Object.assign(now, { snapshot: snapshotOf(true), version: '2' });
    // Each look at the clock ends a slice, so the table grows by one service at a time.
    let time = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => {
      time += 10;
      return time;
    });
    const seen: number[] = [];
    while (seen.at(-1) !== SERVICES.length) {
      const { facts, pending } = (await tables.get('c')).table;
      expect(facts.length + pending).toBe(SERVICES.length);
      seen.push(facts.length);
      await new Promise(setImmediate);
    }
    clock.mockRestore();
    expect(new Set(seen).size).toBeGreaterThan(10);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });
});

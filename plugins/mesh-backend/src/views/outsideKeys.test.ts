import { setFromYaml } from '@meshdeck/istio-config';
import type { ClusterReader } from '../cluster/ClusterReader';
import type { HealthService } from '../health/HealthService';
import type { MetricsService } from '../metrics/MetricsService';
import { buildGraph } from '../topology/buildGraph';
import type { OwnerLookup } from '../ownership/OwnerLookup';
import { RoutesService } from '../routes/RoutesService';
import { SecurityService } from '../security/SecurityService';

const TRIES = 300;
const placement = {
  id: 'c:a:shop',
  cluster: 'c',
  namespace: 'a',
  service: 'shop',
};

function mesh() {
  const set = setFromYaml(`
apiVersion: v1
kind: Namespace
metadata: { name: a }
---
apiVersion: v1
kind: Namespace
metadata: { name: b }
---
apiVersion: v1
kind: Service
metadata: { name: shop, namespace: a }
spec: { selector: { app: shop }, ports: [{ port: 80 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: shop, namespace: a }
spec: { template: { metadata: { labels: { app: shop } }, spec: { containers: [] } } }
`);
  const clusters = {
    snapshot: async () => ({ set }),
  } as unknown as ClusterReader;
  return { set, clusters };
}

describe('what is typed by people, or told by proxies, makes nothing grow', () => {
  it('a request from a namespace that was made up', async () => {
    const { set, clusters } = mesh();
    const routes = RoutesService.create({
      metrics: {} as MetricsService,
      health: {} as HealthService,
    });
    const from = (fromNamespace?: string) =>
      routes.tryRequest(clusters, placement, {
        method: 'GET',
        path: '/',
        fromNamespace,
      });
    expect((await from()).sentence).toMatch(/^Rule 1/);
    expect((await from('b')).sentence).toMatch(/^Rule 1/);
    const before = set.derivedValues;
    for (let at = 0; at < TRIES; at++) {
      await expect(from(`made-up-${at}`)).rejects.toMatchObject({
        name: 'InputError',
        message: expect.stringContaining(`no namespace "made-up-${at}"`),
      });
    }
    expect(set.derivedValues).toBe(before);
  });

  it('a call from a workload in such a namespace', async () => {
    const { set, clusters } = mesh();
    const security = SecurityService.create({
      metrics: {} as MetricsService,
      owners: {} as OwnerLookup,
      health: {} as HealthService,
    });
    const from = (caller: string) =>
      security.tryCall(clusters, placement, {
        method: 'GET',
        path: '/',
        from: caller,
      });
    expect((await from('a/shop')).outcome).toBe('allowed');
    const before = set.derivedValues;
    for (let at = 0; at < TRIES; at++) {
      await expect(from(`made-up-${at}/x`)).rejects.toMatchObject({
        name: 'InputError',
      });
    }
    expect(set.derivedValues).toBe(before);
  });

  it('callers of namespaces that are in no cluster', () => {
    const { set } = mesh();
    const requests = Array.from({ length: 20_000 }, (_, at) => ({
      labels: {
        reporter: 'destination',
        source_workload: 'x',
        source_workload_namespace: `made-up-${at}`,
        destination_service_name: 'shop',
        destination_service_namespace: 'a',
      },
      points: [[0, 1]] as [number, number][],
    }));
    const { nodes } = buildGraph(set, [{ namespace: 'a', name: 'shop' }], {
      requests,
    });
    expect(nodes.length).toBeGreaterThan(10_000);
    expect(set.derivedValues).toBeLessThan(10_000);
  });
});

import { MeshObjects } from '@meshdeck/istio-config';
import type { SourceStatus } from '@meshdeck/plugin-mesh-common';
import type { ClusterSnapshot } from '../cluster/ClusterStore';
import type { ClusterStores } from '../cluster/ClusterStores';
import { RefreshPeriod } from '../sources/RefreshPeriod';
import { ViewCache } from './ViewCache';

const PERIOD_MS = 10_000;
const place = (service: string) => ({
  id: `c:n:${service}`,
  cluster: 'c',
  namespace: 'n',
  service,
});

describe('ViewCache', () => {
  let version = '1';
  let now = 0;
  let built: string[] = [];
  let status: SourceStatus['status'] = 'ok';
  let isBusy = false;
  let cache: ViewCache;

  const read = (service = 'a') =>
    cache
      .get(
        { name: 'overview', placement: place(service), question: '' },
        () => {
          built.push(service);
          const number = built.length;
          return Promise.resolve({
            number,
            sources: [{ id: 'kubernetes' as const, status }],
          });
        },
      )
      .then(({ value }) => value.number);

  beforeEach(() => {
    jest.useFakeTimers({ now: 1_000_000 });
    [version, now, built, status] = ['1', 1_000_000, [], 'ok'];
    isBusy = false;
    cache = ViewCache.create({
      clusters: { versionOf: () => version } as unknown as ClusterStores,
      period: RefreshPeriod.create({ periodMs: PERIOD_MS, now: () => now }),
      isBusy: () => isBusy,
    });
  });
  afterEach(() => jest.useRealTimers());

  it('builds a view once for all who read it in a refresh period', async () => {
    expect(await Promise.all([read(), read(), read()])).toEqual([1, 1, 1]);
    expect(await read()).toBe(1);
    expect(built).toHaveLength(1);
  });

  it('answers the next refresh period at once and rebuilds behind the reader', async () => {
    await read();
    now += PERIOD_MS;
    expect(await Promise.all([read(), read()])).toEqual([1, 1]);
    expect(built).toHaveLength(2);
    expect(await read()).toBe(2);
  });

  it('lets nobody have what is older than a refresh period, or what the cluster has changed', async () => {
    await read();
    now += 2 * PERIOD_MS;
    expect(await read()).toBe(2);
    version = '2';
    expect(await read()).toBe(3);
  });

  it('builds a view that lacks a source again soon', async () => {
    status = 'down';
    await read();
    expect(await read()).toBe(1);
    jest.setSystemTime(1_000_000 + 2500);
    expect(await read()).toBe(2);
  });

  it.each([
    [false, 20],
    [true, 5],
  ])(
    'shows old views for a while when a thousand services are open, and no longer; busy: %s',
    async (busy, renewed) => {
      isBusy = busy;
      const services = Array.from({ length: 100 }, (_, at) => `s${at}`);
      for (const service of services) {
        await read(service);
      }
      built = [];
      now += PERIOD_MS;
      await Promise.all(services.map(read));
      expect(built.length).toBe(renewed);
      now += 4 * PERIOD_MS;
      await Promise.all(services.map(read));
      expect(built.length).toBeGreaterThanOrEqual(100);
    },
  );

  it('keeps a view while the cluster changes in what it was not built from', async () => {
    const service = (name: string, port: number) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { namespace: 'n', name },
      spec: { port },
    });
    let snapshot: ClusterSnapshot = {
      set: MeshObjects.create([service('a', 1), service('b', 1)]),
      source: { id: 'kubernetes', status: 'ok', asOf: 'then' },
      ready: true,
      unread: [],
    };
    const clusters = {
      snapshot: async () => snapshot,
      peek: () => snapshot,
      versionOf: () => version,
    } as unknown as ClusterStores;
    cache = ViewCache.create({
      clusters,
      period: RefreshPeriod.create({ periodMs: PERIOD_MS, now: () => now }),
      isBusy: () => isBusy,
    });
    const port = async () => {
      const { value } = await cache.get(
        { name: 'overview', placement: place('a'), question: '' },
        async reader => {
          built.push('a');
          const { set, source } = await reader.snapshot('c');
          return {
            port: set.get('Service', 'n', 'a')?.spec.port,
            sources: [source],
          };
        },
      );
      return value.port;
    };
    const change = (more: Partial<ClusterSnapshot>) => {
      version += '.';
      snapshot = { ...snapshot, ...more };
    };
    const put = (name: string, to: number) =>
      change({
        set: snapshot.set.with([{ type: 'put', object: service(name, to) }]),
      });
    expect(await port()).toBe(1);
    put('b', 2);
    change({ source: { id: 'kubernetes', status: 'ok', asOf: 'now' } });
    expect(await port()).toBe(1);
    expect(built).toHaveLength(1);
    put('a', 2);
    expect(await port()).toBe(2);
    expect(built).toHaveLength(2);
    change({ source: { id: 'kubernetes', status: 'stale', message: 'gone' } });
    await port();
    expect(built).toHaveLength(3);
  });

  it('keeps no more bytes than it may, be it of views or of questions', async () => {
    const mostBytes = 1_000_000;
    cache = ViewCache.create({
      clusters: { versionOf: () => version } as unknown as ClusterStores,
      period: RefreshPeriod.create({ periodMs: PERIOD_MS, now: () => now }),
      isBusy: () => isBusy,
      mostBytes,
    });
    for (let at = 0; at < 100; at++) {
      const question = `${at}`.padEnd(at % 2 ? 50_000 : 1);
      await cache.get(
        { name: 'traces', placement: place('a'), question },
        async () => ({
          text: 'x'.repeat(at % 2 ? 1 : 50_000),
          sources: [],
        }),
      );
    }
    expect(cache.bytes).toBeLessThanOrEqual(mostBytes);
    expect(cache.bytes).toBeGreaterThan(mostBytes / 4);
  });

  it('counts what a view was built from', async () => {
    const objects = Array.from({ length: 500 }, (_, at) => `service-${at}`);
    const snapshot: ClusterSnapshot = {
      set: MeshObjects.create([]),
      source: { id: 'kubernetes', status: 'ok' },
      ready: true,
      unread: [],
    };
    cache = ViewCache.create({
      clusters: {
        snapshot: async () => snapshot,
        versionOf: () => version,
      } as unknown as ClusterStores,
      period: RefreshPeriod.create({ periodMs: PERIOD_MS, now: () => now }),
      isBusy: () => isBusy,
    });
    await cache.get(
      { name: 'overview', placement: place('a'), question: '' },
      async reader => {
        const { set, source } = await reader.snapshot('c');
        objects.forEach(name => set.get('Service', 'n', name));
        return { sources: [source] };
      },
    );
    expect(cache.bytes).toBeGreaterThan(100_000);
  });

  it('forgets a view that failed', async () => {
    const failing = () =>
      cache.get({ name: 'overview', placement: place('a'), question: '' }, () =>
        Promise.reject(new Error('broken')),
      );
    await expect(failing()).rejects.toThrow('broken');
    expect(await read()).toBe(1);
  });
});

import { createServiceFactory } from '@backstage/backend-plugin-api';
import {
  MetricsService,
  metricsServiceRef,
} from '@backstage/backend-plugin-api/alpha';
import { metricsServiceMock } from '@backstage/backend-test-utils/alpha';
import { readFileSync } from 'fs';
import { join } from 'path';
import { eventually } from '../__testUtils__/eventually';
import {
  component,
  startDemoMesh,
  startPortal,
} from '../__testUtils__/startPortal';

const OVERVIEW = '/placements/demo:orion:auth-service/overview';

type Labels = Record<string, unknown>;

/** Keeps what is measured, by the instrument's name. */
function recorder() {
  const seen = new Map<string, { value: number; labels: Labels }[]>();
  const gauges: ((result: {
    observe: (value: number, labels: Labels) => void;
  }) => void)[] = [];
  const keep = (name: string) => (value: number, labels: Labels) => {
    seen.set(name, [...(seen.get(name) ?? []), { value, labels }]);
  };
  const metrics = metricsServiceMock.mock({
    createHistogram: (name: string) => ({ record: keep(name) }),
    createCounter: (name: string) => ({ add: keep(name) }),
    createObservableGauge: (name: string) => ({
      addCallback: (callback: (typeof gauges)[number]) =>
        void gauges.push(() => callback({ observe: keep(name) })),
    }),
  } as unknown as Partial<MetricsService>);
  return {
    of: (name: string) => seen.get(name) ?? [],
    names: () => [...seen.keys()].sort(),
    readGauges: () => gauges.forEach(read => read({ observe: () => {} })),
    feature: createServiceFactory({
      service: metricsServiceRef,
      deps: {},
      factory: () => metrics,
    }),
  };
}

describe('the metrics of its own', () => {
  it('tell of sources, memory, views and the watch, as docs/operation.md lists them', async () => {
    const mesh = await startDemoMesh();
    const recorded = recorder();
    const portal = await startPortal({
      mesh,
      features: [recorded.feature],
      config: { refreshSeconds: 600 },
      entities: [
        component('auth-service', {
          'backstage.io/kubernetes-id': 'auth-service',
        }),
      ],
    });
    const read = () => portal.get('auth-service', OVERVIEW);
    expect((await read()).status).toBe(200);
    expect(recorded.of('mesh.source.duration')).toContainEqual({
      value: expect.any(Number),
      labels: { source: 'prometheus', outcome: 'ok' },
    });
    expect(recorded.of('mesh.view.duration')).toEqual([
      { value: expect.any(Number), labels: { view: 'overview' } },
    ]);
    expect(recorded.of('mesh.source.failures')).toEqual([]);

    // Until the cluster rests: a view is kept until it changes.
    await eventually(async () => {
      const built = recorded.of('mesh.view.duration').length;
      await read();
      expect(recorded.of('mesh.view.duration')).toHaveLength(built);
    });
    expect(recorded.of('mesh.cache.hits')).toContainEqual({
      value: 1,
      labels: { cache: 'view' },
    });

    recorded.readGauges();
    expect(recorded.of('mesh.watch.lag')).toEqual([
      { value: 0, labels: { cluster: 'demo' } },
    ]);

    await mesh.setFault('prometheus', 'html');
    await portal.get('auth-service', `${OVERVIEW}?window=1h`);
    expect(recorded.of('mesh.source.failures')).toContainEqual({
      value: 1,
      labels: { source: 'prometheus', outcome: 'failed' },
    });

    const page = readFileSync(
      join(__dirname, '../../../../docs/operation.md'),
      'utf8',
    );
    const listed = [...page.matchAll(/^\| `(mesh\.[a-z.]+)`/gm)];
    expect(listed.map(([, name]) => name).sort()).toEqual(recorded.names());
    await portal.server.stop();
    await mesh.stop();
  });
});

import { KubeObject, MeshObjects } from '@meshdeck/istio-config';
import { Epochs } from './Epochs';

const service = (port: number, extra: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'a', namespace: 'n', ...extra },
  spec: { ports: [{ port }] },
});

describe('Epochs', () => {
  function start() {
    const time = { now: 1_000 };
    const epochs = Epochs.create({
      set: MeshObjects.create([service(80)]),
      fromMs: 0,
      clock: () => time.now,
    });
    const portAt = (ms: number) =>
      epochs.at(ms).set.get('Service', 'n', 'a')?.spec.ports[0].port;
    return { time, epochs, portAt };
  }

  it('keeps what was in force before a change', () => {
    const { time, epochs, portAt } = start();
    time.now = 5_000;
    epochs.record({ type: 'MODIFIED', object: service(81) });
    expect([portAt(4_999), portAt(5_000), portAt(9_000)]).toEqual([80, 81, 81]);
  });

  it('takes changes in quick succession for one, until somebody has looked', () => {
    const { time, epochs } = start();
    epochs.record({ type: 'MODIFIED', object: service(81) });
    time.now += 100;
    epochs.record({ type: 'MODIFIED', object: service(82) });
    expect(epochs.all()).toHaveLength(2);
    epochs.record({ type: 'MODIFIED', object: service(83) });
    expect(epochs.all()).toHaveLength(3);
  });

  it.each<[string, KubeObject]>([
    ['only the version differs', service(80, { resourceVersion: '7' })],
    [
      'the kind has no say',
      { apiVersion: 'v1', kind: 'Event', metadata: { name: 'e' } },
    ],
  ])('begins no epoch when %s', (_, object) => {
    const { epochs } = start();
    epochs.record({ type: 'MODIFIED', object });
    expect(epochs.all()).toHaveLength(1);
  });

  it('forgets what is deleted', () => {
    const { time, epochs, portAt } = start();
    time.now = 2_000;
    epochs.record({ type: 'DELETED', object: service(80) });
    expect(portAt(1_999)).toBe(80);
    expect(portAt(2_000)).toBeUndefined();
  });
});

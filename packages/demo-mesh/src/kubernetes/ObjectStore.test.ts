import type { KubeObject } from '@meshdeck/istio-config';
import type { ClusterChange } from '../ClusterObjects';
import { findResource, HistoryGoneError, ObjectStore } from '.';
import { configMap } from './__testUtils__/objects';

const clock = () => new Date('2026-03-01T12:00:00.789Z');
const configMaps = findResource('', 'v1', 'configmaps')!;

function object(name: string, data: Record<string, string> = {}): KubeObject {
  return configMap(name, data, { namespace: 'shop' }) as unknown as KubeObject;
}

describe('ObjectStore', () => {
  it('gives the same array until something changes', () => {
    const store = ObjectStore.create({ clock });
    store.put(configMaps, object('a'));
    const before = store.all();
    expect(store.all()).toBe(before);
    store.put(configMaps, object('b'));
    expect(store.all()).not.toBe(before);
    expect(before).toHaveLength(1);
    expect(store.all()).toHaveLength(2);
  });

  it('numbers and stamps what it is given', () => {
    const store = ObjectStore.create({ clock });
    const first = store.put(configMaps, object('a'));
    expect(first.metadata).toMatchObject({
      uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      creationTimestamp: '2026-03-01T12:00:00Z',
    });
    const second = store.put(configMaps, object('a', { x: '1' }));
    expect(second.metadata.uid).toBe(first.metadata.uid);
    expect(Number(second.metadata.resourceVersion)).toBe(
      Number(first.metadata.resourceVersion) + 1,
    );
    store.delete(configMaps, 'shop', 'a');
    const again = store.put(configMaps, object('a'));
    expect(again.metadata.uid).not.toBe(first.metadata.uid);
  });

  it('keeps the times of what it loads, and says who owns it', () => {
    const store = ObjectStore.create({ clock });
    store.load([
      {
        apiVersion: 'networking.istio.io/v1alpha3',
        kind: 'VirtualService',
        metadata: {
          name: 'web',
          namespace: 'shop',
          creationTimestamp: '2025-12-24T00:00:00Z',
        },
        spec: { hosts: ['web'] },
        status: { observedGeneration: 1 },
      },
    ]);
    expect(store.all()[0]).toMatchObject({
      apiVersion: 'networking.istio.io/v1',
      metadata: {
        creationTimestamp: '2025-12-24T00:00:00Z',
        generation: 1,
        managedFields: [
          {
            manager: 'kubectl',
            operation: 'Apply',
            fieldsV1: { 'f:spec': { '.': {}, 'f:hosts': {} } },
          },
        ],
      },
      status: { observedGeneration: 1 },
    });
  });

  it('refuses kinds it does not serve', () => {
    const store = ObjectStore.create({ clock });
    expect(() =>
      store.load([
        {
          apiVersion: 'example.com/v1',
          kind: 'Widget',
          metadata: { name: 'w' },
        },
      ]),
    ).toThrow("doesn't know the kind Widget of example.com/v1");
  });

  it('hands out nothing that can be changed', () => {
    const store = ObjectStore.create({ clock });
    const stored = store.put(configMaps, object('a', { x: '1' }));
    expect(() => {
      stored.data.x = '2';
    }).toThrow(TypeError);
  });

  it('tells listeners of changes in order, also of those that listeners make', () => {
    const store = ObjectStore.create({ clock });
    const seen: string[] = [];
    const note = (who: string) => (change: ClusterChange) =>
      seen.push(`${who} ${change.type} ${change.object.metadata.name}`);
    store.subscribe(({ object: { metadata } }) => {
      if (metadata.name === 'a') store.put(configMaps, object('b'));
    });
    const end = store.subscribe(note('second'));
    store.put(configMaps, object('a'));
    store.delete(configMaps, 'shop', 'b');
    end();
    store.put(configMaps, object('c'));
    expect(seen).toEqual([
      'second ADDED a',
      'second ADDED b',
      'second DELETED b',
    ]);
  });

  it('lets one listener fail without the others missing anything', () => {
    const store = ObjectStore.create({ clock });
    const seen: string[] = [];
    store.subscribe(() => {
      throw new Error('broken');
    });
    store.subscribe(change => seen.push(change.object.metadata.name));
    expect(() => store.put(configMaps, object('a'))).toThrow('broken');
    expect(seen).toEqual(['a']);
  });

  it('shows what was there at each version it remembers', () => {
    const store = ObjectStore.create({ clock });
    const at: [number, string][] = [];
    const names = (objects: readonly KubeObject[]) =>
      objects.map(each => `${each.metadata.name}=${each.data.x ?? ''}`).join();
    const step = (change: () => void) => {
      change();
      at.push([store.resourceVersion, names(store.list(configMaps))]);
    };
    step(() => store.put(configMaps, object('b')));
    step(() => store.put(configMaps, object('a', { x: '1' })));
    step(() => store.put(configMaps, object('a', { x: '2' })));
    step(() => store.delete(configMaps, 'shop', 'b'));
    step(() => store.put(configMaps, object('b', { x: '3' })));
    for (const [version, expected] of at)
      expect(names(store.listAt(configMaps, version))).toBe(expected);
  });

  it('remembers no more than its limit', () => {
    const store = ObjectStore.create({ clock, historyLimit: 10 });
    const start = store.resourceVersion;
    for (let i = 0; i < 50; i++) store.put(configMaps, object(`a${i}`));
    expect(() => store.eventsSince(start)).toThrow(HistoryGoneError);
    expect(store.eventsSince(store.resourceVersion - 5)).toHaveLength(5);
    expect(store.eventsSince(store.oldestResourceVersion)).not.toHaveLength(0);
    store.compact();
    expect(() => store.eventsSince(store.resourceVersion - 1)).toThrow(
      HistoryGoneError,
    );
  });
});

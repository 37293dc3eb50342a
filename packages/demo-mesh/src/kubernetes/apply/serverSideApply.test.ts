import fc from 'fast-check';
import type { KubeObject } from '@meshdeck/istio-config';
import { findResource } from '../resources';
import { FieldSet } from './FieldSet';
import { serverSideApply, trackUpdate } from './serverSideApply';

const configMaps = findResource('', 'v1', 'configmaps')!;
const deployments = findResource('apps', 'v1', 'deployments')!;
const time = '2026-03-01T12:00:00Z';

type Content = Record<string, unknown>;

function empty(kind: string, apiVersion: string): KubeObject {
  return { apiVersion, kind, metadata: { name: 'web', uid: '1' } };
}

function apply(
  type: typeof configMaps,
  live: KubeObject,
  manager: string,
  content: Content,
): KubeObject {
  return serverSideApply({
    type,
    live,
    config: { ...empty(live.kind, live.apiVersion), ...content },
    manager,
    force: true,
    time,
  });
}

const data = fc.dictionary(
  fc.constantFrom('a', 'b', 'c', 'd'),
  fc.constantFrom('1', '2'),
);
const write = fc.record({
  manager: fc.constantFrom('one', 'two', 'three'),
  how: fc.constantFrom('apply', 'update'),
  data,
});

function play(writes: { manager: string; how: string; data: Content }[]) {
  const states: KubeObject[] = [empty('ConfigMap', 'v1')];
  for (const { manager, how, data: content } of writes) {
    const live = states[states.length - 1];
    states.push(
      how === 'apply'
        ? apply(configMaps, live, manager, { data: content })
        : trackUpdate({
            type: configMaps,
            live: states.length === 1 ? undefined : live,
            next: { ...live, data: content },
            manager,
            apiVersion: 'v1',
            time,
          }),
    );
  }
  return states;
}

function ownedKeys(object: KubeObject): Set<string> {
  const owned = (object.metadata.managedFields ?? []).flatMap(entry =>
    Object.keys((entry.fieldsV1 as any)?.['f:data'] ?? {}),
  );
  return new Set(
    owned.filter(key => key !== '.').map(key => key.slice('f:'.length)),
  );
}

describe('field ownership', () => {
  it('covers exactly what is there as long as there are owners', () => {
    fc.assert(
      fc.property(fc.array(write, { minLength: 1, maxLength: 8 }), writes => {
        const last = play(writes).pop()!;
        // Where the last owner is gone, updates aren't tracked until the next apply.
        const isTracked = (last.metadata.managedFields ?? []).length > 0;
        expect([...ownedKeys(last)].sort()).toEqual(
          isTracked ? Object.keys(last.data ?? {}).sort() : [],
        );
      }),
    );
  });

  it('gives an applier what it applied', () => {
    fc.assert(
      fc.property(fc.array(write, { maxLength: 6 }), data, (writes, wanted) => {
        const before = play(writes).pop()!;
        const after = apply(configMaps, before, 'meshdeck', { data: wanted });
        expect(after.data ?? {}).toMatchObject(wanted);
        const own = after.metadata.managedFields?.find(
          entry => entry.manager === 'meshdeck',
        );
        expect(
          Object.keys((own?.fieldsV1 as any)?.['f:data'] ?? {}).filter(
            key => key !== '.',
          ),
        ).toHaveLength(Object.keys(wanted).length);
      }),
    );
  });

  it('makes applying twice the same as once', () => {
    fc.assert(
      fc.property(fc.array(write, { maxLength: 6 }), data, (writes, wanted) => {
        const once = apply(configMaps, play(writes).pop()!, 'meshdeck', {
          data: wanted,
        });
        expect(apply(configMaps, once, 'meshdeck', { data: wanted })).toEqual(
          once,
        );
      }),
    );
  });

  it('takes away what only the applier had, and nothing else', () => {
    fc.assert(
      fc.property(data, data, (mine, theirs) => {
        const both = play([
          { manager: 'them', how: 'apply', data: theirs },
          { manager: 'me', how: 'apply', data: { ...mine, ...theirs } },
        ]).pop()!;
        const left = apply(configMaps, both, 'me', {});
        expect(left.data ?? {}).toEqual(theirs);
      }),
    );
  });
});

describe('lists with keys', () => {
  const containers = (...items: object[]) => ({
    spec: { template: { spec: { containers: items } } },
  });
  const names = (object: KubeObject) =>
    object.spec.template.spec.containers.map(
      (item: { name: string; image?: string }) => `${item.name}=${item.image}`,
    );
  const start = empty('Deployment', 'apps/v1');

  it('keep their order, with what is new at the end', () => {
    const first = apply(
      deployments,
      start,
      'one',
      containers({ name: 'a', image: '1' }, { name: 'b', image: '1' }),
    );
    const second = apply(
      deployments,
      first,
      'two',
      containers({ name: 'c', image: '1' }, { name: 'b', image: '2' }),
    );
    expect(names(second)).toEqual(['a=1', 'b=2', 'c=1']);
  });

  it('keep an item that another still applies', () => {
    const one = containers({ name: 'a', image: '1' });
    const shared = apply(
      deployments,
      apply(deployments, start, 'one', one),
      'two',
      one,
    );
    expect(names(apply(deployments, shared, 'two', {}))).toEqual(['a=1']);
  });
});

describe('FieldSet', () => {
  it('reads what it writes', () => {
    const fields = {
      'f:spec': {
        '.': {},
        'f:ports': {
          'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:name': {} },
        },
        'f:finalizers': { 'v:"x"': {} },
      },
    };
    const set = FieldSet.fromFieldsV1(fields);
    expect(set.toFieldsV1()).toEqual(fields);
    expect(set.paths()).toEqual([
      '.spec',
      '.spec.finalizers[="x"]',
      '.spec.ports[port=80,protocol="TCP"]',
      '.spec.ports[port=80,protocol="TCP"].name',
    ]);
  });

  it('survives nonsense', () => {
    for (const nonsense of [null, 5, 'x', [], { 'k:{': {} }, { x: 1 }])
      expect(() => FieldSet.fromFieldsV1(nonsense).paths()).not.toThrow();
  });
});

import type { KubeObject } from '@meshdeck/istio-config';
import fc from 'fast-check';
import type { KubernetesClient } from '../cluster/KubernetesClient';
import { mergePatch, ownersOf, SpecPatch } from './SpecPatch';

/** RFC 7386, as an API server does it. */
function patched(target: any, patch: any): any {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) {
    return patch;
  }
  const result =
    typeof target === 'object' && target !== null && !Array.isArray(target)
      ? { ...target }
      : {};
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) {
      delete result[field];
    } else {
      result[field] = patched(result[field], value);
    }
  }
  return result;
}

// What an API server stores: an object of maps, lists and values, none of them null.
const { spec } = fc.letrec<{ spec: Record<string, any>; value: any }>(tie => ({
  spec: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), {
    maxKeys: 3,
  }),
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(0, 1, '', 'x', true),
    fc.array(fc.constantFrom(1, 2, { a: 1 }), { maxLength: 2 }),
    tie('spec'),
  ),
}));

describe('mergePatch', () => {
  it('turns one spec into the other, whichever they are', () => {
    fc.assert(
      fc.property(spec, spec, (before, after) => {
        expect(patched(before, mergePatch(before, after) ?? {})).toEqual(after);
      }),
    );
  });

  it('says nothing of what stays as it is', () => {
    const before = { host: 'a', policy: { tls: { mode: 'DISABLE' }, pool: 1 } };
    expect(mergePatch(before, structuredClone(before))).toBeUndefined();
    expect(mergePatch(before, { host: 'a', policy: { pool: 1 } })).toEqual({
      policy: { tls: null },
    });
  });
});

describe('ownersOf', () => {
  const entry = (manager: string, fields: object, subresource?: string) => ({
    manager,
    subresource,
    fieldsV1: { 'f:spec': fields } as Record<string, unknown>,
  });
  const owners = (...managedFields: ReturnType<typeof entry>[]) => {
    const before: KubeObject = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'a', managedFields },
      spec: {
        host: 'a',
        policy: { ejects: { after: 5, for: '3s' } },
        list: [1],
      },
    };
    const after = {
      ...before,
      spec: {
        host: 'a',
        policy: { ejects: { limit: 5, for: '3s' } },
        list: [2],
      },
    };
    return ownersOf({ before, after });
  };

  it.each<[string, ReturnType<typeof entry>, string[]]>([
    [
      'a field that goes',
      entry('helm', { 'f:policy': { 'f:ejects': { 'f:after': {} } } }),
      ['helm'],
    ],
    [
      'a neighbour of it',
      entry('helm', { 'f:policy': { 'f:ejects': { 'f:for': {} } } }),
      [],
    ],
    ['all that it is in', entry('helm', { 'f:policy': {} }), ['helm']],
    ['a list', entry('helm', { 'f:list': {} }), ['helm']],
    ['an item of a list', entry('helm', { 'f:list': { 'v:1': {} } }), ['helm']],
    ['something else', entry('helm', { 'f:host': {} }), []],
    ['it for us', entry('meshdeck', { 'f:list': {} }), []],
    ['a status', entry('istiod', { 'f:list': {} }, 'status'), []],
  ])('of %s', (_name, managed, expected) => {
    expect(owners(managed)).toEqual(expected);
  });

  it('names each once', () => {
    const helm = entry('helm', { 'f:list': {} });
    expect(owners(helm, entry('argocd', { 'f:policy': {} }), helm)).toEqual([
      'helm',
      'argocd',
    ]);
  });
});

describe('SpecPatch', () => {
  it('sends every patch under the version that was seen: somebody may write between reading and patching', async () => {
    const patch = jest.fn(async () => ({}));
    const delivery = SpecPatch.create({
      patch,
    } as unknown as KubernetesClient);
    const before: KubeObject = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'a', namespace: 'orion', resourceVersion: '7' },
      spec: { host: 'a', policy: { after: 5 } },
    };
    const step = { before, after: { ...before, spec: { host: 'a' } } };
    await delivery.rehearse(step);
    await delivery.deliver(step, {});
    const locked = {
      metadata: { resourceVersion: '7' },
      spec: { policy: null },
    };
    expect(patch.mock.calls).toEqual([
      [expect.objectContaining({ name: 'a' }), locked, { dryRun: true }],
      [expect.objectContaining({ name: 'a' }), locked, {}],
    ]);
  });
});

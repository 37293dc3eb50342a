import fc from 'fast-check';
import { applyPatch, createPatch } from 'rfc6902';
import { isSameJson } from './isSameJson';
import { patched, PatchOperation, toJsonPatch } from './PatchOperation';

const KEYS = ['a', 'b', 'x/y', 'm~n', '~1', '', 'example.com/by'];
const { value, map } = fc.letrec<{ value: any; map: any }>(tie => ({
  map: fc.dictionary(fc.constantFrom(...KEYS), tie('value'), {
    maxKeys: 4,
    noNullPrototype: true,
  }),
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<unknown>(0, 1, '', 'x', true, null),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('map'),
  ),
}));

/** A pointer as a place in what it is about to be used on: only there is a number known from a key. */
function placeIn(document: any, pointer: string): (string | number)[] {
  let current = document;
  return pointer
    .split('/')
    .slice(1)
    .map(part => {
      const key = part.replace(/~1/g, '/').replace(/~0/g, '~');
      const length = Array.isArray(current) ? current.length : 0;
      const step = Array.isArray(current)
        ? Number(key === '-' ? length : key)
        : key;
      current = current?.[step];
      return step;
    });
}

describe('patched', () => {
  it('does what another implementation of JSON Patch does, whatever turns into whatever', () => {
    fc.assert(
      fc.property(map, map, (before, after) => {
        const kept = structuredClone(before);
        let document = before;
        for (const { path, ...operation } of createPatch(before, after)) {
          const own = {
            ...operation,
            at: placeIn(document, path),
          } as PatchOperation;
          const [sent] = toJsonPatch([own]) as any[];
          const theirs = { document: structuredClone(document) };
          applyPatch(theirs, [{ ...sent, path: `/document${sent.path}` }]);
          document = patched(document, [own]);
          expect(document).toEqual(theirs.document);
        }
        expect(document).toEqual(after);
        expect(before).toEqual(kept);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps the order of fields, and of what it does not touch every byte', () => {
    const before = { z: 1, list: [{ b: 2, a: 1 }, 'x'], y: 0 };
    const after = patched(before, [
      { op: 'replace', at: ['list', 0, 'b'], value: 3 },
      { op: 'add', at: ['list', 2], value: 'end' },
    ]);
    expect(JSON.stringify(after)).toBe(
      '{"z":1,"list":[{"b":3,"a":1},"x","end"],"y":0}',
    );
  });

  it.each<[string, PatchOperation]>([
    ['another value', { op: 'test', at: ['a', 0], value: 2 }],
    ['a value that is not there', { op: 'test', at: ['q'], value: undefined }],
    ['nothing to replace', { op: 'replace', at: ['a', 5], value: 2 }],
    ['nothing to remove', { op: 'remove', at: ['q'] }],
    ['a gap in a list', { op: 'add', at: ['a', 2], value: 2 }],
    ['a field of a list', { op: 'add', at: ['a', 'length'], value: 2 }],
    ['an item of a map', { op: 'add', at: [0], value: 2 }],
    ['what every object inherits', { op: 'remove', at: ['constructor'] }],
    ['no parent', { op: 'add', at: ['q', 'r'], value: 2 }],
    ['the whole', { op: 'remove', at: [] }],
  ])('does nothing where there is %s', (_name, operation) => {
    expect(() =>
      patched({ a: [1] }, [
        { op: 'replace', at: ['a', 0], value: 1 },
        operation,
      ]),
    ).toThrow(`${operation.op} `);
  });
});

/** The value with its fields in one order, as text. */
function canonical(item: unknown): string {
  if (Array.isArray(item)) {
    return `[${item.map(canonical).join()}]`;
  }
  if (typeof item !== 'object' || item === null) {
    return JSON.stringify(item);
  }
  const fields = Object.entries(item).map(
    ([key, own]) => `${JSON.stringify(key)}:${canonical(own)}`,
  );
  return `{${fields.sort().join()}}`;
}

describe('isSameJson', () => {
  it('is equality after a journey through JSON', () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(isSameJson(a, JSON.parse(JSON.stringify(a)))).toBe(true);
        expect(isSameJson(a, b)).toBe(canonical(a) === canonical(b));
      }),
    );
  });

  it('does not see a field that is undefined', () => {
    expect(
      isSameJson({ a: undefined, b: [{}] }, { b: [{ c: undefined }] }),
    ).toBe(true);
    expect(isSameJson({ a: undefined }, { a: null })).toBe(false);
    expect(isSameJson([], {})).toBe(false);
  });
});

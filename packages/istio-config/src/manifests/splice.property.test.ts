import fc from 'fast-check';
import { loadAll } from 'js-yaml';
import { isDeepStrictEqual } from 'util';
import {
  type Hand,
  writeMap,
  type WrittenLine,
} from '../__testUtils__/writtenManifests';
import type { ObjectEdit } from '../edits/ChangePlan';
import { patched, type PatchOperation } from '../edits/PatchOperation';
import type { KubeObject } from '../kube/KubeObject';
import { type Place, valueAt } from '../kube/place';
import { isMap } from '../kube/reading';
import { spliceManifest, spliceParts } from './spliceManifest';
import { SpliceRefused } from './SpliceRefused';

const FILES = 400;
/** Above this share of refusals the property would say little. */
const MOST_REFUSED = 0.05;

const TEXTS = [
  '5s',
  'reviews',
  'reviews.orion.svc',
  'a b',
  'yes',
  'on',
  '007',
  '1e3',
  '12:30',
  '2026-01-01',
  '',
  ' edge ',
  'a: b',
  'a #b',
  '# no',
  "it's",
  'say "x"',
  '{x}',
  '- x',
  '%x%',
  '~',
  'null',
  'two\nlines\n',
  'two\n\nlines',
  'ä€😀',
];
const KEYS = [
  'host',
  'port',
  'weight',
  'x-y',
  'on',
  '8080',
  'a b',
  'name',
  'z',
];

const scalars = fc.oneof(
  fc.constantFrom<string | number | boolean>(...TEXTS),
  fc.integer({ min: -5, max: 100000 }),
  fc.boolean(),
);
const { values } = fc.letrec<{ values: unknown }>(tie => ({
  values: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    scalars,
    fc.dictionary(fc.constantFrom(...KEYS), tie('values'), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
    fc.array(tie('values'), { maxLength: 3 }),
  ),
}));
const specs = fc.dictionary(fc.constantFrom('hosts', 'http', ...KEYS), values, {
  minKeys: 1,
  maxKeys: 5,
  noNullPrototype: true,
});

/** Each place of a value that one operation can be about. */
function placesIn(value: unknown, at: Place): Place[] {
  const steps: (string | number)[] = Array.isArray(value)
    ? value.map((_item, index) => index)
    : Object.keys(isMap(value) ? value : {});
  return steps.flatMap(step => {
    const place = [...at, step];
    return [place, ...placesIn(valueAt(value, [step]), place)];
  });
}

function operationsOn(spec: unknown): fc.Arbitrary<PatchOperation> {
  const places = placesIn(spec, ['spec']);
  const collections = places.filter(
    at => typeof valueAt({ spec }, at) === 'object',
  );
  const at = fc.constantFrom(...places);
  const into = fc.constantFrom<Place>(['spec'], ...collections);
  return fc.oneof(
    fc.record({ op: fc.constant('replace' as const), at, value: scalars }),
    fc.record({ op: fc.constant('replace' as const), at, value: values }),
    fc.record({ op: fc.constant('remove' as const), at }),
    fc.tuple(into, fc.nat(5), values).map(([parent, place, value]) => {
      const list: unknown = valueAt({ spec }, parent);
      const step = Array.isArray(list) ? place % (list.length + 1) : 'added';
      return { op: 'add' as const, at: [...parent, step], value };
    }),
  );
}

const cases = specs.chain(spec =>
  fc.record({
    spec: fc.constant(spec),
    operation: operationsOn(spec),
    seed: fc.nat(),
    lineEnd: fc.constantFrom('\n', '\n', '\r\n'),
    hasLastEnd: fc.boolean(),
    neighbours: fc.tuple(fc.boolean(), fc.boolean()),
  }),
);

/** Numbers from 0 to 1 that depend on the seed alone (mulberry32). */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const startsWith = (place: Place, begin: Place) =>
  begin.every((step, depth) => place[depth] === step);
const isPlace = (a: Place, b: Place) =>
  a.length === b.length && startsWith(a, b);

/** Whether an operation may write on a line. */
function isTouched(
  { at: line, isWhole }: WrittenLine,
  { op, at }: PatchOperation,
  object: KubeObject,
): boolean {
  const parent = at.slice(0, -1);
  const own: unknown = valueAt(object, parent);
  const keys = Object.keys(own as object);
  const isInsideIt = op !== 'add' && startsWith(line, at);
  const isOnOneLine = isWhole && startsWith(at, line);
  // The key of what is left empty says so; that of what was empty, no longer.
  const losesAll = op === 'remove' && keys.length === 1;
  const isParent = (losesAll || keys.length === 0) && startsWith(line, parent);
  // Where the first field of an item goes, the next one takes its line.
  const takesLine =
    op === 'remove' &&
    typeof parent[parent.length - 1] === 'number' &&
    startsWith(line, parent) &&
    keys[0] === at[at.length - 1];
  // What is added in the middle of a list is not what is at that place now.
  return isInsideIt || isOnOneLine || isParent || takesLine;
}

function isSubsequence(part: readonly string[], whole: readonly string[]) {
  let at = 0;
  for (const line of whole) {
    at += Number(at < part.length && part[at] === line);
  }
  return at === part.length;
}

type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

/** Whether the same comes out, or the same refusal, as if the file were too large to be read whole. */
function isSameInParts(file: string, edit: ObjectEdit): boolean {
  const [whole, inParts] = [file.length, 0].map(most => {
    try {
      return spliceParts(file, edit, {}, most).text;
    } catch (error) {
      return String(error);
    }
  });
  return whole === inParts;
}

/** What a splice of a generated file came to: `refused`, or what is wrong with it. */
function outcomeOf(generated: Case): string[] {
  const { spec, operation, seed, lineEnd, hasLastEnd, neighbours } = generated;
  const object: KubeObject = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'reviews', namespace: 'orion' },
    spec,
  };
  const hand: Hand = { chance: chances(seed), steps: [2, 2, 2, 4, 3, 1] };
  const lines = writeMap(object, [], 0, hand);
  const [above, below] = [
    neighbours[0] ? ['# first', '---', 'a: &x [1]', 'b: *x', '---'] : [],
    neighbours[1] ? ['---', '# last', 'kind: "C" # end'] : [],
  ];
  const file = [...above, ...lines.map(({ text }) => text), ...below]
    .join(lineEnd)
    .concat(hasLastEnd ? lineEnd : '');
  const documents = (own: unknown) => [
    ...(neighbours[0] ? [{ a: [1], b: [1] }] : []),
    own,
    ...(neighbours[1] ? [{ kind: 'C' }] : []),
  ];
  if (!isDeepStrictEqual(loadAll(file), documents(object))) {
    return ['the generated file is not what it should say'];
  }
  const edit: ObjectEdit = {
    action: 'change',
    before: object,
    operations: [operation],
  };
  let text: string;
  try {
    text = spliceManifest(file, edit).text ?? '';
  } catch (error) {
    return [error instanceof SpliceRefused ? 'refused' : String(error)];
  }
  const untouched = lines
    .filter(line => !isTouched(line, operation, object))
    .map(line => line.text);
  const kept = [...above, ...untouched, ...below];
  const isOneLine =
    operation.op === 'replace' &&
    typeof operation.value !== 'object' &&
    !String(operation.value).includes('\n') &&
    lines.some(line => line.isWhole && isPlace(line.at, operation.at));
  const is = {
    'another text where only its document is read': isSameInParts(file, edit),
    'another rest where only its document is read': isSameInParts(file, {
      action: 'delete',
      before: object,
    }),
    'another value': isDeepStrictEqual(
      loadAll(text),
      documents(patched(object, [operation])),
    ),
    'another line': isSubsequence(kept, text.split(lineEnd)),
    'another line end': !text.replace(/\r\n/g, '').includes('\r'),
    'another last line end':
      /\n$/.test(text) === hasLastEnd || kept[kept.length - 1] === '',
    'another number of lines':
      !isOneLine || text.split('\n').length === file.split('\n').length,
  };
  return Object.entries(is)
    .filter(([, isRight]) => !isRight)
    .map(([fault]) => fault);
}

it(`changes only the spliced lines of ${FILES} generated files, and what they say to what was meant`, () => {
  let [files, refused] = [0, 0];
  fc.assert(
    fc.property(cases, generated => {
      const outcome = outcomeOf(generated);
      files++;
      refused += Number(outcome[0] === 'refused');
      expect(outcome.filter(fault => fault !== 'refused')).toEqual([]);
    }),
    { numRuns: FILES, seed: 20261129 },
  );
  expect(files).toBeGreaterThanOrEqual(FILES);
  expect(refused / files).toBeLessThan(MOST_REFUSED);
});

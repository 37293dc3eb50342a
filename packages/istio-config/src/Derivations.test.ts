import fc from 'fast-check';
import { RUNS } from './__testUtils__/arbitrary';
import { MeshObjects, type SetChange } from './MeshObjects';

const NAMESPACES = ['one', 'two', 'three'];

const service = (namespace: string, name: string, port: number) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace, name },
  spec: { port },
});

/** What was computed, in order. */
let computed: string[] = [];

function portsIn(set: MeshObjects, namespace: string): number[] {
  computed.push(namespace);
  return set.inNamespace('Service', namespace).map(({ spec }) => spec.port);
}

function total(set: MeshObjects): number {
  computed.push('total');
  return NAMESPACES.flatMap(namespace => set.derive(portsIn, namespace)).reduce(
    (sum, port) => sum + port,
    0,
  );
}

function parity(set: MeshObjects): string {
  computed.push('parity');
  return set.derive(total) % 2 === 0 ? 'even' : 'odd';
}

function doubleIn(set: MeshObjects, namespace: string): number[] {
  computed.push(`double ${namespace}`);
  return set.derive(portsIn, namespace).map(port => 2 * port);
}

/** As `total`, of parts that it alone asks for. */
function doubles(set: MeshObjects): number[] {
  computed.push('doubles');
  return NAMESPACES.flatMap(namespace =>
    set.derivePart(doubleIn, namespace),
  ).concat(set.inNamespace('Service', 'two').length);
}

const ASKS: ((set: MeshObjects, namespace: string) => unknown)[] = [
  portsIn,
  total,
  parity,
  doubles,
];

const change = fc.record({
  namespace: fc.constantFrom(...NAMESPACES),
  name: fc.constantFrom('a', 'b'),
  port: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
});

function toChange(given: {
  namespace: string;
  name: string;
  port?: number;
}): SetChange {
  const { namespace, name, port } = given;
  return port === undefined
    ? { type: 'remove', kind: 'Service', namespace, name }
    : { type: 'put', object: service(namespace, name, port) };
}

describe('Derivations', () => {
  beforeEach(() => {
    computed = [];
  });

  it('say after any changes what a fresh set says, whenever they are asked', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            changes: fc.array(change, { maxLength: 3 }),
            asks: fc.subarray(ASKS),
          }),
          { maxLength: 40 },
        ),
        steps => {
          let set = MeshObjects.create([]);
          for (const { changes, asks } of steps) {
            set = set.with(changes.map(toChange));
            const fresh = MeshObjects.create(set.all('Service'));
            for (const ask of asks) {
              for (const namespace of NAMESPACES) {
                expect(set.derive(ask, namespace)).toEqual(
                  fresh.derive(ask, namespace),
                );
              }
            }
          }
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('compute again only what read a change, or another value, however many changes there were', () => {
    let set = MeshObjects.create([service('two', 'a', 1)]);
    set.derive(parity);
    for (let round = 1; round <= 30; round++) {
      computed = [];
      set = set.with([
        { type: 'put', object: service('one', 'a', round * 2) },
        { type: 'put', object: service('elsewhere', 'a', round) },
      ]);
      expect(set.derive(parity)).toBe('odd');
      expect(computed.sort()).toEqual(['one', 'parity', 'total']);
    }
  });

  it('compute of a whole only the parts that a change concerns, and look at no part where it concerns none', () => {
    let set = MeshObjects.create([service('two', 'a', 1)]);
    expect(set.derive(doubles)).toEqual([2, 1]);
    for (let round = 2; round <= 20; round++) {
      computed = [];
      set = set.with([{ type: 'put', object: service('one', 'a', round) }]);
      expect(set.derive(doubles)).toEqual([2 * round, 2, 1]);
      expect(computed.sort()).toEqual(['double one', 'doubles', 'one']);
      computed = [];
      set = set.with([{ type: 'put', object: service('four', 'a', round) }]);
      set.derive(doubles);
      expect(computed).toEqual([]);
    }
  });

  it('know of what read much only the kinds, and compute it again after a change of one of them', () => {
    const places = Array.from({ length: 50 }, (_, at) => `place-${at}`);
    const sum = (of: MeshObjects): number => {
      computed.push('sum');
      return places
        .flatMap(place => of.derive(portsIn, place))
        .reduce((one, other) => one + other, 0);
    };
    const double = (of: MeshObjects): number => 2 * of.derive(sum);
    let set = MeshObjects.create([service('place-7', 'a', 1)]);
    expect(set.derive(double)).toBe(2);
    computed = [];
    set = set.with([
      { type: 'put', object: { ...service('one', 'a', 2), kind: 'Pod' } },
      { type: 'put', object: service('elsewhere', 'a', 3) },
    ]);
    expect(set.derive(double)).toBe(2);
    expect(computed).toEqual([]);
    set = set.with([{ type: 'put', object: service('place-49', 'a', 4) }]);
    expect(set.derive(double)).toBe(10);
    expect(computed.sort()).toEqual(['place-49', 'sum']);
  });

  it('keep what none of thousands of changes concerns', () => {
    const names = Array.from({ length: 3000 }, (_, at) => `service-${at}`);
    let set = MeshObjects.create([service('two', 'a', 1)]);
    set.derive(portsIn, 'two');
    for (let round = 1; round <= 3; round++) {
      set = set.with(
        names.map(name => ({
          type: 'put' as const,
          object: service('one', name, round),
        })),
      );
      expect(set.derive(portsIn, 'one')).toHaveLength(names.length);
      computed = [];
      expect(set.derive(portsIn, 'two')).toEqual([1]);
      expect(computed).toEqual([]);
    }
  });

  it('keep no more for keys that come from outside than for the objects there are', () => {
    let set = MeshObjects.create([service('two', 'a', 1)]);
    const most = 3 * (2000 + 2 * 4);
    for (let round = 1; round <= 20; round++) {
      for (let at = 0; at < 1000; at++) {
        expect(set.derive(portsIn, `made-up-${round}-${at}`)).toEqual([]);
        expect(set.derive(portsIn, 'two')).toEqual([1]);
      }
      expect(set.derivedValues).toBeLessThan(most);
      set = set.with([{ type: 'put', object: service('one', 'a', round) }]);
    }
    for (let at = 0; at < 20_000; at++) {
      set.derive(portsIn, `again-${at}`);
    }
    expect(set.derivedValues).toBeLessThan(most);
    expect(set.derivedValues).toBeGreaterThan(1000);
  });

  it('leave an older set as it was', () => {
    const before = MeshObjects.create([service('one', 'a', 1)]);
    before.derive(total);
    const after = before.with([
      { type: 'put', object: service('one', 'a', 2) },
    ]);
    expect(after.derive(total)).toBe(2);
    expect(before.derive(portsIn, 'one')).toEqual([1]);
    expect(before.derive(total)).toBe(1);
  });
});

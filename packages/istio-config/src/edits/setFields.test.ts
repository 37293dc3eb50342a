import type { KubeObject } from '../kube/KubeObject';
import { patched } from './PatchOperation';
import { fieldOperations } from './setFields';

const OBJECT: KubeObject = {
  apiVersion: 'v1',
  kind: 'Any',
  metadata: { name: 'a' },
  spec: { a: [{ b: 1 }, 5] },
};

describe('fieldOperations', () => {
  it.each<[string, (string | number)[], unknown, object, string[]]>([
    [
      'sets what is there',
      ['spec', 'a', 0, 'b'],
      2,
      { a: [{ b: 2 }, 5] },
      ['test 1', 'replace 2'],
    ],
    [
      'sets what is not there',
      ['spec', 'x', 'y'],
      1,
      { a: [{ b: 1 }, 5], x: { y: 1 } },
      ['add {"y":1}'],
    ],
    [
      'takes a field away',
      ['spec', 'a', 0, 'b'],
      undefined,
      { a: [{}, 5] },
      ['test 1', 'remove'],
    ],
    [
      'takes an item away',
      ['spec', 'a', 0],
      undefined,
      { a: [5] },
      ['test {"b":1}', 'remove'],
    ],
    [
      'takes nothing away twice',
      ['spec', 'q', 'r'],
      undefined,
      OBJECT.spec,
      [],
    ],
    ['sets nothing twice', ['spec', 'a', 1], 5, OBJECT.spec, []],
  ])('%s', (_name, at, value, spec, steps) => {
    const operations = fieldOperations(OBJECT, [{ at, value }]);
    expect(patched(OBJECT, operations).spec).toEqual(spec);
    expect(
      operations.map(operation =>
        'value' in operation
          ? `${operation.op} ${JSON.stringify(operation.value)}`
          : operation.op,
      ),
    ).toEqual(steps);
  });

  it('sees at each step what the steps before it left', () => {
    const operations = fieldOperations(OBJECT, [
      { at: ['spec', 'a', 0] },
      { at: ['spec', 'a', 0], value: 6 },
    ]);
    expect(operations).toContainEqual({
      op: 'test',
      at: ['spec', 'a', 0],
      value: 5,
    });
    expect(patched(OBJECT, operations).spec).toEqual({ a: [6] });
  });
});

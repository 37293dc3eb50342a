import { mainRule, newcomer, sameWeights, withWeight } from './weights';

describe('withWeight', () => {
  it.each([
    [{ stable: 90, canary: 10 }, 'canary', 25, { stable: 75, canary: 25 }],
    [{ stable: 90, canary: 10 }, 'stable', 40, { stable: 40, canary: 60 }],
    [{ a: 50, b: 30, c: 20 }, 'a', 0, { a: 0, b: 60, c: 40 }],
    [{ a: 34, b: 33, c: 33 }, 'a', 33, { a: 33, b: 34, c: 33 }],
    [{ a: 100, b: 0, c: 0 }, 'a', 70, { a: 70, b: 30, c: 0 }],
    [{ only: 100 }, 'only', 10, { only: 100 }],
    [{ stable: 90, canary: 10 }, 'canary', 140, { stable: 0, canary: 100 }],
    [{ stable: 90, canary: 10 }, 'canary', -4, { stable: 100, canary: 0 }],
    [{ stable: 90, canary: 10 }, 'canary', 12.6, { stable: 87, canary: 13 }],
  ])('%p, %s to %p', (weights, subset, weight, expected) => {
    expect(withWeight(weights, subset, weight)).toEqual(expected);
  });

  it('adds up to 100 whatever is moved, in whole percents, in the same order', () => {
    const names = ['v1', 'v2', 'v3', 'v4'];
    let weights: Record<string, number> = { v1: 97, v2: 1, v3: 1, v4: 1 };
    for (let step = 0; step < 2_000; step++) {
      const name = names[(step * 7) % 4];
      weights = withWeight(weights, name, (step * 37) % 101);
      const values = Object.values(weights);
      expect(values.reduce((sum, value) => sum + value, 0)).toBe(100);
      expect(values.every(value => value >= 0 && value % 1 === 0)).toBe(true);
      expect(Object.keys(weights)).toEqual(names);
    }
  });
});

it.each([
  [{ stable: 90, canary: 10 }, 'canary'],
  [{ canary: 10, stable: 90 }, 'canary'],
  [{ v1: 90, v2: 10 }, 'v2'],
  [{ 'shop-next': 10, shop: 90 }, 'shop-next'],
  [{ 'shop-canary': 10, 'shop-primary': 90 }, 'shop-canary'],
  [{ stable: 100 }, 'stable'],
  [{}, undefined],
])('of %p the newcomer is %p', (weights, subset) => {
  expect(newcomer(weights)).toBe(subset);
});

it('tells changed weights from unchanged ones', () => {
  expect(sameWeights({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true);
  expect(sameWeights({ a: 1, b: 2 }, { a: 1, b: 3 })).toBe(false);
  expect(sameWeights({ a: 1 }, { a: 1, b: 0 })).toBe(false);
});

describe('mainRule', () => {
  const rule = (index: number, weights: Record<string, number>) => ({
    rule: {
      object: { apiVersion: 'v1', kind: 'X', name: 'x' },
      path: `spec.http[${index}]`,
      digest: '',
    },
    number: index + 1,
    requests: [],
    weights,
  });

  it.each([
    [
      'the one that splits',
      [
        [0, 100],
        [90, 10],
        [100, 0],
      ],
      1,
    ],
    [
      'else the last',
      [
        [0, 100],
        [100, 0],
      ],
      1,
    ],
    ['none of none', [], undefined],
  ])('%s', (_name, weights, index) => {
    const rules = weights.map(([stable, canary], position) =>
      rule(position, { stable, canary }),
    );
    expect(mainRule(rules)).toBe(
      index === undefined ? undefined : rules[index],
    );
  });
});

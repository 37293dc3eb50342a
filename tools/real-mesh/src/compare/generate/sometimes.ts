import fc from 'fast-check';

/** Now and then a value, else none: `weight` to one. */
export const sometimes = <T>(arbitrary: fc.Arbitrary<T>, weight = 3) =>
  fc.oneof(
    { weight, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary },
  );

export const hasSomething = (value: object) =>
  Object.values(value).some(one => one !== undefined);

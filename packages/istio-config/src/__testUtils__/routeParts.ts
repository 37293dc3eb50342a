import fc from 'fast-check';
import { junk } from './arbitrary';

export const NAMESPACES = ['one', 'two'];
const NAMES = ['a', 'b', 'c'];

/** Mostly what it should be, now and then anything. */
export function spoilt<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 40, arbitrary },
    { weight: 1, arbitrary: junk },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
}

export const listOf = (arbitrary: fc.Arbitrary<unknown>, maxLength = 3) =>
  spoilt(fc.array(spoilt(arbitrary), { minLength: 1, maxLength }));

export const some = (fields: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record(fields, { noNullPrototype: true });
export const perhaps = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.option(arbitrary, { nil: undefined, freq: 2 });
export const optional = (arbitrary: fc.Arbitrary<unknown>) =>
  perhaps(spoilt(arbitrary));
export const optionalList = (arbitrary: fc.Arbitrary<unknown>, maxLength = 3) =>
  perhaps(listOf(arbitrary, maxLength));

export const name = fc.constantFrom(...NAMES);
export const host = fc.constantFrom(
  'a',
  'b',
  'a.one.svc.cluster.local',
  '*.one.svc.cluster.local',
  'x.example.com',
  '*.example.com',
  '*',
);
export const port = fc.constantFrom(80, 443, 5432);
export const weight = fc.oneof(
  fc.constantFrom<unknown>(undefined, 0, 1),
  fc.integer({ min: -1, max: 1000 }),
  fc.double({ noNaN: true }),
);
export const duration = fc.constantFrom('1s', '250ms', '0s', 'soon');

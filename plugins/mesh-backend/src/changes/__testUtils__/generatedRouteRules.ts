import fc from 'fast-check';
import { backend } from './weighedRoute';

const perhaps = <T>(value: fc.Arbitrary<T>) =>
  fc.option(value, { nil: undefined });

const header = fc.constantFrom('a', 'b').map(value => ({
  type: 'RequestHeaderModifier',
  requestHeaderModifier: { set: [{ name: 'x-weight', value }] },
}));

const match = fc.record({
  headers: fc
    .constantFrom('x-a', 'x-b')
    .map(name => [{ type: 'Exact', name, value: '10' }]),
});

/** The rules of an HTTPRoute or GRPCRoute of a Service: some of one backend, some that name one twice, some with a copy. */
export function generatedRouteRules(name: string): fc.Arbitrary<object[]> {
  const target = fc
    .tuple(
      fc.constantFrom(name, `${name}-next`, `${name}-last`),
      perhaps(fc.integer({ min: 0, max: 200 })),
      perhaps(fc.array(header, { minLength: 1, maxLength: 1 })),
    )
    .map(([to, weight, filters]) => backend(to, weight, { filters }));
  const mirror = {
    type: 'RequestMirror',
    requestMirror: { backendRef: backend(`${name}-last`) },
  };
  return fc
    .array(
      fc.record(
        {
          backendRefs: fc.array(target, { minLength: 1, maxLength: 3 }),
          matches: perhaps(fc.array(match, { minLength: 1, maxLength: 2 })),
          filters: perhaps(fc.constant([mirror])),
        },
        { noNullPrototype: true },
      ),
      { minLength: 2, maxLength: 4 },
    )
    .map(rules => JSON.parse(JSON.stringify(rules)));
}

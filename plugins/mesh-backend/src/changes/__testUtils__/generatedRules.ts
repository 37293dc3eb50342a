import fc from 'fast-check';
import { to } from './weightedService';

const perhaps = <T>(value: fc.Arbitrary<T>) =>
  fc.option(value, { nil: undefined });

const match = fc.record(
  {
    uri: perhaps(fc.constantFrom({ prefix: '/a' }, { exact: '/b' })),
    headers: perhaps(fc.constant({ 'x/y': { exact: '~' } })),
    gateways: perhaps(fc.constantFrom(['mesh'], ['edge/gateway'])),
    port: perhaps(fc.constant(80)),
  },
  { noNullPrototype: true },
);

const beside = {
  name: perhaps(fc.constantFrom('login', 'all')),
  match: perhaps(fc.array(match, { minLength: 1, maxLength: 2 })),
  retries: perhaps(fc.constant({ attempts: 2, retryOn: '5xx' })),
  timeout: perhaps(fc.constantFrom('1s', '10s')),
};

const weight = fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined });

function ownRule(host: string) {
  const route = fc.oneof(
    weight.map(given => [to(host, 'stable', given)]),
    weight.map(given => [to(host, 'canary', given)]),
    fc
      .tuple(fc.integer({ min: 1, max: 99 }), weight)
      .map(([a, b]) => [to(host, 'canary', a), to(host, 'stable', b)]),
  );
  return fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ ...beside, route }, { noNullPrototype: true }),
    },
    {
      weight: 1,
      arbitrary: fc.record(
        { ...beside, redirect: fc.constant({ uri: '/new' }) },
        { noNullPrototype: true },
      ),
    },
  );
}

/** The HTTP rules of a root, of which some delegate, and those of the delegate. */
export function generatedRules(
  host: string,
  delegate: { namespace: string; name: string },
): fc.Arbitrary<{ root: object[]; delegate: object[] }> {
  const rule = ownRule(host);
  const delegating = fc.record(
    { match: beside.match, delegate: fc.constant(delegate) },
    { noNullPrototype: true },
  );
  return fc
    .record({
      root: fc.array(
        fc.oneof(
          { weight: 3, arbitrary: rule },
          { weight: 1, arbitrary: delegating },
        ),
        { minLength: 2, maxLength: 5 },
      ),
      delegate: fc.array(rule, { minLength: 1, maxLength: 3 }),
    })
    .map(rules => JSON.parse(JSON.stringify(rules)));
}

import fc from 'fast-check';
import { istio } from '../../testMesh';
import { EDGE, ONE, TWO } from '../places';
import { hasSomething, sometimes } from './sometimes';

/** What ports demand of their callers. */
export const peerAuthentication = fc
  .record({
    place: fc.constantFrom(ONE, TWO, 'istio-system'),
    mode: fc.constantFrom('STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET'),
    selector: sometimes(
      fc.constantFrom({ app: 'a' }, { app: 'a', version: 'v1' }),
      1,
    ),
    ports: sometimes(
      fc.dictionary(
        fc.constantFrom('8080', '8081'),
        fc.constantFrom({ mode: 'STRICT' }, { mode: 'PERMISSIVE' }),
        { minKeys: 1 },
      ),
      2,
    ),
  })
  .map(({ place, mode, selector, ports }) =>
    istio('PeerAuthentication', place, 'peer', {
      mtls: { mode },
      ...(selector && place !== 'istio-system'
        ? {
            selector: { matchLabels: selector },
            ...(ports ? { portLevelMtls: ports } : {}),
          }
        : {}),
    }),
  );

const source = fc.record({
  principals: sometimes(
    fc.constantFrom(
      ['cluster.local/ns/compare-one/sa/client'],
      ['*/sa/client'],
      ['cluster.local/ns/compare-two/*'],
    ),
    1,
  ),
  namespaces: sometimes(fc.constantFrom([ONE], [TWO], ['compare-*']), 3),
  notNamespaces: sometimes(fc.constantFrom([ONE], [TWO]), 5),
});
const operation = fc.record({
  methods: sometimes(fc.constantFrom(['GET'], ['POST'], ['P*']), 2),
  paths: sometimes(
    fc.constantFrom(['/a'], ['/a*'], ['*b'], ['/a/{*}'], ['/{**}']),
    1,
  ),
  notPaths: sometimes(fc.constantFrom(['/a*'], ['/']), 4),
  ports: sometimes(fc.constantFrom(['8080'], ['8081']), 4),
  hosts: sometimes(fc.constantFrom(['a.compare-one*'], ['*.example.com']), 5),
});
const when = fc.constantFrom(
  { key: 'request.headers[x-one]', values: ['v*'] },
  { key: 'request.headers[x-two]', notValues: ['v'] },
  { key: 'source.namespace', values: [ONE] },
  { key: 'destination.port', values: ['8080'] },
);
const to = sometimes(
  fc.array(
    operation.filter(hasSomething).map(one => ({ operation: one })),
    { minLength: 1, maxLength: 2 },
  ),
  1,
);
const accessRule = fc.record({
  from: sometimes(
    fc.array(
      source.filter(hasSomething).map(one => ({ source: one })),
      { minLength: 1, maxLength: 2 },
    ),
    1,
  ),
  to,
  when: sometimes(fc.array(when, { minLength: 1, maxLength: 2 }), 2),
});
const selector = sometimes(
  fc.constantFrom(
    { matchLabels: { app: 'a' } },
    { matchLabels: { version: 'v2' } },
  ),
  1,
);
const places = fc.constantFrom(ONE, ONE, TWO, EDGE, 'istio-system');

/** Asks somebody whom the mesh does not know; of the caller's identity such a policy may not speak. */
const delegatedPolicy = fc
  .record({
    place: places,
    selector,
    rules: fc.array(fc.record({ to }).filter(hasSomething), {
      minLength: 1,
      maxLength: 2,
    }),
  })
  .map(({ place, ...spec }) =>
    istio('AuthorizationPolicy', place, 'delegated', {
      action: 'CUSTOM',
      provider: { name: 'nobody' },
      ...spec,
    }),
  );

const ownPolicy = fc
  .record({
    place: places,
    name: fc.constantFrom('access', 'other'),
    action: fc.constantFrom('ALLOW', 'DENY'),
    selector,
    rules: fc.array(accessRule, { maxLength: 2 }),
  })
  .map(({ place, name, ...spec }) =>
    istio('AuthorizationPolicy', place, name, spec),
  );

/** Who may do what, at pods and at the gateway. */
export const authorizationPolicy = fc.oneof(
  { weight: 6, arbitrary: ownPolicy },
  { weight: 1, arbitrary: delegatedPolicy },
);

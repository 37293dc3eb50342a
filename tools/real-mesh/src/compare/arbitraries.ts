import fc from 'fast-check';
import type { AnyObject } from '../KubeApi';
import { istio } from '../testMesh';
import { EDGE, ONE, TWO } from './World';

/** A configuration and what is to be asked of it. */
export interface Trial {
  objects: AnyObject[];
  requests: Ask[];
}

/** Who asks whom for what. */
export interface Ask {
  /** `namespace/app`. */
  from: string;
  /** Through the gateway. */
  atEdge: boolean;
  /** The Service, `namespace/name`. */
  to: string;
  host: 'short' | 'full' | 'outside';
  port: 80 | 81;
  method: string;
  path: string;
  headers: Record<string, string>;
}

const PATHS = [
  '/',
  '/a',
  '/a/b',
  '/ab',
  '/A',
  '/a/b/c',
  '/x?q=v',
  '/a?q=v&r=w',
];
const VALUES = ['v', 'w', 'vw'];

const textMatch = (...values: string[]) =>
  fc.oneof(
    fc.constantFrom(...values).map(exact => ({ exact })),
    fc.constantFrom(...values).map(prefix => ({ prefix })),
    fc.constantFrom('.*', 'v.*', '/a.*', '[vw]').map(regex => ({ regex })),
  );
const sometimes = <T>(arbitrary: fc.Arbitrary<T>, weight = 3) =>
  fc.oneof(
    { weight, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary },
  );
const headers = fc.dictionary(
  fc.constantFrom('x-one', 'x-two'),
  textMatch(...VALUES),
  { minKeys: 1, maxKeys: 2 },
);

const match = fc.record({
  uri: sometimes(textMatch('/', '/a', '/a/b', '/A'), 1),
  ignoreUriCase: sometimes(fc.constant(true), 6),
  method: sometimes(textMatch('GET', 'POST'), 4),
  authority: sometimes(
    textMatch(
      'a.compare-one',
      'a.compare-one.svc.cluster.local',
      'a.example.com',
    ),
    5,
  ),
  headers: sometimes(headers),
  withoutHeaders: sometimes(headers, 5),
  queryParams: sometimes(
    fc.dictionary(fc.constantFrom('q', 'r'), textMatch(...VALUES), {
      minKeys: 1,
      maxKeys: 1,
    }),
    5,
  ),
  port: sometimes(fc.constantFrom(80, 81), 6),
  sourceLabels: sometimes(fc.constantFrom({ app: 'client' }, { app: 'b' }), 6),
  sourceNamespace: sometimes(fc.constantFrom(ONE, TWO), 6),
  gateways: sometimes(
    fc.constantFrom(['mesh'], [`${EDGE}/web`], ['mesh', `${EDGE}/web`]),
    6,
  ),
});

const destination = fc.record({
  host: fc.constantFrom(
    'a',
    'a.compare-one.svc.cluster.local',
    'b',
    'c.compare-two',
    'd.compare-plain',
  ),
  subset: sometimes(fc.constantFrom('v1', 'v2', 'none'), 2),
  port: sometimes(fc.constantFrom({ number: 80 }, { number: 81 }), 1),
});

const route = fc.oneof(
  { weight: 4, arbitrary: destination.map(one => [{ destination: one }]) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(destination, destination, fc.constantFrom(0, 20, 100))
      .map(([one, other, weight]) => [
        { destination: one, weight },
        { destination: other, weight: 100 - weight },
      ]),
  },
);

const action = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      route,
      rewrite: sometimes(
        fc.oneof(
          fc.constantFrom('/', '/new').map(uri => ({ uri })),
          fc.constant({ authority: 'other.example.com' }),
        ),
        4,
      ),
      fault: sometimes(
        fc.constantFrom(0, 100).map(value => ({
          abort: { percentage: { value }, httpStatus: 418 },
        })),
        6,
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(200, 404, 503)
      .map(status => ({ directResponse: { status } })),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      redirect: fc.record(
        {
          uri: fc.constantFrom('/moved'),
          authority: fc.constantFrom('moved.example.com'),
          redirectCode: fc.constantFrom(301, 307),
        },
        { requiredKeys: ['uri'] },
      ),
    }),
  },
);

const rule = fc
  .tuple(fc.array(match, { maxLength: 2 }), action)
  .map(([matches, act]) => ({
    ...(matches.length ? { match: matches } : {}),
    ...act,
  }));

const virtualService = fc
  .record({
    place: fc.constantFrom(ONE, TWO),
    name: fc.constantFrom('first', 'second'),
    hosts: fc.uniqueArray(
      fc.constantFrom(
        'a.compare-one.svc.cluster.local',
        'b.compare-one.svc.cluster.local',
        'a.example.com',
        '*.compare-one.svc.cluster.local',
        '*.example.com',
      ),
      { minLength: 1, maxLength: 2 },
    ),
    gateways: fc.constantFrom(
      undefined,
      ['mesh'],
      [`${EDGE}/web`],
      ['mesh', `${EDGE}/web`],
    ),
    exportTo: sometimes(fc.constantFrom(['.'], ['*'], [TWO]), 4),
    http: fc.array(rule, { minLength: 1, maxLength: 4 }),
  })
  .map(({ place, name, ...spec }) =>
    istio('VirtualService', place, name, spec),
  );

const destinationRule = fc
  .record({
    place: fc.constantFrom(ONE, TWO),
    name: fc.constantFrom('a', 'other'),
    host: fc.constantFrom(
      'a.compare-one.svc.cluster.local',
      'a',
      '*.compare-one.svc.cluster.local',
    ),
    exportTo: sometimes(fc.constantFrom(['.'], ['*']), 4),
    trafficPolicy: sometimes(
      fc.record({
        tls: fc.record({ mode: fc.constantFrom('DISABLE', 'ISTIO_MUTUAL') }),
      }),
      3,
    ),
    subsets: fc.constantFrom(
      undefined,
      [{ name: 'v1', labels: { version: 'v1' } }],
      ['v1', 'v2'].map(version => ({ name: version, labels: { version } })),
      [{ name: 'v2', labels: { version: 'v9' } }],
    ),
  })
  .map(({ place, name, ...spec }) =>
    istio('DestinationRule', place, name, spec),
  );

const peerAuthentication = fc
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
const hasSomething = (value: object) =>
  Object.values(value).some(one => one !== undefined);
const accessRule = fc.record({
  from: sometimes(
    fc.array(
      source.filter(hasSomething).map(one => ({ source: one })),
      { minLength: 1, maxLength: 2 },
    ),
    1,
  ),
  to: sometimes(
    fc.array(
      operation.filter(hasSomething).map(one => ({ operation: one })),
      { minLength: 1, maxLength: 2 },
    ),
    1,
  ),
  when: sometimes(fc.array(when, { minLength: 1, maxLength: 2 }), 2),
});
const authorizationPolicy = fc
  .record({
    place: fc.constantFrom(ONE, TWO, 'istio-system'),
    name: fc.constantFrom('access', 'other'),
    action: fc.constantFrom('ALLOW', 'DENY'),
    selector: sometimes(
      fc.constantFrom(
        { matchLabels: { app: 'a' } },
        { matchLabels: { version: 'v2' } },
      ),
      1,
    ),
    rules: fc.array(accessRule, { maxLength: 2 }),
  })
  .map(({ place, name, ...spec }) =>
    istio('AuthorizationPolicy', place, name, spec),
  );

const GATEWAY = istio('Gateway', EDGE, 'web', {
  selector: { istio: 'compare-edge' },
  servers: [
    { port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] },
  ],
});

const ask: fc.Arbitrary<Ask> = fc.record({
  from: fc.constantFrom(
    `${ONE}/client`,
    `${TWO}/client`,
    `${ONE}/b`,
    'compare-plain/client',
  ),
  atEdge: fc.oneof(
    { weight: 3, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
  to: fc.constantFrom(`${ONE}/a`, `${ONE}/a`, `${ONE}/b`, `${TWO}/c`),
  host: fc.constantFrom('short' as const, 'full' as const, 'outside' as const),
  port: fc.constantFrom(80 as const, 80 as const, 81 as const),
  method: fc.constantFrom('GET', 'POST'),
  path: fc.constantFrom(...PATHS),
  headers: fc.dictionary(
    fc.constantFrom('x-one', 'x-two'),
    fc.constantFrom(...VALUES),
    { maxKeys: 2 },
  ),
});

const keyOf = ({ kind, metadata }: AnyObject) =>
  `${kind} ${metadata.namespace} ${metadata.name}`;

/** A configuration with that many requests. */
export function trials(requests: number): fc.Arbitrary<Trial> {
  return fc
    .tuple(
      fc.uniqueArray(
        fc.oneof(
          { weight: 4, arbitrary: virtualService },
          { weight: 3, arbitrary: destinationRule },
          { weight: 1, arbitrary: peerAuthentication },
          { weight: 2, arbitrary: authorizationPolicy },
        ),
        { minLength: 1, maxLength: 5, selector: keyOf },
      ),
      fc.array(ask, { minLength: requests, maxLength: requests }),
    )
    .map(([objects, asks]) => ({
      // As they are written: what is undefined is not there.
      objects: JSON.parse(JSON.stringify([GATEWAY, ...objects])),
      requests: asks,
    }));
}

import fc from 'fast-check';
import { istio } from '../../testMesh';
import { EDGE, ONE, TWO } from '../places';
import { headers } from './headers';
import { PATTERNS, TEXTS } from './requests';
import { sometimes } from './sometimes';

const textMatch = (...values: string[]) =>
  fc.oneof(
    fc.constantFrom(...values).map(exact => ({ exact })),
    fc.constantFrom(...values).map(prefix => ({ prefix })),
    fc.constantFrom(...PATTERNS).map(regex => ({ regex })),
  );
const headerMatches = fc.dictionary(
  fc.constantFrom('x-one', 'x-two', ':authority', ':method'),
  fc.oneof(
    { weight: 6, arbitrary: textMatch(...TEXTS) },
    { weight: 1, arbitrary: fc.constant({}) },
  ),
  { minKeys: 1, maxKeys: 2 },
);
const withoutHeaders = fc.dictionary(
  fc.constantFrom('x-one', 'x-two'),
  fc.oneof(
    { weight: 3, arbitrary: textMatch(...TEXTS) },
    { weight: 1, arbitrary: fc.constant({ regex: '*' }) },
    { weight: 1, arbitrary: fc.constant({}) },
  ),
  { minKeys: 1, maxKeys: 2 },
);
const queryParams = fc.dictionary(
  fc.constantFrom('q', 'r'),
  textMatch(...TEXTS),
  { minKeys: 1, maxKeys: 1 },
);

/** Gateways that a VirtualService or one of its matches names. */
export const GATEWAYS = [
  ['mesh'],
  [`${EDGE}/web`],
  ['mesh', `${EDGE}/web`],
  [`${ONE}/more`, 'mesh'],
  [`${EDGE}/web`, `${ONE}/more`],
];

const match = fc.record({
  uri: sometimes(textMatch('/', '/a', '/a/b', '/A'), 1),
  ignoreUriCase: sometimes(fc.constant(true), 6),
  method: sometimes(textMatch('GET', 'POST'), 4),
  scheme: sometimes(textMatch('http', 'https'), 9),
  authority: sometimes(
    textMatch(
      'a.compare-one',
      'a.compare-one.svc.cluster.local',
      'a.example.com',
    ),
    5,
  ),
  headers: sometimes(headerMatches),
  withoutHeaders: sometimes(withoutHeaders, 5),
  queryParams: sometimes(queryParams, 5),
  port: sometimes(fc.constantFrom(80, 81), 6),
  sourceLabels: sometimes(
    fc.constantFrom({ app: 'client' }, { app: 'b' }, { app: 'edge' }),
    6,
  ),
  sourceNamespace: sometimes(fc.constantFrom(ONE, TWO, EDGE), 6),
  gateways: sometimes(fc.constantFrom(...GATEWAYS), 6),
});

const destination = fc.record({
  host: fc.constantFrom(
    'a',
    'a.compare-one.svc.cluster.local',
    'b',
    'c.compare-two',
    'c.compare-two.svc.cluster.local',
    'single.compare-one.svc.cluster.local',
    'hidden.compare-two.svc.cluster.local',
    'alias.compare-one.svc.cluster.local',
    'd.compare-plain.svc.cluster.local',
    'x.entry.test',
  ),
  subset: sometimes(fc.constantFrom('v1', 'v2', 'none'), 2),
  port: sometimes(
    fc.constantFrom({ number: 80 }, { number: 81 }, { number: 8000 }),
    1,
  ),
});

const target = fc.record({ destination, headers: sometimes(headers, 6) });

const route = fc.oneof(
  { weight: 4, arbitrary: target.map(one => [one]) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(target, target, fc.constantFrom(0, 20, 100))
      .map(([one, other, weight]) => [
        { ...one, weight },
        { ...other, weight: 100 - weight },
      ]),
  },
);

const rewrite = fc.oneof(
  fc.constantFrom('/', '/new', '/new/').map(uri => ({ uri })),
  fc.constant({ authority: 'other.example.com' }),
  fc.constantFrom(
    { uriRegexRewrite: { match: '/([ab])', rewrite: '/x\\1' } },
    { uriRegexRewrite: { match: '^/.*$', rewrite: '/all' } },
  ),
);

const fault = fc.oneof(
  fc.constantFrom(0, 100).map(value => ({
    abort: { percentage: { value }, httpStatus: 418 },
  })),
  fc.constantFrom('UNAVAILABLE', 'NOT_FOUND').map(grpcStatus => ({
    abort: { percentage: { value: 100 }, grpcStatus },
  })),
  fc.constant({ delay: { percentage: { value: 100 }, fixedDelay: '0.05s' } }),
);

const redirect = fc.record(
  {
    uri: fc.constantFrom('/moved'),
    authority: fc.constantFrom('moved.example.com'),
    scheme: fc.constantFrom('https', 'http'),
    port: fc.constantFrom(80, 443, 8443),
    redirectCode: fc.constantFrom(301, 302, 307),
  },
  { requiredKeys: ['uri'] },
);

const forwarding = fc.record({
  route,
  rewrite: sometimes(rewrite, 4),
  headers: sometimes(
    fc.oneof(
      { weight: 3, arbitrary: headers },
      {
        weight: 1,
        arbitrary: fc.constant({
          request: { set: { host: 'set.example.com' } },
        }),
      },
    ),
    3,
  ),
  fault: sometimes(fault, 6),
  timeout: sometimes(fc.constantFrom('2s', '0.3s'), 4),
  retries: sometimes(
    fc.constantFrom(
      { attempts: 0, perTryTimeout: '0.3s' },
      { attempts: 1, perTryTimeout: '0.3s' },
      { attempts: 2 },
      { attempts: 1, perTryTimeout: '0.2s', retryOn: '5xx' },
    ),
    5,
  ),
  mirror: sometimes(fc.constantFrom({ host: 'b' }, { host: 'nobody' }), 8),
});

const action = fc.oneof(
  { weight: 5, arbitrary: forwarding },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(200, 404, 503)
      .map(status => ({ directResponse: { status } })),
  },
  { weight: 1, arbitrary: redirect.map(one => ({ redirect: one })) },
);

const rule = fc
  .tuple(fc.array(match, { maxLength: 3 }), action)
  .map(([matches, act]) => ({
    ...(matches.length ? { match: matches } : {}),
    ...act,
  }))
  // What sets the host twice is refused.
  .filter(one => !('headers' in one && one.rewrite && one.headers));

const delegating = fc
  .tuple(
    fc.array(match, { maxLength: 2 }),
    fc.constantFrom(
      { name: 'part' },
      { name: 'part', namespace: ONE },
      { name: 'part', namespace: TWO },
    ),
  )
  .map(([matches, delegate]) => ({
    ...(matches.length ? { match: matches } : {}),
    delegate,
  }));

/** VirtualServices with hosts. */
export const virtualService = fc
  .record({
    place: fc.constantFrom(ONE, ONE, TWO, EDGE),
    name: fc.constantFrom('first', 'second'),
    hosts: fc.uniqueArray(
      fc.constantFrom(
        'a.compare-one.svc.cluster.local',
        'a.compare-one.svc.cluster.local',
        'b.compare-one.svc.cluster.local',
        'single.compare-one.svc.cluster.local',
        'a.example.com',
        '*.compare-one.svc.cluster.local',
        '*.svc.cluster.local',
        '*.example.com',
        'x.entry.test',
        '*.entry.test',
      ),
      { minLength: 1, maxLength: 2 },
    ),
    gateways: fc.constantFrom(undefined, undefined, ...GATEWAYS),
    exportTo: sometimes(
      fc.constantFrom(['.'], ['*'], [TWO], [EDGE], [ONE, EDGE], ['.', TWO]),
      3,
    ),
    http: fc.array(
      fc.oneof(
        { weight: 6, arbitrary: rule },
        { weight: 1, arbitrary: delegating },
      ),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ place, name, ...spec }) =>
    istio('VirtualService', place, name, spec),
  );

/** VirtualServices that others delegate to. */
export const delegate = fc
  .record({
    place: fc.constantFrom(ONE, TWO),
    exportTo: sometimes(fc.constantFrom(['.'], ['*'], [TWO]), 3),
    http: fc.array(rule, { minLength: 1, maxLength: 2 }),
  })
  .map(({ place, ...spec }) => istio('VirtualService', place, 'part', spec));

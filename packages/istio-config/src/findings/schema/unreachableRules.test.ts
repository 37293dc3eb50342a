import fc from 'fast-check';
import { fieldOperations } from '../../edits/setFields';
import { patched } from '../../edits/PatchOperation';
import type { KubeObject } from '../../kube/KubeObject';
import { MeshObjects } from '../../MeshObjects';
import { effectiveRoutesOfHost } from '../../routes/effectiveRoutesOfHost';
import { effectiveRoutes } from '../../routes/effectiveRoutes';
import { matchRequest } from '../../routes/matchRequest';
import type { RequestOrigin } from '../../routes/types';
import { findings } from '../findings';

const text = (...values: string[]) =>
  fc.oneof(
    fc.constantFrom(...values).map(exact => ({ exact })),
    fc.constantFrom(...values).map(value => ({ prefix: value.slice(0, 2) })),
    fc.constantFrom('.*', 'G.*', 'v.', '/a.*').map(regex => ({ regex })),
  );
const map = (key: string) =>
  fc.record(
    { [key]: fc.oneof(text('v1', 'v2'), fc.constant({})) },
    { requiredKeys: [] },
  );

const uri = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom({ prefix: '/a' }, { prefix: '/a/b' }),
  },
  { weight: 1, arbitrary: text('/a', '/a/b', '/A', '/b') },
);

/** One or two of the conditions that a match may have, each with few values, so that they meet. */
const conditions = fc.record(
  {
    method: text('GET', 'POST'),
    authority: text('x.one', 'y.one'),
    headers: map('h'),
    withoutHeaders: map('h'),
    queryParams: map('q'),
    ignoreUriCase: fc.boolean(),
    port: fc.constantFrom(80, 81),
    sourceLabels: fc.constantFrom({ app: 'a' }, { app: 'b' }),
    sourceNamespace: fc.constantFrom('one', 'two'),
    gateways: fc.constantFrom(['mesh'], ['one/g'], ['mesh', 'one/g']),
  },
  { requiredKeys: [] },
);
const match = fc
  .tuple(uri, conditions, fc.nat(9), fc.nat(9))
  .map(([path, all, ...kept]) => ({
    uri: path,
    ...Object.fromEntries(
      Object.entries(all).filter((_entry, index) => kept.includes(index)),
    ),
  }));
const rule = fc.record(
  {
    match: fc.oneof(
      { weight: 1, arbitrary: fc.constant([]) },
      { weight: 9, arbitrary: fc.array(match, { minLength: 2, maxLength: 2 }) },
    ),
    delegate: fc.oneof(
      { weight: 3, arbitrary: fc.constant(undefined) },
      {
        weight: 2,
        arbitrary: fc.constantFrom(
          { name: 'd', namespace: 'one' },
          { name: 'd' },
          { name: 'e' },
        ),
      },
    ),
  },
  { requiredKeys: ['match'] },
);

const NETWORK = 'networking.istio.io/v1';
const object = (kind: string, name: string, spec: object): KubeObject => ({
  apiVersion: kind === 'Service' ? 'v1' : NETWORK,
  kind,
  metadata: { name, namespace: 'one' },
  spec,
});
const REST = [
  object('Service', 'x', {
    ports: [80, 81].map(port => ({ name: `http-${port}`, port })),
  }),
  object('Gateway', 'g', {
    servers: [{ port: { number: 80, protocol: 'HTTP' }, hosts: ['*'] }],
  }),
  object('VirtualService', 'd', {
    http: [
      { match: [{ uri: { prefix: '/a/b' } }], directResponse: { status: 210 } },
      {
        match: [{ headers: { h: { exact: 'v1' } } }, { port: 81 }],
        directResponse: { status: 211 },
      },
    ],
  }),
  object('VirtualService', 'e', {
    http: [
      {
        match: [{ authority: { prefix: 'x' }, method: { regex: 'G.*' } }],
        directResponse: { status: 212 },
      },
      { match: [{ uri: { regex: '/a.*' } }], directResponse: { status: 213 } },
    ],
  }),
];

/** Where each of them goes is told by a status of its own. */
function route(
  rules: readonly { match?: readonly object[]; delegate?: object }[],
) {
  return object('VirtualService', 'v', {
    hosts: ['x.one.svc.cluster.local'],
    gateways: ['mesh', 'one/g'],
    http: rules.map((given, index) => ({
      ...given,
      ...(given.delegate ? {} : { directResponse: { status: 200 + index } }),
    })),
  });
}

const ORIGINS: RequestOrigin[] = [
  { type: 'mesh', namespace: 'one', labels: { app: 'a' } },
  { type: 'mesh', namespace: 'two', labels: { app: 'b' } },
  { type: 'gateway', gateway: 'one/g' },
];
const product = <A, B>(as: readonly A[], bs: readonly B[]) =>
  as.flatMap(a => bs.map(b => [a, b] as const));
const REQUESTS = product(
  product(['/a', '/a/b', '/A', '/b', '/a?q=v1'], ['GET', 'POST']),
  product<string, Record<string, string>>(
    ['x.one', 'y.one'],
    [{}, { h: 'v1' }, { h: 'v2' }],
  ),
).map(([[path, method], [host, headers]]) => ({ path, method, host, headers }));

function answers(virtualService: KubeObject) {
  const set = MeshObjects.create([...REST, virtualService]);
  return product(ORIGINS, [80, 81]).flatMap(([from, port]) => {
    const routes =
      from.type === 'mesh'
        ? effectiveRoutes(set, { namespace: 'one', service: 'x', from, port })
        : effectiveRoutesOfHost(set, 'x.one.svc.cluster.local', {
            gateway: from.gateway,
            port,
          });
    return REQUESTS.map(
      request =>
        matchRequest(routes, { ...request, port }, from).rule?.directResponse
          ?.status,
    );
  });
}

const ABOUT_REACH = ['IST0130', 'IST0131'];
const found = (virtualService: KubeObject) =>
  findings(MeshObjects.create([...REST, virtualService])).filter(
    ({ code, resource }) => ABOUT_REACH.includes(code) && resource.name === 'v',
  );

describe('rules and matches that are never used', () => {
  it('may go: every request is answered as before', () => {
    let mends = 0;
    fc.assert(
      fc.property(fc.array(rule, { minLength: 2, maxLength: 4 }), rules => {
        const before = route(rules);
        const after = found(before).flatMap(({ mend }) =>
          mend ? [patched(before, fieldOperations(before, mend.edits))] : [],
        );
        mends += after.length;
        const wanted = answers(before);
        after.forEach(mendedObject =>
          expect(answers(mendedObject)).toEqual(wanted),
        );
      }),
      { numRuns: 1000 },
    );
    expect(mends).toBeGreaterThan(50);
  });

  const prefixes = (above: object, below: object) =>
    route([
      { match: [{ uri: { prefix: '/a' }, ...above }] },
      {
        match: [
          { uri: { prefix: '/a/b' }, ...below },
          { method: { exact: 'PUT' } },
        ],
      },
    ]);

  it.each<[string, object, object]>([
    ['a method above', { method: { exact: 'GET' } }, {}],
    [
      'regular expressions',
      { headers: { h: { regex: '1' } } },
      { headers: { h: { regex: '2' } } },
    ],
    ['an authority above', { authority: { exact: 'x.one' } }, {}],
    ['labels of callers above', { sourceLabels: { app: 'a' } }, {}],
    ['a namespace of callers above', { sourceNamespace: 'one' }, {}],
    ['a gateway above', { gateways: ['one/g'] }, {}],
    ['a scheme above', { scheme: { exact: 'https' } }, {}],
    ['case that is not looked at below', {}, { ignoreUriCase: true }],
  ])('leaves alone what is in use because of %s', (_name, above, below) => {
    expect(found(prefixes(above, below))).toEqual([]);
  });

  it('finds what is taken above, whatever else it asks', () => {
    expect(
      found(prefixes({}, {})).map(({ code, path }) => `${code} ${path}`),
    ).toEqual(['IST0131 spec.http[1].match[0]']);
  });

  it('leaves alone what a delegate leaves', () => {
    const same = { match: [{ uri: { prefix: '/a' } }] };
    const delegate = { name: 'd', namespace: 'one' };
    expect(found(route([{ ...same, delegate }, same]))).toEqual([]);
    expect(found(route([{ match: [], delegate }, same]))).toEqual([]);
    expect(found(route([same, { ...same, delegate }]))).not.toEqual([]);
    const other = { name: 'e', namespace: 'one' };
    expect(
      found(
        route([
          { ...same, delegate },
          { ...same, delegate: other },
        ]),
      ),
    ).toEqual([]);
  });

  it('offers no mend of a match that a delegate may need', () => {
    const matches = [{ uri: { prefix: '/a' } }, { uri: { exact: '/b' } }];
    const rules = [
      { match: matches.slice(0, 1) },
      { match: matches, delegate: { name: 'd' } },
    ];
    expect(found(route(rules))).toEqual([
      expect.objectContaining({ code: 'IST0131', mend: undefined }),
    ]);
  });

  it('leaves alone the match of a rule that keeps more of the delegate', () => {
    const few = [{ uri: { prefix: '/a' } }];
    const delegate = { name: 'd' };
    expect(
      found(
        route([
          { match: few, delegate },
          { match: [...few, { port: 81 }], delegate },
        ]),
      ),
    ).toEqual([]);
  });

  it.each<[string, { match: object[]; delegate: object }[], string[]]>([
    [
      'a match that the same rule has',
      [{ match: [{}, {}], delegate: { name: 'd' } }],
      ['IST0131 spec.http[0].match[1]'],
    ],
    [
      'a match that a rule above leads to the same delegate',
      [
        { match: [{ port: 80 }], delegate: { name: 'd' } },
        { match: [{ port: 80 }], delegate: { name: 'd', namespace: 'one' } },
      ],
      ['IST0130 spec.http[1]', 'IST0131 spec.http[1].match[0]'],
    ],
    [
      'a rule below one that leads everything to the same delegate',
      [
        { match: [], delegate: { name: 'd' } },
        { match: [{ port: 80 }], delegate: { name: 'd' } },
      ],
      ['IST0130 spec.http[1]'],
    ],
  ])('finds %s', (_name, rules, expected) => {
    expect(
      found(route(rules))
        .map(({ code, path }) => `${code} ${path}`)
        .sort(),
    ).toEqual(expected);
  });
});

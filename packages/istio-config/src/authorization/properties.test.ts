import fc from 'fast-check';
import { RUNS } from '../__testUtils__/arbitrary';
import type { KubeObject } from '../kube/KubeObject';
import { MeshObjects } from '../MeshObjects';
import { callers } from './callers';
import { evaluateAccess } from './evaluateAccess';
import { dryRunPolicies } from './policies';
import type { AccessRequest } from './types';

const WORKLOAD = { namespace: 'one', labels: { app: 'a' } };
const PRINCIPALS = [
  'cluster.local/ns/one/sa/x',
  'cluster.local/ns/two/sa/x',
  'cluster.local/ns/two/sa/y',
];
const some = <T>(...values: T[]) =>
  fc.option(fc.subarray(values, { minLength: 1 }), { nil: undefined });

const rule = fc.record({
  from: fc.option(
    fc.array(
      fc.record({
        source: fc.record({
          principals: some(...PRINCIPALS, '*/sa/x', '*'),
          notPrincipals: some(...PRINCIPALS),
          namespaces: some('one', 'two', 't*'),
          requestPrincipals: some('me/jane', 'me/*', '*', 'you/joe'),
        }),
      }),
      { minLength: 1, maxLength: 2 },
    ),
    { nil: undefined },
  ),
  to: fc.option(
    fc.array(
      fc.record({
        operation: fc.record({
          methods: some('GET', 'POST'),
          paths: some('/a', '/a/*', '*/z'),
          notPaths: some('/a/z'),
        }),
      }),
      { minLength: 1, maxLength: 2 },
    ),
    { nil: undefined },
  ),
  when: some(
    { key: 'request.auth.claims[roles]', values: ['admin'] },
    { key: 'request.auth.claims[org][unit]', values: ['ops', 'd*'] },
    { key: 'request.auth.audiences', notValues: ['api'] },
  ),
});

const reader = fc
  .record({
    issuer: fc.constantFrom('me', 'you'),
    audiences: some('api', 'web'),
    labels: fc.constantFrom(undefined, { app: 'a' }, { app: 'b' }),
  })
  .map(({ labels, ...jwtRule }) => ({
    apiVersion: 'security.istio.io/v1',
    kind: 'RequestAuthentication',
    metadata: { namespace: 'one', name: '' },
    spec: { jwtRules: [jwtRule], selector: labels && { matchLabels: labels } },
  }));

const policy = fc
  .record({
    action: fc.constantFrom('ALLOW', 'DENY', 'AUDIT', undefined),
    rules: fc.array(rule, { maxLength: 3 }),
    namespace: fc.constantFrom('one', 'two', 'istio-system'),
    labels: fc.constantFrom(undefined, { app: 'a' }, { app: 'b' }),
  })
  .map(({ action, rules, namespace, labels }) => ({
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { namespace, name: '' },
    spec: { action, rules, selector: labels && { matchLabels: labels } },
  }));
const policies = fc
  .tuple(fc.array(policy, { maxLength: 4 }), fc.array(reader, { maxLength: 2 }))
  .map(lists =>
    lists.flat().map((one, index) => ({
      ...one,
      metadata: { ...one.metadata, name: `p${index}` },
    })),
  );
const request: fc.Arbitrary<AccessRequest> = fc.record({
  principal: fc.constantFrom(...PRINCIPALS, undefined),
  port: fc.constant(80),
  method: fc.constantFrom('GET', 'POST'),
  path: fc.constantFrom('/a', '/a/b', '/a/z', '/z'),
  jwt: fc.option(
    fc.record({
      isValid: fc.constantFrom(true, undefined, false),
      claims: fc.record({
        iss: fc.constantFrom('me', 'you', 'they'),
        sub: fc.constantFrom('jane', 'joe'),
        aud: fc.constantFrom('api', ['web', 'api'], undefined),
        roles: fc.constantFrom(['admin', 'user'], 'admin', 7, undefined),
        org: fc.constantFrom({ unit: 'ops' }, { unit: ['dev'] }, 'ops'),
      }),
    }),
    { nil: undefined },
  ),
});

/** Written from Istio's documentation alone, without a look at the evaluator. */
function naive(objects: readonly KubeObject[], asked: AccessRequest): boolean {
  const like = (pattern: string, value: string | undefined) =>
    value !== undefined &&
    new RegExp(
      `^${pattern
        .split('*')
        .map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
        .join('.+')
        .replace(/^\.\+$/, '.+')}$`,
    ).test(value);
  const loosely = (pattern: string, value: string | undefined) =>
    like(pattern, value) ||
    (pattern !== '*' &&
      pattern.includes('*') &&
      value === pattern.replace('*', ''));
  const namespace = asked.principal?.split('/')[2];
  const isMine = ({ metadata, spec }: KubeObject) =>
    ['one', 'istio-system'].includes(metadata.namespace ?? '') &&
    (spec.selector === undefined || spec.selector.matchLabels.app === 'a');
  const each = (value: unknown) =>
    [value].flat().filter(item => typeof item === 'string') as string[];
  const readers = objects.filter(
    one => one.kind === 'RequestAuthentication' && isMine(one),
  );
  const { claims, isValid }: { claims?: any; isValid?: boolean } =
    asked.jwt ?? {};
  const jwtRules = readers.flatMap(({ spec }) => spec.jwtRules);
  if (claims && jwtRules.length > 0) {
    const accepting = jwtRules.filter(
      ({ issuer, audiences }) =>
        issuer === claims.iss &&
        (audiences ?? ['']).some(
          (one: string) => !audiences || each(claims.aud).includes(one),
        ),
    );
    if (isValid === false || accepting.length === 0) {
      return false;
    }
  }
  const said = claims && jwtRules.length > 0 ? claims : {};
  const token = said.iss && `${said.iss}/${said.sub}`;
  const conditionHolds = ({ key, values, notValues }: any) => {
    const actual = {
      'request.auth.claims[roles]': each(said.roles),
      'request.auth.claims[org][unit]': each(said.org?.unit),
      'request.auth.audiences': each(said.aud),
    }[key as string] as string[];
    const any = (patterns: string[]) =>
      patterns.some(pattern => actual.some(value => loosely(pattern, value)));
    return (!values || any(values)) && !(notValues && any(notValues));
  };
  const holds = (values: string[] | undefined, value: string | undefined) =>
    values === undefined || values.some(pattern => loosely(pattern, value));
  const mine = objects.filter(
    one => one.kind === 'AuthorizationPolicy' && isMine(one),
  );
  const fits = ({ spec }: KubeObject) =>
    spec.rules.some(
      ({ from, to, when }: any) =>
        (when ?? []).every(conditionHolds) &&
        (from === undefined ||
          from.some(
            ({ source }: any) =>
              holds(source.principals, asked.principal) &&
              !(
                source.notPrincipals &&
                holds(source.notPrincipals, asked.principal)
              ) &&
              holds(source.requestPrincipals, token) &&
              holds(source.namespaces, namespace),
          )) &&
        (to === undefined ||
          to.some(
            ({ operation }: any) =>
              holds(operation.methods, asked.method) &&
              holds(operation.paths, asked.path) &&
              !(operation.notPaths && holds(operation.notPaths, asked.path)),
          )),
    );
  if (mine.some(one => one.spec.action === 'DENY' && fits(one))) {
    return false;
  }
  const allows = mine.filter(
    ({ spec }) => (spec.action ?? 'ALLOW') === 'ALLOW',
  );
  return allows.length === 0 || allows.some(fits);
}

describe('evaluateAccess', () => {
  it('agrees with a naive reading of the documentation', () => {
    fc.assert(
      fc.property(policies, request, (objects, asked) => {
        expect(
          evaluateAccess(MeshObjects.create(objects), WORKLOAD, asked).allowed,
        ).toBe(naive(objects, asked));
      }),
      { numRuns: RUNS },
    );
  });

  it('keeps refusing what it refused when a DENY policy is added', () => {
    fc.assert(
      fc.property(policies, policy, request, (objects, added, asked) => {
        const before = MeshObjects.create(objects);
        const after = before.with([
          {
            type: 'put',
            object: {
              ...added,
              metadata: { ...added.metadata, name: 'added' },
              spec: { ...added.spec, action: 'DENY' },
            },
          },
        ]);
        fc.pre(!evaluateAccess(before, WORKLOAD, asked).allowed);
        expect(evaluateAccess(after, WORKLOAD, asked).allowed).toBe(false);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('on TCP, on trial and elsewhere', () => {
  const one = (spec: object, annotations = {}) =>
    MeshObjects.create([
      {
        apiVersion: 'security.istio.io/v1',
        kind: 'AuthorizationPolicy',
        metadata: { name: 'p', namespace: 'one', annotations },
        spec,
      },
    ]);
  const byPath = [{ to: [{ operation: { paths: ['/a'] } }] }];
  const tcp = { port: 5432, protocol: 'tcp' as const };

  it.each([
    ['drops an ALLOW rule about paths', { rules: byPath }, false],
    [
      'widens a DENY rule about paths',
      { action: 'DENY', rules: byPath },
      false,
    ],
    [
      'keeps a rule about ports',
      { rules: [{ to: [{ operation: { ports: ['5432'] } }] }] },
      true,
    ],
  ])('%s', (_name, spec, allowed) => {
    expect(evaluateAccess(one(spec), WORKLOAD, tcp).allowed).toBe(allowed);
  });

  it('says on whom a CUSTOM policy depends', () => {
    const set = one({
      action: 'CUSTOM',
      provider: { name: 'oauth' },
      rules: byPath,
    });
    const ask = (path: string) =>
      evaluateAccess(set, WORKLOAD, { port: 80, path }).dependsOn;
    expect(ask('/a')).toMatchObject([{ provider: 'oauth' }]);
    expect(ask('/b')).toBeUndefined();
  });

  it('lists policies on trial apart', () => {
    const set = one({ rules: [] }, { 'istio.io/dry-run': 'true' });
    expect(evaluateAccess(set, WORKLOAD, { port: 80 }).allowed).toBe(true);
    expect(dryRunPolicies(set, WORKLOAD)).toHaveLength(1);
  });

  it('lists who may call', () => {
    const set = one({
      rules: [{ from: [{ source: { principals: [PRINCIPALS[1]] } }] }],
    });
    expect(
      callers(set, WORKLOAD, 80).map(({ principal, allowed }) => [
        principal,
        allowed,
      ]),
    ).toEqual([
      [PRINCIPALS[1], 'yes'],
      [undefined, 'no'],
    ]);
  });
});

import { setFromYaml } from '../setFromYaml';
import { callerAccess } from './callerAccess';
import { evaluateAccess } from './evaluateAccess';
import { appliedPolicies } from './policies';
import { ruleOnZtunnel } from './ztunnelRules';

const CALLER = 'cluster.local/ns/orion/sa/web';
const AMBIENT = {
  namespace: 'orion',
  labels: { app: 'auth' },
  dataPlane: 'ambient' as const,
};
const request = { principal: CALLER, port: 8080, method: 'GET', path: '/me' };

const policy = (name: string, spec: string, namespace = 'orion') => `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: ${name}, namespace: ${namespace}}
spec: ${spec}
---
`;
const WAYPOINT = `
apiVersion: v1
kind: Service
metadata: {name: auth, namespace: orion, labels: {istio.io/use-waypoint: way}}
spec: {ports: [{port: 8080}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: way, namespace: orion}
spec: {gatewayClassName: istio-waypoint}
---
`;

describe('ztunnel', () => {
  it.each([
    [
      'keeps what is about connections',
      'DENY',
      { from: [{ source: { principals: ['a'] } }] },
      { from: [{ source: { principals: ['a'] } }] },
    ],
    [
      'drops an ALLOW rule about requests',
      'ALLOW',
      { to: [{ operation: { paths: ['/a'], ports: ['80'] } }] },
      undefined,
    ],
    [
      'widens a DENY rule to its ports',
      'DENY',
      { to: [{ operation: { paths: ['/a'], ports: ['80'] } }] },
      { to: [{ operation: { ports: ['80'] } }] },
    ],
    [
      'never matches a DENY rule about requests alone',
      'DENY',
      {
        from: [{ source: { principals: ['a'] } }],
        to: [{ operation: { paths: ['/a'] } }],
      },
      undefined,
    ],
    [
      'never matches a DENY rule with a condition on requests',
      'DENY',
      { when: [{ key: 'request.headers[x]', values: ['1'] }] },
      undefined,
    ],
    ['matches everything by an empty rule', 'DENY', {}, {}],
  ] as const)('%s', (_name, action, rule, expected) => {
    expect(ruleOnZtunnel(rule, action)).toEqual(expected);
  });

  it.each([
    [
      'an ALLOW by identity',
      `{rules: [{from: [{source: {principals: ["${CALLER}"]}}]}]}`,
      true,
      undefined,
    ],
    [
      'an ALLOW by path, which it cannot see',
      '{rules: [{to: [{operation: {paths: [/me]}}]}]}',
      false,
      '1 of its 1 rules never match',
    ],
    [
      'a DENY by path, which it cannot see',
      '{action: DENY, rules: [{to: [{operation: {paths: [/me]}}]}]}',
      true,
      '1 of its 1 rules never match',
    ],
    [
      'a DENY by port and path',
      '{action: DENY, rules: [{to: [{operation: {paths: [/x], ports: ["8080"]}}]}]}',
      false,
      'wider there than written',
    ],
    [
      'a CUSTOM policy',
      '{action: CUSTOM, provider: {name: p}, rules: [{}]}',
      true,
      'does not know the action CUSTOM',
    ],
    [
      'a policy for a waypoint',
      '{targetRefs: [{kind: Gateway, group: gateway.networking.k8s.io, name: way}]}',
      true,
      undefined,
    ],
  ])('decides by %s', (_name, spec, allowed, limit) => {
    const decision = evaluateAccess(
      setFromYaml(policy('p', spec)),
      AMBIENT,
      request,
    );
    expect(decision).toMatchObject({ allowed, enforcedBy: 'ztunnel' });
    expect(decision.notEnforced?.[0].why ?? '').toContain(limit ?? '');
    expect(decision.notEnforced === undefined).toBe(limit === undefined);
  });

  it('lists callers by what it can see', () => {
    const set = setFromYaml(
      policy('p', '{rules: [{to: [{operation: {paths: [/me]}}]}]}'),
    );
    expect(
      callerAccess(set, AMBIENT, { principal: CALLER, port: 8080 }).allowed,
    ).toBe('no');
  });
});

describe('a waypoint', () => {
  const service = { namespace: 'orion', name: 'auth' };
  const ask = (yaml: string, more: object = {}) =>
    evaluateAccess(setFromYaml(`${WAYPOINT}${yaml}`), AMBIENT, {
      ...request,
      service,
      ...more,
    });
  const allow = '{rules: [{to: [{operation: {paths: [/me]}}]}]';
  it.each([
    [
      'a policy on the Service',
      `${allow}, targetRefs: [{kind: Service, group: "", name: auth}]}`,
      'orion',
      '/x',
      false,
    ],
    [
      'the same, for what it allows',
      `${allow}, targetRefs: [{kind: Service, group: "", name: auth}]}`,
      'orion',
      '/me',
      true,
    ],
    [
      'a policy on the Gateway',
      `${allow}, targetRefs: [{kind: Gateway, group: gateway.networking.k8s.io, name: way}]}`,
      'orion',
      '/x',
      false,
    ],
    [
      'a policy on another Service',
      `${allow}, targetRefs: [{kind: Service, group: "", name: other}]}`,
      'orion',
      '/x',
      true,
    ],
    [
      'a policy on all waypoints',
      `${allow}, targetRefs: [{kind: GatewayClass, group: gateway.networking.k8s.io, name: istio-waypoint}]}`,
      'istio-system',
      '/x',
      false,
    ],
    [
      'the same outside the root namespace',
      `${allow}, targetRefs: [{kind: GatewayClass, group: gateway.networking.k8s.io, name: istio-waypoint}]}`,
      'orion',
      '/x',
      true,
    ],
  ])('decides by %s', (_name, spec, namespace, path, allowed) => {
    expect(ask(policy('p', spec, namespace), { path })).toMatchObject({
      allowed,
      enforcedBy: 'waypoint',
    });
  });

  it('is the caller that ztunnel sees behind it', () => {
    const forCaller = policy(
      'p',
      `{selector: {matchLabels: {app: auth}}, rules: [{from: [{source: {principals: ["${CALLER}"]}}]}]}`,
    );
    expect(ask(forCaller)).toMatchObject({
      allowed: false,
      enforcedBy: 'ztunnel',
      reason: expect.stringContaining('the caller is the waypoint'),
    });
    expect(
      ask(forCaller.replace(CALLER, 'cluster.local/ns/orion/sa/way')).allowed,
    ).toBe(true);
  });

  it('reads tokens', () => {
    const reader = `
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: t, namespace: orion}
spec: {targetRefs: [{kind: Service, group: "", name: auth}], jwtRules: [{issuer: me}]}
---`;
    expect(ask(reader, { jwt: { claims: { iss: 'you' } } })).toMatchObject({
      allowed: false,
      status: 401,
    });
  });
});

describe('appliedPolicies', () => {
  it('lists all with their scope, in the order in which they are asked', () => {
    const set = setFromYaml(
      policy('all', '{}', 'istio-system') +
        policy('space', '{action: DENY, rules: [{}]}') +
        policy(
          'own',
          '{action: CUSTOM, selector: {matchLabels: {app: auth}}}',
        ) +
        policy('other', '{selector: {matchLabels: {app: x}}}') +
        policy('trial', '{}').replace(
          'namespace: orion',
          'namespace: orion, annotations: {istio.io/dry-run: "true"}',
        ),
    );
    expect(
      appliedPolicies(set, AMBIENT).map(
        ({ policy: { name }, action, scope, isDryRun }) => [
          name,
          action,
          scope,
          isDryRun,
        ],
      ),
    ).toEqual([
      ['own', 'CUSTOM', 'workload', false],
      ['space', 'DENY', 'namespace', false],
      ['all', 'ALLOW', 'mesh', false],
      ['trial', 'ALLOW', 'namespace', true],
    ]);
  });
});

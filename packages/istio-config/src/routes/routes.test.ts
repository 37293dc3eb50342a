import fc from 'fast-check';
import { deployment, orion, service } from '../__fixtures__/orion';
import { setFromYaml } from '../setFromYaml';
import { describeProtection } from './describeProtection';
import { describeRequests, describeTreatment } from './describeRule';
import { trafficPolicyOf } from './destinationRules';
import { effectiveRoutes } from './effectiveRoutes';
import { matchRequest } from './matchRequest';
import { waysIn } from './waysIn';

const ORIGIN = { type: 'mesh', namespace: 'orion' } as const;
const QUERY = { namespace: 'orion', service: 'auth-service', from: ORIGIN };

const virtualService = (name: string, spec: string, metadata = '') => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: orion${metadata}}
spec: ${spec}
---
`;

describe('effectiveRoutes', () => {
  it('puts the decision list of ORION into words', () => {
    const routes = effectiveRoutes(orion(), QUERY);
    expect(routes.host).toBe('auth-service.orion.svc.cluster.local');
    expect(
      routes.rules.map(rule => [
        describeRequests(rule),
        describeTreatment(rule),
        rule.destinations.map(({ subset, share, state }) => [
          subset,
          share,
          state,
        ]),
      ]),
    ).toEqual([
      [
        ['POST /api/auth/login*'],
        ['times out after 10 s', 'retries 2×, 5 s each'],
        [
          ['stable', 0.9, 'ok'],
          ['canary', 0.1, 'ok'],
        ],
      ],
      [['header x-canary = true'], [], [['canary', 1, 'ok']]],
      [['everything else'], ['times out after 15 s'], [['stable', 1, 'ok']]],
    ]);
  });

  it.each([
    ['POST', '/api/auth/login', {}, 0],
    ['POST', '/api/auth/login?x=1', {}, 0],
    ['GET', '/api/auth/login', {}, 2],
    ['GET', '/api/auth/me', { 'X-Canary': 'true' }, 1],
    ['GET', '/api/auth/me', { 'x-canary': 'yes' }, 2],
  ])('sends %s %s %j to rule %i', (method, path, headers, index) => {
    const routes = effectiveRoutes(orion(), QUERY);
    expect(matchRequest(routes, { method, path, headers }).rule?.index).toBe(
      index,
    );
  });

  it('says why a rule was taken and why the ones above it were not', () => {
    const decision = matchRequest(effectiveRoutes(orion(), QUERY), {
      method: 'GET',
      path: '/api/auth/me',
      headers: { 'x-canary': 'true' },
    });
    expect(decision.why).toBe('because header x-canary is true');
    expect(decision.skipped.map(({ why }) => why)).toEqual([
      'the path does not start with /api/auth/login',
    ]);
  });

  it.each([
    {
      name: 'a VirtualService of another namespace that is not exported',
      more: virtualService(
        'old',
        '{hosts: [other], http: [{route: [{destination: {host: nowhere}}]}]}',
      ),
      expected: 'auth-service',
    },
    {
      name: 'the older of two for the same host',
      more: virtualService(
        'older',
        '{hosts: [auth-service], http: [{route: [{destination: {host: auth-service}}]}]}',
        ', creationTimestamp: "2025-01-01T00:00:00Z"',
      ),
      expected: 'older',
    },
    {
      name: 'a gateway-only VirtualService is not asked inside the mesh',
      more: virtualService(
        'a-gateway',
        '{hosts: [auth-service], gateways: [orion-gateway], http: [{route: [{destination: {host: auth-service}}]}]}',
        ', creationTimestamp: "2025-01-01T00:00:00Z"',
      ),
      expected: 'auth-service',
    },
    {
      name: 'a short host with a dot is not completed',
      more: virtualService(
        'dotted',
        '{hosts: [auth-service.orion], http: [{route: [{destination: {host: auth-service}}]}]}',
        ', creationTimestamp: "2025-01-01T00:00:00Z"',
      ),
      expected: 'auth-service',
    },
    {
      name: 'an older wildcard loses to the exact host',
      more: virtualService(
        'wild',
        '{hosts: ["*.orion.svc.cluster.local"], http: [{route: [{destination: {host: auth-service}}]}]}',
        ', creationTimestamp: "2025-01-01T00:00:00Z"',
      ),
      expected: 'auth-service',
    },
  ])('$name', ({ more, expected }) => {
    expect(effectiveRoutes(orion(more), QUERY).decidedBy?.name).toBe(expected);
  });

  it('hides what is exported to its own namespace only', () => {
    const set = setFromYaml(`${service('a')}${deployment('a')}
${virtualService(
  'a',
  '{hosts: [a], exportTo: ["."], http: [{route: [{destination: {host: b}}]}]}',
)}`);
    const seenFrom = (namespace: string) =>
      effectiveRoutes(set, {
        namespace: 'orion',
        service: 'a',
        from: { type: 'mesh', namespace },
      }).decidedBy?.name;
    expect([seenFrom('orion'), seenFrom('billing')]).toEqual(['a', undefined]);
  });

  it.each([
    ['no-such-service', '{host: nowhere}'],
    ['no-such-subset', '{host: auth-service, subset: beta}'],
    ['no-pods', '{host: empty}'],
  ])('names a destination that is %s', (state, destination) => {
    const set = setFromYaml(`${service('auth-service')}${deployment(
      'auth-service',
    )}
${service('empty')}
${virtualService(
  'auth-service',
  `{hosts: [auth-service], http: [{route: [{destination: ${destination}}]}]}`,
)}`);
    expect(effectiveRoutes(set, QUERY).rules[0].destinations[0].state).toBe(
      state,
    );
  });

  it('gives shares that add up to 1, whatever the weights', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 1000 }), {
          minLength: 1,
          maxLength: 6,
        }),
        weights => {
          const routes = weights
            .map(
              weight =>
                `{destination: {host: auth-service}, weight: ${weight}}`,
            )
            .join(', ');
          const set = setFromYaml(
            virtualService(
              'auth-service',
              `{hosts: [auth-service], http: [{route: [${routes}]}]}`,
            ),
          );
          const [rule] = effectiveRoutes(set, QUERY).rules;
          const total = rule.destinations.reduce((sum, d) => sum + d.share, 0);
          expect(total).toBeCloseTo(1, 9);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('traffic policy', () => {
  it('tells what protects ORION and leaves out the limit that Istio ignores', () => {
    const policy = trafficPolicyOf(orion(), {
      namespace: 'orion',
      service: 'auth-service',
      clientNamespace: 'orion',
    });
    expect(describeProtection(policy)).toEqual([
      'at most 1,000 requests at once',
      'a connection serves 10 requests',
      'ejects a pod after 5 errors in a row for 30 s, at most 10 % of the pods',
      'picks pods by least request',
    ]);
  });

  it('tells of limits of one', () => {
    const set = setFromYaml(`${service('a')}
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {namespace: shop, name: a}
spec:
  host: a
  trafficPolicy:
    connectionPool:
      tcp: {maxConnections: 1}
      http: {http1MaxPendingRequests: 1, http2MaxRequests: 1, maxRequestsPerConnection: 1}
    outlierDetection: {consecutive5xxErrors: 1}
`);
    const policy = trafficPolicyOf(set, {
      namespace: 'shop',
      service: 'a',
      clientNamespace: 'shop',
    });
    expect(describeProtection(policy)).toEqual([
      'at most 1 request at once',
      'at most 1 request waiting for a connection',
      'at most 1 connection',
      'a connection serves 1 request',
      'ejects a pod after 1 error in a row for 30 s, at most 10 % of the pods',
    ]);
  });

  it('lets a port replace the whole policy and a subset override its blocks', () => {
    const set = setFromYaml(`${service('a')}
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: a, namespace: orion}
spec:
  host: a
  trafficPolicy:
    tls: {mode: ISTIO_MUTUAL}
    loadBalancer: {simple: RANDOM}
    portLevelSettings: [{port: {number: 8080}, tls: {mode: DISABLE}}]
  subsets: [{name: v2, labels: {version: v2}, trafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}}}]
`);
    const ask = (subset?: string, port?: number) =>
      trafficPolicyOf(set, {
        namespace: 'orion',
        service: 'a',
        subset,
        port,
        clientNamespace: 'orion',
      }).policy;
    expect(ask(undefined, 8080)).toEqual({ tls: { mode: 'DISABLE' } });
    expect(ask('v2', 9090)).toMatchObject({
      tls: { mode: 'ISTIO_MUTUAL' },
      loadBalancer: { simple: 'ROUND_ROBIN' },
    });
  });
});

describe('waysIn', () => {
  it('names the gateway, the hosts that it serves and its TLS mode', () => {
    const set = orion(`
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: orion-gateway, namespace: orion}
spec:
  servers:
    - {port: {number: 443, name: https, protocol: HTTPS}, hosts: ["*.orion.example.com"], tls: {mode: SIMPLE}}
---
${virtualService(
  'auth-external',
  '{hosts: [auth.orion.example.com, auth.example.org], gateways: [orion-gateway], http: [{route: [{destination: {host: auth-service}}]}]}',
)}`);
    expect(waysIn(set, 'orion', 'auth-service')).toMatchObject([
      {
        gateway: { name: 'orion-gateway' },
        hosts: ['auth.orion.example.com'],
        tls: 'SIMPLE',
      },
    ]);
  });
});

import { setFromYaml } from '../setFromYaml';
import { afterOf, type ChangePlan } from './ChangePlan';
import { planAllowCaller, planDenyByDefault } from './callers';
import { planBreaker } from './circuitBreaker';
import { planConditionalRoute } from './conditionalRoute';
import { planObject } from './editObject';
import { planEnrolment } from './enrolment';
import { planFault } from './faultInjection';
import { planBalancing } from './loadBalancing';
import { planMirror } from './mirrorTraffic';
import { planPeerMode } from './peerMode';
import { planProxyResources } from './proxyResources';
import { planRetries } from './routeRetries';
import { planTimeout } from './routeTimeout';
import { planSampling } from './sampling';
import { planBackendShift } from './shiftBackends';
import {
  CART,
  ANNA,
  workload,
  BASE,
  setOf,
  policy,
  ALLOWED,
  route,
  rule,
  HTTP,
  toCart,
} from './__testUtils__/cart';

describe('planners', () => {
  it.each<[string, () => ChangePlan, string, object]>([
    [
      'a timeout where there is no rule makes the VirtualService that says the same, and that',
      () => planTimeout(setOf(), CART, { timeoutMs: 1500 }),
      'A request is answered 504 after 1.5 s.',
      {
        hosts: ['cart.shop.svc.cluster.local'],
        http: [
          {
            route: [{ destination: { host: 'cart.shop.svc.cluster.local' } }],
            timeout: '1.5s',
          },
        ],
      },
    ],
    [
      'a timeout of an HTTPRoute is one of the whole request',
      () =>
        planTimeout(
          setOf(route('HTTPRoute', '{ rules: [{ backendRefs: [] }] }')),
          CART,
          { timeoutMs: 2000, rule: rule('HTTPRoute', ['spec', 'rules', 0]) },
        ),
      'A request is answered 504 after 2 s.',
      { rules: [{ backendRefs: [], timeouts: { request: '2s' } }] },
    ],
    [
      'a cookie is found among others, and what it is made of taken literally',
      () =>
        planConditionalRoute(setOf(route('VirtualService', toCart)), CART, {
          rule: HTTP,
          on: { cookie: 'beta', value: 'a.b' },
          subset: 'v2',
        }),
      'Requests with the cookie beta=a.b go to v2; all others go on as before.',
      {
        hosts: ['cart'],
        http: [
          {
            match: [
              {
                headers: {
                  cookie: { regex: '(.*;\\s*)?beta=a\\.b(\\s*;.*)?' },
                },
              },
            ],
            route: [
              {
                destination: {
                  host: 'cart.shop.svc.cluster.local',
                  subset: 'v2',
                },
              },
            ],
          },
          { route: [{ destination: { host: 'cart' } }] },
        ],
      },
    ],
    [
      'limits that are taken away are named in words',
      () =>
        planBreaker(setOf(), CART, { maxConnections: null, maxRequests: 5 }),
      'No limit of connections any more; at most 5 requests at once.',
      {
        host: 'cart',
        subsets: [{ name: 'v1' }, { name: 'v2' }],
        trafficPolicy: { connectionPool: { http: { http2MaxRequests: 5 } } },
      },
    ],
    [
      'a limit of one',
      () =>
        planBreaker(setOf(), CART, {
          maxConnections: 1,
          maxPendingRequests: 1,
          consecutiveErrors: 1,
        }),
      'At most 1 connection; at most 1 waiting request; a pod is left out after 1 error in a row.',
      {
        host: 'cart',
        subsets: [{ name: 'v1' }, { name: 'v2' }],
        trafficPolicy: {
          connectionPool: {
            tcp: { maxConnections: 1 },
            http: { http1MaxPendingRequests: 1 },
          },
          outlierDetection: { consecutive5xxErrors: 1 },
        },
      },
    ],
    [
      'a share that floating point does not hold exactly',
      () => planSampling(setOf(), CART, { percent: 1.1 }),
      '1.1 % of the requests that start at cart are traced; those that come with a decision keep it.',
      {
        selector: { matchLabels: { app: 'cart' } },
        tracing: [{ randomSamplingPercentage: 1.1 }],
      },
    ],
    [
      'the mode of a port is that of the pods’ own',
      () =>
        planPeerMode(setOf(), CART, {
          scope: 'port',
          port: 80,
          mode: 'STRICT',
        }),
      'At port 8080 of the pods of cart, only mTLS is let in.',
      {
        selector: { matchLabels: { app: 'cart' } },
        portLevelMtls: { 8080: { mode: 'STRICT' } },
      },
    ],
    [
      'nobody is let in by a policy without rules',
      () => planDenyByDefault(setOf(), CART, { callers: [] }),
      'Nobody may call cart; every caller is answered 403.',
      { selector: { matchLabels: { app: 'cart' } }, action: 'ALLOW' },
    ],
  ])('%s', (_name, plan, sentence, spec) => {
    const { edits, sentence: said } = plan();
    expect(said).toBe(sentence);
    expect(edits.map(edit => afterOf(edit)?.spec)).toEqual([spec]);
  });

  it.each<[string, () => ChangePlan, RegExp]>([
    [
      'letting one in where one of two workloads lets everybody in',
      () =>
        planAllowCaller(
          setOf(
            `${workload('cart-v2')}${policy(
              'one',
              '{ selector: { matchLabels: { name: cart-v1 } }, rules: [{}] }',
            )}`,
          ),
          CART,
          { principal: ANNA },
        ),
      /^Everybody may call cart-v2\. Letting one in would refuse all others/,
    ],
    [
      'letting one in whom a DENY refuses',
      () =>
        planAllowCaller(
          setOf(
            `${ALLOWED}${policy('closed', '{ action: DENY, rules: [{}] }')}`,
          ),
          CART,
          { principal: ANNA },
        ),
      /^cart-v1 would refuse it all the same: AuthorizationPolicy shop\/closed/,
    ],
    [
      'letting one in by method where only ztunnel looks',
      () =>
        planAllowCaller(
          setFromYaml(
            `${BASE.replace(
              'istio-injection: enabled',
              'istio.io/dataplane-mode: ambient',
            )}${policy(
              'some',
              '{ rules: [{ from: [{ source: { namespaces: [x] } }] }] }',
            )}`,
          ),
          CART,
          { principal: ANNA, methods: ['GET'] },
        ),
      /^cart-v1 would refuse it all the same/,
    ],
    [
      'denying where a policy does already',
      () => planDenyByDefault(setOf(ALLOWED), CART, { callers: [ANNA] }),
      /^AuthorizationPolicy shop\/open already refuses/,
    ],
    [
      'guarding what is not in the mesh',
      () =>
        planDenyByDefault(
          setFromYaml(BASE.replace('istio-injection: enabled', 'team: a')),
          CART,
          { callers: [] },
        ),
      /cart-v1 is not in the mesh/,
    ],
    [
      'leaving it to the wider policy where there is no other',
      () => planPeerMode(setOf(), CART, { scope: 'workload', mode: 'UNSET' }),
      /the wider policy decides already/,
    ],
    [
      'a port that the Service has not',
      () =>
        planPeerMode(setOf(), CART, {
          scope: 'port',
          port: 81,
          mode: 'STRICT',
        }),
      /has no port 81/,
    ],
    [
      'a policy that is also for others',
      () =>
        planPeerMode(
          setOf(
            `${workload('cart-v2', ', grade: a')}
---
${workload('wish', ', grade: a').replace(/app: cart/g, 'app: wish')}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { namespace: shop, name: wide }
spec: { selector: { matchLabels: { grade: a } } }
`,
          ),
          CART,
          { scope: 'workload', mode: 'STRICT' },
        ),
      /^PeerAuthentication shop\/wide is also for wish\./,
    ],
    [
      'a timeout of a gRPC route',
      () =>
        planTimeout(
          setOf(route('GRPCRoute', '{ rules: [{ backendRefs: [] }] }')),
          CART,
          { timeoutMs: 1, rule: rule('GRPCRoute', ['spec', 'rules', 0]) },
        ),
      /^A GRPCRoute has no timeout that Istio honours/,
    ],
    [
      'a timeout of connections',
      () =>
        planTimeout(
          setOf(
            route(
              'VirtualService',
              '{ hosts: [cart], tcp: [{ route: [{ destination: { host: cart } }] }] }',
            ),
          ),
          CART,
          { timeoutMs: 1, rule: rule('VirtualService', ['spec', 'tcp', 0]) },
        ),
      /for TCP connections, which have no timeout/,
    ],
    [
      'a fault where nothing is sent on',
      () =>
        planFault(
          setOf(
            route(
              'VirtualService',
              '{ hosts: [cart], http: [{ redirect: { uri: /x } }] }',
            ),
          ),
          CART,
          { rule: HTTP, abort: { percent: 1, httpStatus: 503 } },
        ),
      /sends no requests on \(it has a redirect\)/,
    ],
    [
      'the default rule where a VirtualService has rules',
      () =>
        planTimeout(setOf(route('VirtualService', toCart)), CART, {
          timeoutMs: 1,
        }),
      /^VirtualService shop\/cart has rules for cart/,
    ],
    [
      'tries that leave no time for a second one',
      () =>
        planRetries(
          setOf(
            route(
              'VirtualService',
              toCart.replace('route:', 'timeout: 2s, route:'),
            ),
          ),
          CART,
          { rule: HTTP, attempts: 2, perTryTimeoutMs: 2000 },
        ),
      /there would be no second try/,
    ],
    [
      'copies to a version that there is not',
      () => planMirror(setOf(), CART, { to: { subset: 'v3', percent: 5 } }),
      /There is no subset "v3"; there are v1, v2\./,
    ],
    [
      'near pods first without anybody who notices that they fail',
      () => planBalancing(setOf(), CART, { nearFirst: true }),
      /only with outlier detection/,
    ],
    [
      'a policy of another namespace',
      () =>
        planBreaker(
          setFromYaml(
            BASE.replace(
              'metadata: { namespace: shop, name: cart }\nspec: { host: cart,',
              'metadata: { namespace: istio-system, name: cart }\nspec: { host: cart.shop.svc.cluster.local,',
            ),
          ),
          CART,
          { maxRequests: 1 },
        ),
      /^DestinationRule istio-system\/cart decides over cart/,
    ],
    [
      'a sidecar whose limit is below its request',
      () =>
        planProxyResources(setOf(), CART, {
          workload: 'cart-v1',
          cpu: '2',
          cpuLimit: '100m',
        }),
      /no pod would start/,
    ],
    [
      'a revision without sidecars',
      () => planEnrolment(setOf(), CART, { mode: 'ambient', revision: 'new' }),
      /Only sidecars are of a revision/,
    ],
    [
      'weights of one place',
      () =>
        planBackendShift(
          setOf(
            route('HTTPRoute', '{ rules: [{ backendRefs: [{ name: a }] }] }'),
          ),
          { rule: rule('HTTPRoute', ['spec', 'rules', 0]), weights: [100] },
        ),
      /has one place to send to/,
    ],
    [
      'another object than the one that is edited',
      () => {
        const before = setOf().get('Service', 'shop', 'cart')!;
        return planObject(before, {
          ...before,
          metadata: { ...before.metadata, name: 'other' },
        });
      },
      /an object is neither renamed nor moved/,
    ],
  ])('refuse %s', (_name, plan, says) => {
    expect(plan).toThrow(says);
  });
});

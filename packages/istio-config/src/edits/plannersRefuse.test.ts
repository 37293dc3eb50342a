import { setFromYaml } from '../setFromYaml';
import { type ChangePlan } from './ChangePlan';
import { planAllowCaller, planDenyByDefault } from './callers';
import { planBreaker } from './circuitBreaker';
import { planObject } from './editObject';
import { planEnrolment } from './enrolment';
import { planFault } from './faultInjection';
import { planBalancing } from './loadBalancing';
import { planMirror } from './mirrorTraffic';
import { planPeerMode } from './peerMode';
import { planProxyResources } from './proxyResources';
import { planRetries } from './routeRetries';
import { planTimeout } from './routeTimeout';
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

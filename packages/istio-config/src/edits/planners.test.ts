import { afterOf, type ChangePlan } from './ChangePlan';
import { planDenyByDefault } from './callers';
import { planBreaker } from './circuitBreaker';
import { planConditionalRoute } from './conditionalRoute';
import { planPeerMode } from './peerMode';
import { planTimeout } from './routeTimeout';
import { planSampling } from './sampling';
import { CART, setOf, route, rule, HTTP, toCart } from './__testUtils__/cart';

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
});

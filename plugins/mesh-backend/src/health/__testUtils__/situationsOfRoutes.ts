import {
  CANARY,
  CANARY_UNDEFINED,
  destinationRule,
  policy,
  routed,
  scaledToNothing,
  STABLE,
  toHost,
  virtualService,
} from './deeds';
import { type Situation, WELL } from './Situation';

/** What somebody writes into routes and DestinationRules. */
export const OF_ROUTES: Situation[] = [
  {
    name: 'the subset of a canary is deleted',
    service: 'orion/auth-service',
    deeds: [CANARY_UNDEFINED],
    level: 'error',
    sentence:
      /^Every request with x-canary: true fails with 503: no DestinationRule defines subset canary\.$/,
  },
  {
    name: 'a route to a host that is not there',
    service: 'autolytiq/user-service',
    deeds: [
      routed('autolytiq/user-service', [{ route: [toHost('user-servce')] }]),
    ],
    level: 'error',
    sentence:
      /^Every request fails with 503: there is no service user-servce\.autolytiq/,
  },
  {
    name: 'half of the requests are answered 503 on purpose',
    service: 'autolytiq/user-service',
    deeds: [
      routed('autolytiq/user-service', [
        {
          fault: {
            abort: { httpStatus: 503, percentage: { value: 50 } },
          },
          route: [toHost('user-service')],
        },
      ]),
    ],
    passes: true,
    level: 'error',
    sentence:
      /^\d\d % of requests fail with 503 FI \(a rule answers so on purpose\)/,
  },
  {
    name: 'a route that waits too short',
    service: 'autolytiq/config-service',
    deeds: [
      routed('autolytiq/config-service', [
        { timeout: '0.001s', route: [toHost('config-service')] },
      ]),
    ],
    passes: true,
    level: 'error',
    sentence:
      /^\d+(\.\d)? % of requests fail with 504 UT \(no answer comes in time\)/,
  },
  {
    name: 'callers are told to send plaintext where STRICT is asked for',
    service: 'autolytiq/user-service',
    deeds: [
      {
        create: destinationRule('autolytiq', 'plain', {
          host: 'user-service',
          trafficPolicy: { tls: { mode: 'DISABLE' } },
        }),
      },
    ],
    level: 'error',
    sentence: /DestinationRule plain|503/,
  },
  {
    name: 'two VirtualServices for one host',
    service: 'autolytiq/customer-service',
    deeds: [
      {
        create: virtualService('autolytiq', 'twice', {
          hosts: ['customer-service'],
          http: [{ route: [toHost('customer-service')] }],
        }),
      },
    ],
    level: 'error',
    sentence: /VirtualService (twice|customer-service): /,
  },
  {
    name: 'the canary of an HTTPRoute has no pods',
    service: 'docuthinker-prod/backend',
    deeds: [scaledToNothing('docuthinker-prod/backend-canary')],
    level: 'error',
    sentence: /fails? with 503: backend-canary\S* has no ready pods/,
  },
  {
    name: 'three at once: a deleted subset before a failing canary and an alert',
    service: 'orion/auth-service',
    deeds: [
      CANARY_UNDEFINED,
      {
        create: policy('orion', 'nobody', {
          action: 'DENY',
          selector: { matchLabels: { app: 'auth-service' } },
          rules: [{}],
        }),
      },
    ],
    passes: true,
    level: 'error',
    sentence: /no DestinationRule defines subset canary/,
    also: /^(Every call|Most calls) from .* (is|are) refused with 403/m,
  },
  {
    name: 'a subset without pods to which nothing leads',
    service: 'autolytiq/config-service',
    deeds: [
      {
        create: destinationRule('autolytiq', 'config-old', {
          host: 'config-service',
          subsets: [{ name: 'old', labels: { version: 'old' } }],
        }),
      },
    ],
    level: 'warning',
    sentence:
      /no pod has the labels of subset old, to which no rule sends requests/,
  },
  {
    name: 'a route that only waits longer',
    service: 'autolytiq/config-service',
    deeds: [
      routed('autolytiq/config-service', [
        { timeout: '20s', route: [toHost('config-service')] },
      ]),
    ],
    level: 'ok',
    sentence: WELL,
  },
  {
    name: 'an ignored limit that asks for the default',
    service: 'autolytiq/config-service',
    deeds: [
      {
        create: destinationRule('autolytiq', 'config', {
          host: 'config-service',
          trafficPolicy: { outlierDetection: { consecutiveErrors: 5 } },
        }),
      },
    ],
    level: 'ok',
    sentence: WELL,
  },
  {
    name: 'a copy of requests goes to a version',
    service: 'autolytiq/email-service',
    deeds: [
      routed('autolytiq/email-service', [
        {
          route: [toHost('email-service')],
          mirror: { host: 'user-service' },
          mirrorPercentage: { value: 1 },
        },
      ]),
    ],
    level: 'ok',
    sentence: WELL,
  },
  {
    name: 'everything goes to one version, and the other is there',
    service: 'orion/auth-service',
    deeds: [
      routed('orion/auth-service', [
        {
          route: [
            { ...toHost('auth-service', 'stable'), weight: 100 },
            { ...toHost('auth-service', 'canary'), weight: 0 },
          ],
        },
      ]),
      {
        patch: 'DestinationRule orion/auth-service',
        with: { spec: { subsets: [STABLE, CANARY] } },
      },
    ],
    passes: true,
    level: 'warning',
    // Who is refused stays refused.
    sentence: /^Every call from billing is refused with 403/,
  },
  {
    name: 'requests are answered 429 on purpose',
    service: 'autolytiq/user-service',
    deeds: [
      routed('autolytiq/user-service', [
        {
          fault: {
            abort: { httpStatus: 429, percentage: { value: 40 } },
          },
          route: [toHost('user-service')],
        },
      ]),
    ],
    passes: true,
    level: 'warning',
    sentence:
      /^\d\d % of requests are answered 429: a rule answers so on purpose\.$/,
  },
  {
    name: 'a route to a port that is not there',
    service: 'autolytiq/user-service',
    deeds: [
      routed('autolytiq/user-service', [
        {
          route: [
            {
              destination: {
                host: 'user-service',
                port: { number: 9999 },
              },
            },
          ],
        },
      ]),
    ],
    level: 'error',
    sentence:
      /^Every request is answered 503: user-service\S* has no port 9999\.$/,
  },
  {
    name: 'a third goes to a version without pods',
    service: 'autolytiq/customer-service',
    deeds: [
      routed('autolytiq/customer-service', [
        {
          route: [
            { ...toHost('customer-service', 'stable'), weight: 70 },
            { ...toHost('customer-service', 'next'), weight: 30 },
          ],
        },
      ]),
    ],
    level: 'error',
    sentence:
      /^30 % of requests fail with 503: no DestinationRule defines subset next\.$/,
  },
  {
    name: 'the backend of an HTTPRoute is not there',
    service: 'docuthinker-prod/backend',
    deeds: [
      {
        patch: 'HTTPRoute docuthinker-prod/backend',
        with: {
          spec: {
            rules: [{ backendRefs: [{ name: 'backnd', port: 5000 }] }],
          },
        },
      },
    ],
    level: 'error',
    sentence:
      /^Every request on port 5000 is answered 500: there is no Service backnd/,
  },
  {
    name: 'a VirtualService for a gateway that is not there',
    service: 'orion/billing',
    deeds: [
      {
        create: virtualService('orion', 'edge', {
          hosts: ['billing.orion.example.com'],
          gateways: ['no-such-gateway'],
          http: [{ route: [toHost('billing')] }],
        }),
      },
    ],
    level: 'error',
    sentence: /^VirtualService edge: .*no-such-gateway/,
  },
  {
    name: 'copies of requests go nowhere',
    service: 'autolytiq/email-service',
    deeds: [
      routed('autolytiq/email-service', [
        {
          route: [toHost('email-service')],
          mirror: { host: 'nobody' },
        },
      ]),
    ],
    level: 'error',
    sentence: /^VirtualService email-service: .*nobody/,
  },
  {
    name: 'a subset deleted while Prometheus is away',
    service: 'orion/auth-service',
    deeds: [CANARY_UNDEFINED],
    away: ['prometheus'],
    level: 'error',
    sentence: /no DestinationRule defines subset canary/,
  },
  {
    name: 'one in twenty is answered 500 on purpose',
    service: 'autolytiq/config-service',
    deeds: [
      routed('autolytiq/config-service', [
        {
          fault: {
            abort: { httpStatus: 500, percentage: { value: 5 } },
          },
          route: [toHost('config-service')],
        },
      ]),
    ],
    passes: true,
    level: 'warning',
    sentence: /^\d(\.\d)? % of requests fail with 500 FI/,
  },
  {
    name: 'requests are delayed on purpose, and answered',
    service: 'autolytiq/config-service',
    deeds: [
      routed('autolytiq/config-service', [
        {
          fault: {
            delay: { fixedDelay: '0.2s', percentage: { value: 10 } },
          },
          route: [toHost('config-service')],
        },
      ]),
    ],
    passes: true,
    level: 'ok',
    sentence: WELL,
  },
];

import type { KubeObject } from '@meshdeck/istio-config';
import type { SourceName } from '@meshdeck/demo-mesh';

/** What is done to the cluster before a service is looked at. */
export type Deed =
  | { patch: string; with: object }
  | { create: KubeObject }
  | { remove: string };

/** A cluster in some state, and what who is on call wants to read of a service first. */
export interface Situation {
  name: string;
  /** `namespace/name` */
  service: string;
  deeds?: Deed[];
  /** Whether the requests of the time before are to be forgotten first. */
  passes?: boolean;
  /** Sources that do not answer. */
  away?: SourceName[];
  level: 'ok' | 'warning' | 'error' | 'unknown';
  sentence: RegExp;
}

const meta = (namespace: string, name: string) => ({ namespace, name });

const virtualService = (
  namespace: string,
  name: string,
  spec: object,
): KubeObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: meta(namespace, name),
  spec,
});

const destinationRule = (
  namespace: string,
  name: string,
  spec: object,
): KubeObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'DestinationRule',
  metadata: meta(namespace, name),
  spec,
});

const policy = (namespace: string, name: string, spec: object): KubeObject => ({
  apiVersion: 'security.istio.io/v1',
  kind: 'AuthorizationPolicy',
  metadata: meta(namespace, name),
  spec,
});

const toHost = (host: string, subset?: string) => ({
  destination: { host, ...(subset ? { subset } : {}) },
});

const STABLE = { name: 'stable', labels: { version: 'stable' } };
const CANARY = { name: 'canary', labels: { version: 'canary' } };
const WELL = /^All right: /;

/** As the example platforms are, which have faults of their own. */
const AS_THEY_ARE: Situation[] = [
  {
    name: 'a caller whom no policy allows',
    service: 'autolytiq/customer-service',
    level: 'warning',
    sentence: /^Every call from email-service is answered 403: no policy/,
  },
  {
    name: 'a canary that fails more often, among many requests',
    service: 'orion/auth-service',
    level: 'warning',
    sentence: /^canary fails more often: 2(\.\d)? % of its requests, against 0/,
  },
  {
    name: 'a canary that fails much',
    service: 'autolytiq/deal-service',
    level: 'warning',
    sentence:
      /^2\d % of requests to canary fail with 503, all from api-gateway/,
  },
  {
    name: 'a version without pods',
    service: 'autolytiq/inventory-service',
    level: 'error',
    sentence:
      /^Every request with x-canary: true fails with 503: subset canary has no ready pods\.$/,
  },
  {
    name: 'a service without a proxy',
    service: 'orion-batch/legacy-batch',
    level: 'warning',
    sentence: /^Not in the mesh: its pods have no proxy/,
  },
  {
    name: 'a caller without a proxy',
    service: 'orion/user-service',
    level: 'warning',
    sentence: /^legacy-batch calls without encryption\.$/,
  },
  {
    name: 'TCP that is not answered, as an alert says',
    service: 'data-platform/timeseries-db',
    level: 'warning',
    sentence: /^The alert ConnectionsWithoutAnswer is firing: /,
  },
  {
    name: 'an alert on latency',
    service: 'zoptal-production/ai-service',
    level: 'warning',
    sentence: /^The alert ServiceLatencyHigh is firing: /,
  },
  {
    name: 'a limit that Istio ignores',
    service: 'orion-staging/auth-service',
    level: 'warning',
    sentence: /^DestinationRule auth-service: Istio ignores consecutiveErrors/,
  },
  ...[
    'autolytiq/auth-service',
    'autolytiq/config-service',
    'autolytiq/email-service',
    'autolytiq/user-service',
    'data-platform/client-service',
    'data-platform/ingest-service',
    'data-platform/protected-service',
    'docuthinker-prod/backend',
    'docuthinker-prod/backend-canary',
    'docuthinker-prod/frontend',
    'orion-staging/gateway-service',
    'orion/billing',
    'orion/gateway-service',
    'orion/notification-service',
    'orion/notification-service-canary',
    'zoptal-production/auth-service',
    'zoptal-production/billing-service',
    'zoptal-production/notification-service',
    'zoptal-production/project-service',
  ].map(
    (service): Situation => ({
      name: 'nothing that matters',
      service,
      level: 'ok',
      sentence: WELL,
    }),
  ),
];

/** Each made by what somebody would write. */
const MADE: Situation[] = [
  {
    name: 'the subset of a canary is deleted',
    service: 'orion/auth-service',
    deeds: [
      {
        patch: 'DestinationRule orion/auth-service',
        with: { spec: { subsets: [STABLE] } },
      },
    ],
    level: 'error',
    sentence:
      /^Every request with x-canary: true fails with 503: no DestinationRule defines subset canary\.$/,
  },
  {
    name: 'a Deployment is scaled to nothing',
    service: 'orion/billing',
    deeds: [
      { patch: 'Deployment orion/billing', with: { spec: { replicas: 0 } } },
    ],
    level: 'error',
    sentence: /503/,
  },
  {
    name: 'a canary is scaled to nothing while it still gets requests',
    service: 'orion/auth-service',
    deeds: [
      {
        patch: 'Deployment orion/auth-service-canary',
        with: { spec: { replicas: 0 } },
      },
    ],
    level: 'error',
    sentence:
      /^Every request with x-canary: true fails with 503: subset canary has no ready pods\.$/,
  },
  {
    name: 'a selector selects nobody',
    service: 'autolytiq/user-service',
    deeds: [
      {
        patch: 'Service autolytiq/user-service',
        with: { spec: { selector: { app: 'nobody' } } },
      },
    ],
    level: 'error',
    sentence:
      /^No pod stands behind Service user-service: every request fails with 503\.$/,
  },
  {
    name: 'a route to a host that is not there',
    service: 'autolytiq/user-service',
    deeds: [
      {
        patch: 'VirtualService autolytiq/user-service',
        with: { spec: { http: [{ route: [toHost('user-servce')] }] } },
      },
    ],
    level: 'error',
    sentence:
      /^Every request fails with 503: there is no service user-servce\.autolytiq/,
  },
  {
    name: 'half of the requests are answered 503 on purpose',
    service: 'autolytiq/user-service',
    deeds: [
      {
        patch: 'VirtualService autolytiq/user-service',
        with: {
          spec: {
            http: [
              {
                fault: {
                  abort: { httpStatus: 503, percentage: { value: 50 } },
                },
                route: [toHost('user-service')],
              },
            ],
          },
        },
      },
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
      {
        patch: 'VirtualService autolytiq/config-service',
        with: {
          spec: {
            http: [{ timeout: '0.001s', route: [toHost('config-service')] }],
          },
        },
      },
    ],
    passes: true,
    level: 'error',
    sentence:
      /^\d+(\.\d)? % of requests fail with 504 UT \(no answer comes in time\)/,
  },
  {
    name: 'a policy that allows nobody',
    service: 'orion/billing',
    deeds: [
      {
        create: policy('orion', 'nobody', {
          action: 'DENY',
          selector: { matchLabels: { app: 'billing' } },
          rules: [{}],
        }),
      },
    ],
    passes: true,
    level: 'warning',
    sentence: /^Every call from .*gateway-service.* is answered 403/,
  },
  {
    name: 'STRICT before a caller without a proxy',
    service: 'orion/user-service',
    deeds: [
      {
        patch: 'PeerAuthentication orion/user-service-migration',
        with: { spec: { mtls: { mode: 'STRICT' } } },
      },
    ],
    level: 'warning',
    sentence:
      /^legacy-batch called without encryption and cannot get in any more/,
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
    deeds: [
      {
        patch: 'Deployment docuthinker-prod/backend-canary',
        with: { spec: { replicas: 0 } },
      },
    ],
    level: 'error',
    sentence: /fails? with 503: backend-canary\S* has no ready pods/,
  },
  {
    name: 'Flagger sent a version back',
    service: 'orion/notification-service',
    deeds: [
      {
        patch: 'Canary orion/notification-service',
        with: { status: { phase: 'Failed' } },
      },
    ],
    level: 'warning',
    sentence: /^Flagger rolled the new version back/,
  },
  {
    name: 'Prometheus is away, and nothing is wrong in the objects',
    service: 'orion/gateway-service',
    away: ['prometheus'],
    level: 'unknown',
    sentence:
      /^Nothing wrong in the configuration; how it runs is not known: Prometheus does not answer\.$/,
  },
  {
    name: 'Prometheus is away, and a version has no pods',
    service: 'autolytiq/inventory-service',
    away: ['prometheus'],
    level: 'error',
    sentence: /^Every request with x-canary: true fails with 503/,
  },
  {
    name: 'three at once: a deleted subset before a failing canary and an alert',
    service: 'orion/auth-service',
    deeds: [
      {
        patch: 'DestinationRule orion/auth-service',
        with: { spec: { subsets: [STABLE] } },
      },
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
      {
        patch: 'VirtualService autolytiq/config-service',
        with: {
          spec: {
            http: [{ timeout: '20s', route: [toHost('config-service')] }],
          },
        },
      },
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
      {
        patch: 'VirtualService autolytiq/email-service',
        with: {
          spec: {
            http: [
              {
                route: [toHost('email-service')],
                mirror: { host: 'user-service' },
                mirrorPercentage: { value: 1 },
              },
            ],
          },
        },
      },
    ],
    level: 'ok',
    sentence: WELL,
  },
  {
    name: 'everything goes to one version, and the other is there',
    service: 'orion/auth-service',
    deeds: [
      {
        patch: 'VirtualService orion/auth-service',
        with: {
          spec: {
            http: [
              {
                route: [
                  { ...toHost('auth-service', 'stable'), weight: 100 },
                  { ...toHost('auth-service', 'canary'), weight: 0 },
                ],
              },
            ],
          },
        },
      },
      {
        patch: 'DestinationRule orion/auth-service',
        with: { spec: { subsets: [STABLE, CANARY] } },
      },
    ],
    passes: true,
    level: 'warning',
    // Who is refused stays refused.
    sentence: /^Every call from billing is answered 403/,
  },
  {
    name: 'requests are answered 429 on purpose',
    service: 'autolytiq/user-service',
    deeds: [
      {
        patch: 'VirtualService autolytiq/user-service',
        with: {
          spec: {
            http: [
              {
                fault: {
                  abort: { httpStatus: 429, percentage: { value: 40 } },
                },
                route: [toHost('user-service')],
              },
            ],
          },
        },
      },
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
      {
        patch: 'VirtualService autolytiq/user-service',
        with: {
          spec: {
            http: [
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
            ],
          },
        },
      },
    ],
    level: 'error',
    sentence:
      /^Every request is answered 503: user-service\S* has no port 9999\.$/,
  },
  {
    name: 'a third goes to a version without pods',
    service: 'autolytiq/customer-service',
    deeds: [
      {
        patch: 'VirtualService autolytiq/customer-service',
        with: {
          spec: {
            http: [
              {
                route: [
                  { ...toHost('customer-service', 'stable'), weight: 70 },
                  { ...toHost('customer-service', 'next'), weight: 30 },
                ],
              },
            ],
          },
        },
      },
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
      {
        patch: 'VirtualService autolytiq/email-service',
        with: {
          spec: {
            http: [
              {
                route: [toHost('email-service')],
                mirror: { host: 'nobody' },
              },
            ],
          },
        },
      },
    ],
    level: 'error',
    sentence: /^VirtualService email-service: .*nobody/,
  },
  {
    name: 'tokens are asked for that nobody sends',
    service: 'orion/billing',
    deeds: [
      {
        create: policy('orion', 'tokens', {
          action: 'DENY',
          selector: { matchLabels: { app: 'billing' } },
          rules: [{ from: [{ source: { notRequestPrincipals: ['*'] } }] }],
        }),
      },
    ],
    passes: true,
    level: 'warning',
    sentence: /^Every call from .* is answered 403/,
  },
  {
    name: 'nobody may call anybody in a namespace',
    service: 'orion-staging/gateway-service',
    deeds: [{ create: policy('orion-staging', 'deny-all', {}) }],
    passes: true,
    level: 'warning',
    sentence:
      /^Every call from .*istio-ingressgateway.* is answered 403: no policy/,
  },
  {
    name: 'Argo Rollouts gave up',
    service: 'autolytiq/customer-service',
    deeds: [
      {
        patch: 'Rollout autolytiq/customer-service',
        with: { status: { abort: true, phase: 'Degraded' } },
      },
    ],
    level: 'warning',
    // Who is refused is worse off; the rollout is named beside it.
    sentence: /^Every call from email-service is answered 403/,
  },
  {
    name: 'a subset deleted while Prometheus is away',
    service: 'orion/auth-service',
    deeds: [
      {
        patch: 'DestinationRule orion/auth-service',
        with: { spec: { subsets: [STABLE] } },
      },
    ],
    away: ['prometheus'],
    level: 'error',
    sentence: /no DestinationRule defines subset canary/,
  },
  {
    name: 'all pods of a service that is seldom called are gone',
    service: 'data-platform/ingest-service',
    deeds: [
      {
        patch: 'Deployment data-platform/ingest-service',
        with: { spec: { replicas: 0 } },
      },
    ],
    level: 'error',
    sentence: /503/,
  },
  {
    name: 'the only pods of an ambient service are gone',
    service: 'zoptal-production/project-service',
    deeds: [
      {
        patch: 'Deployment zoptal-production/project-service',
        with: { spec: { replicas: 0 } },
      },
    ],
    level: 'error',
    sentence: /503/,
  },
  {
    name: 'one in twenty is answered 500 on purpose',
    service: 'autolytiq/config-service',
    deeds: [
      {
        patch: 'VirtualService autolytiq/config-service',
        with: {
          spec: {
            http: [
              {
                fault: {
                  abort: { httpStatus: 500, percentage: { value: 5 } },
                },
                route: [toHost('config-service')],
              },
            ],
          },
        },
      },
    ],
    passes: true,
    level: 'warning',
    sentence: /^\d(\.\d)? % of requests fail with 500 FI/,
  },
  {
    name: 'only traces are away',
    service: 'orion/gateway-service',
    away: ['jaeger'],
    level: 'ok',
    sentence: WELL,
  },
  {
    name: 'only Kiali is away',
    service: 'orion/gateway-service',
    away: ['kiali'],
    level: 'ok',
    sentence: WELL,
  },
  {
    name: 'requests are delayed on purpose, and answered',
    service: 'autolytiq/config-service',
    deeds: [
      {
        patch: 'VirtualService autolytiq/config-service',
        with: {
          spec: {
            http: [
              {
                fault: {
                  delay: { fixedDelay: '0.2s', percentage: { value: 10 } },
                },
                route: [toHost('config-service')],
              },
            ],
          },
        },
      },
    ],
    passes: true,
    level: 'ok',
    sentence: WELL,
  },
];

export const SITUATIONS: readonly Situation[] = [...AS_THEY_ARE, ...MADE];

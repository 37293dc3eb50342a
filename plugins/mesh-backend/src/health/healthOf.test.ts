import { setFromYaml } from '@meshdeck/istio-config';
import type { OverviewAlert, SourceStatus } from '@meshdeck/plugin-mesh-common';
import { serviceFacts } from '../facts/serviceFacts';
import { Traffic } from '../metrics/Traffic';
import { failedRolloutOf } from './failedRolloutOf';
import { healthOf } from './healthOf';

const PLACE = { namespace: 'shop', service: 'cart' };

/** A Deployment with one ready pod. */
const deployment = (
  version: string,
  more: { ready?: boolean; plain?: boolean } = {},
) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart-${version}, namespace: shop}
spec:
  selector: {matchLabels: {app: cart, version: ${version}}}
  template: {metadata: {labels: {app: cart, version: ${version}}}, spec: {containers: [{name: app}]}}
---
apiVersion: v1
kind: Pod
metadata:
  name: cart-${version}-1
  namespace: shop
  labels: {app: cart, version: ${version}}
  ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: cart-${version}, controller: true, uid: u-${version}}]
spec: {serviceAccountName: cart, containers: [{name: app}${
  more.plain ? '' : ', {name: istio-proxy, image: proxyv2}'
}]}
status: {phase: Running, conditions: [{type: Ready, status: "${
  more.ready === false ? 'False' : 'True'
}"}]}
---`;

const SERVICE = `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{name: http, port: 80, targetPort: 8080}]}
---`;

const rule = (subsets: string) => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart, namespace: shop}
spec: {host: cart, subsets: [${subsets}]}
---`;
const STABLE = '{name: stable, labels: {version: stable}}';
const CANARY = '{name: canary, labels: {version: canary}}';

const SPLIT = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  hosts: [cart]
  http:
  - match: [{uri: {prefix: /login}}]
    route:
    - {destination: {host: cart, subset: stable}, weight: 80}
    - {destination: {host: cart, subset: canary}, weight: 20}
  - match: [{headers: {x-canary: {exact: "true"}}}]
    route: [{destination: {host: cart, subset: canary}}]
  - route: [{destination: {host: cart, subset: stable}}]
---`;
const STRICT = `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec: {mtls: {mode: STRICT}}
---`;
const BOTH = `${SERVICE}${deployment('stable')}${deployment('canary')}${SPLIT}`;
const WHOLE = `${BOTH}${rule(`${STABLE}, ${CANARY}`)}`;
const PLAIN = `${SERVICE}${deployment('stable')}`;

const edge = (
  requestsPerSecond: number,
  labels: Record<string, string> = {},
) => ({
  labels: {
    reporter: 'destination',
    source_workload: 'web',
    source_workload_namespace: 'shop',
    destination_canonical_revision: 'stable',
    response_code: '200',
    response_flags: '-',
    connection_security_policy: 'mutual_tls',
    ...labels,
  },
  points: [[0, requestsPerSecond]] as [number, number][],
});
const CALM = [edge(10)];
const firing = (level: OverviewAlert['level']): OverviewAlert[] => [
  {
    name: 'CartBurns',
    state: 'firing',
    level,
    summary: 'Budget is burning',
  },
];

interface Situation {
  yaml?: string;
  /** `null` before the first answer. */
  reports?: ReturnType<typeof edge>[] | null;
  alerts?: OverviewAlert[];
  prometheus?: SourceStatus['status'];
  kubernetes?: Partial<SourceStatus>;
}

function health(situation: Situation) {
  const {
    yaml = PLAIN,
    reports = CALM,
    alerts = [],
    prometheus = 'ok',
  } = situation;
  const set = setFromYaml(yaml);
  const knows = prometheus === 'ok' && reports !== null;
  return healthOf({
    service: PLACE.service,
    kubernetes: { id: 'kubernetes', status: 'ok', ...situation.kubernetes },
    prometheus: { id: 'prometheus', status: prometheus },
    config: serviceFacts(set, PLACE),
    rollout: failedRolloutOf(set, PLACE),
    traffic: knows ? Traffic.fromReports(reports ?? []) : undefined,
    alerts: knows ? alerts : undefined,
  });
}

const SICK: [
  name: string,
  situation: Situation,
  level: string,
  sentence: string,
][] = [
  [
    'the subset that a rule leads to is not defined',
    { yaml: `${BOTH}${rule(STABLE)}` },
    'error',
    'Every request with x-canary: true fails with 503: no DestinationRule defines subset canary.',
  ],
  [
    'a version has no ready pod',
    {
      yaml: `${SERVICE}${deployment('stable')}${deployment('canary', {
        ready: false,
      })}${rule(`${STABLE}, ${CANARY}`)}${SPLIT}`,
    },
    'error',
    'Every request with x-canary: true fails with 503: subset canary has no ready pods.',
  ],
  [
    'no pod is ready',
    {
      yaml: `${SERVICE}${deployment('stable', { ready: false })}`,
      reports: [],
    },
    'error',
    'Every request fails with 503: cart.shop.svc.cluster.local has no ready pods.',
  ],
  [
    'there are no pods at all',
    { yaml: SERVICE, reports: [] },
    'error',
    'No pod stands behind Service cart: every request fails with 503.',
  ],
  [
    'a route leads to a host that is not there',
    {
      yaml: `${PLAIN}
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec: {hosts: [cart], http: [{route: [{destination: {host: carrt}}]}]}
`,
    },
    'error',
    'Every request fails with 503: there is no service carrt.shop.svc.cluster.local.',
  ],
  [
    'one version fails, with one flag, from one caller',
    {
      yaml: WHOLE,
      reports: [
        edge(8),
        edge(2, { source_workload: 'mobile' }),
        edge(1.5, { destination_canonical_revision: 'canary' }),
        edge(0.5, {
          destination_canonical_revision: 'canary',
          response_code: '503',
          response_flags: 'UF',
        }),
      ],
    },
    'warning',
    '25 % of requests to canary fail with 503 UF (no connection to a pod can be made), all from web.',
  ],
  [
    'many requests fail in many ways',
    {
      reports: [
        edge(6),
        edge(1, { response_code: '500' }),
        edge(1, {
          response_code: '504',
          response_flags: 'UT',
          source_workload: 'mobile',
        }),
        edge(2, { response_code: '502', source_workload: 'mobile' }),
      ],
    },
    'error',
    '40 % of requests fail, most of them from mobile.',
  ],
  [
    'the circuit breaker is open',
    {
      reports: [
        edge(8),
        edge(2, { response_code: '503', response_flags: 'UO' }),
      ],
    },
    'error',
    '20 % of requests fail with 503 UO (the circuit breaker turns them away), all from web.',
  ],
  [
    'a canary fails more often, but few requests reach it',
    {
      yaml: WHOLE,
      reports: [
        edge(99),
        edge(0.97, { destination_canonical_revision: 'canary' }),
        edge(0.03, {
          destination_canonical_revision: 'canary',
          response_code: '500',
        }),
      ],
    },
    'warning',
    'canary fails more often: 3 % of its requests, against 0 % of stable.',
  ],
  [
    'a caller is refused',
    {
      reports: [
        edge(100),
        edge(0.2, { source_workload: 'billing', response_code: '403' }),
      ],
    },
    'warning',
    'Every call from billing is answered 403: no policy allows them.',
  ],
  [
    'tokens are not accepted',
    {
      reports: [
        edge(1),
        edge(9, { source_workload: 'spa', response_code: '401' }),
        edge(1, { source_workload: 'spa' }),
      ],
    },
    'warning',
    'Most calls from spa are answered 401: no token, or none that is valid.',
  ],
  [
    'a rate limit turns requests away',
    { reports: [edge(9), edge(1, { response_code: '429' })] },
    'warning',
    '10 % of requests are answered 429: a rate limit turns them away.',
  ],
  [
    'an alert fires that somebody is woken for',
    { alerts: firing('error') },
    'error',
    'The alert CartBurns is firing: Budget is burning.',
  ],
  [
    'an alert fires that can wait',
    { alerts: firing('warning') },
    'warning',
    'The alert CartBurns is firing: Budget is burning.',
  ],
  [
    'a caller comes without encryption',
    {
      reports: [
        edge(9),
        edge(1, {
          source_workload: 'batch',
          connection_security_policy: 'none',
        }),
      ],
    },
    'warning',
    'batch calls without encryption.',
  ],
  [
    'one came so before STRICT',
    {
      yaml: `${PLAIN}${STRICT}`,
      reports: [
        edge(9),
        edge(1, {
          source_workload: 'batch',
          connection_security_policy: 'none',
        }),
      ],
    },
    'warning',
    'batch called without encryption and cannot get in any more: only encrypted calls do.',
  ],
  [
    'its pods have no proxy',
    { yaml: `${SERVICE}${deployment('stable', { plain: true })}`, reports: [] },
    'warning',
    'Not in the mesh: its pods have no proxy, so no policy has an effect here, every call is plaintext, and nothing is measured.',
  ],
  [
    'a subset without pods to which nothing leads is untidy',
    {
      yaml: `${PLAIN}${rule(`${STABLE}, {name: old, labels: {version: old}}`)}`,
    },
    'warning',
    'DestinationRule cart: no pod has the labels of subset old, to which no rule sends requests.',
  ],
  [
    'Flagger sent a version back',
    {
      yaml: `${PLAIN}
apiVersion: flagger.app/v1beta1
kind: Canary
metadata: {name: cart, namespace: shop}
spec: {provider: istio, targetRef: {kind: Deployment, name: cart}, service: {port: 80}, analysis: {interval: 1m, threshold: 5}}
status: {phase: Failed}
`,
    },
    'warning',
    'Flagger rolled the new version back: everything goes to the version before.',
  ],
  [
    'the cluster cannot be read, whatever else',
    {
      yaml: `${BOTH}${rule(STABLE)}`,
      kubernetes: { status: 'down', message: 'The cluster does not answer.' },
    },
    'unknown',
    'The cluster does not answer.',
  ],
  [
    'the cluster is silent',
    { kubernetes: { status: 'stale', message: 'It is silent since 12:04.' } },
    'unknown',
    'Nothing was wrong when the cluster was last read. It is silent since 12:04.',
  ],
  [
    'Prometheus does not answer',
    { prometheus: 'down' },
    'unknown',
    'Nothing wrong in the configuration; how it runs is not known: Prometheus does not answer.',
  ],
  [
    'some kinds cannot be read',
    { kubernetes: { status: 'partial', message: 'Canaries are not served.' } },
    'unknown',
    'Nothing is wrong in what can be read of the cluster. Canaries are not served.',
  ],
  [
    'Prometheus has not said anything yet',
    { reports: null },
    'unknown',
    'Nothing wrong in the configuration; how it runs is not known: Prometheus has not answered yet.',
  ],
  [
    'there is no Prometheus',
    { prometheus: 'absent' },
    'unknown',
    'Nothing wrong in the configuration; how it runs is not known: no Prometheus is configured.',
  ],
];

const WELL: [name: string, situation: Situation, sentence: string][] = [
  [
    'all is calm',
    {},
    'All right: 1 rule, 100 % succeed, every caller uses mTLS.',
  ],
  [
    'nobody calls',
    { reports: [] },
    'All right: 1 rule, no request in the last 5 min.',
  ],
  [
    'a version without pods gets nothing',
    {
      yaml: `${SERVICE}${deployment('stable')}${deployment('canary', {
        ready: false,
      })}${rule(`${STABLE}, ${CANARY}`)}
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec: {hosts: [cart], http: [{route: [{destination: {host: cart, subset: stable}, weight: 100}, {destination: {host: cart, subset: canary}, weight: 0}]}]}
`,
    },
    'All right: 1 rule, 100 % succeed, every caller uses mTLS.',
  ],
  [
    'one request of a thousand fails',
    { reports: [edge(99.9), edge(0.1, { response_code: '503' })] },
    'All right: 1 rule, 99.9 % succeed, every caller uses mTLS.',
  ],
  [
    'a few requests are refused, as strangers are',
    { reports: [edge(99), edge(1, { response_code: '403' })] },
    'All right: 1 rule, 100 % succeed, every caller uses mTLS.',
  ],
  [
    'both versions fail alike',
    {
      yaml: WHOLE,
      reports: [
        edge(99.5),
        edge(0.5, { response_code: '500' }),
        edge(9.95, { destination_canonical_revision: 'canary' }),
        edge(0.05, {
          destination_canonical_revision: 'canary',
          response_code: '500',
        }),
      ],
    },
    'All right: 3 rules, 99.5 % succeed, every caller uses mTLS.',
  ],
  [
    'one of three requests to a canary failed, which is nothing to go by',
    {
      yaml: WHOLE,
      reports: [
        edge(99),
        edge(0.006, { destination_canonical_revision: 'canary' }),
        edge(0.003, {
          destination_canonical_revision: 'canary',
          response_code: '500',
        }),
      ],
    },
    'All right: 3 rules, 99.9 % succeed, every caller uses mTLS.',
  ],
  [
    'an alert is only pending',
    { alerts: [{ name: 'CartBurns', state: 'pending', level: 'error' }] },
    'All right: 1 rule, 100 % succeed, every caller uses mTLS.',
  ],
  [
    'an ignored field asks for the default',
    {
      yaml: `${PLAIN}
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart, namespace: shop}
spec: {host: cart, trafficPolicy: {outlierDetection: {consecutiveErrors: 5}}}
`,
    },
    'All right: 1 rule, 100 % succeed, every caller uses mTLS.',
  ],
];

describe('the health of a service', () => {
  it.each(SICK)('%s', (_name, situation, level, sentence) => {
    expect(health(situation).verdict).toMatchObject({ level, sentence });
  });

  it.each(WELL)('is well where %s', (_name, situation, sentence) => {
    expect(health(situation)).toEqual({
      verdict: { level: 'ok', sentence },
      also: [],
    });
  });

  it('names the worst first, and what else is wrong, each thing once', () => {
    const { verdict, also } = health({
      yaml: `${BOTH}${rule(STABLE)}`,
      reports: [
        edge(94),
        edge(1, {
          connection_security_policy: 'none',
          source_workload: 'batch',
        }),
        edge(5, { response_code: '503', response_flags: 'NC' }),
      ],
      alerts: firing('warning'),
    });
    expect(verdict.sentence).toMatch(/^Every request with x-canary/);
    expect(also.map(({ level, sentence }) => `${level}: ${sentence}`)).toEqual([
      'error: 20 % of /login* fail with 503: no DestinationRule defines subset canary.',
      'warning: 5 % of requests fail with 503 NC (the rule names a destination that the proxy does not know), all from web.',
      'warning: The alert CartBurns is firing: Budget is burning.',
      'warning: batch calls without encryption.',
    ]);
  });

  it('is never friendlier than an error finding or a firing alert', () => {
    const broken = `${PLAIN}
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec: {hosts: [cart], gateways: [mesh], http: [{retries: {attempts: 3, perTryTimeout: nonsense}, route: [{destination: {host: cart}}]}]}
`;
    for (const prometheus of ['ok', 'down'] as const) {
      expect(health({ yaml: broken, prometheus }).verdict.level).toBe('error');
    }
    expect(health({ alerts: firing('error') }).verdict.level).toBe('error');
  });
});

import {
  deployment,
  SERVICE,
  rule,
  STABLE,
  CANARY,
  SPLIT,
  STRICT,
  BOTH,
  WHOLE,
  PLAIN,
  edge,
  firing,
  type Situation,
  health,
} from './__testUtils__/cartHealth';

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
    'Every call from billing is refused with 403.',
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
    'Most calls from spa are refused with 401: they bring no token, or none that is valid.',
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

describe('the health of a service', () => {
  it.each(SICK)('%s', (_name, situation, level, sentence) => {
    expect(health(situation).verdict).toMatchObject({ level, sentence });
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

  it('names what fails now before what will fail, and is as grave as the worst of both', () => {
    const { verdict, also } = health({
      yaml: `${PLAIN}
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: edge, namespace: shop}
spec: {hosts: [cart], gateways: [mesh], http: [{retries: {attempts: 3, perTryTimeout: nonsense}, route: [{destination: {host: cart}}]}]}
`,
      reports: [edge(96), edge(4, { response_code: '500' })],
    });
    expect(verdict).toMatchObject({
      level: 'error',
      sentence: '4 % of requests fail with 500, all from web.',
    });
    expect(also).toEqual([
      expect.objectContaining({
        level: 'error',
        sentence: expect.stringMatching(/^VirtualService edge: /),
      }),
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

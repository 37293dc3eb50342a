import {
  deployment,
  SERVICE,
  rule,
  STABLE,
  CANARY,
  WHOLE,
  PLAIN,
  edge,
  type Situation,
  health,
} from './__testUtils__/cartHealth';

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
  it.each(WELL)('is well where %s', (_name, situation, sentence) => {
    expect(health(situation)).toEqual({
      verdict: { level: 'ok', sentence },
      also: [],
    });
  });
});

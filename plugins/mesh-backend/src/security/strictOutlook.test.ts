import { setFromYaml, workloadsOf } from '@meshdeck/istio-config';
import type { CallerView } from '@meshdeck/plugin-mesh-common';
import { strictOutlook } from '../facts/strictOutlook';
import { tokensOf } from './tokens';

const WORKLOADS = `
apiVersion: v1
kind: Service
metadata: { name: shop, namespace: a }
spec: { selector: { app: shop }, ports: [{ port: 80 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: shop, namespace: a }
spec:
  template:
    metadata: { labels: { app: shop }, annotations: { sidecar.istio.io/rewriteAppHTTPProbers: "false" } }
    spec:
      containers:
        - { name: istio-proxy }
        - { name: shop, readinessProbe: { httpGet: { path: /, port: 8080 } } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: batch, namespace: a }
spec: { template: { metadata: { labels: { app: batch } }, spec: { containers: [{ name: batch }] } } }
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: jwt, namespace: a }
spec:
  jwtRules:
    - { issuer: https://idp, audiences: [shop] }
    - { issuer: https://old, fromHeaders: [{ name: x-token, prefix: "Old " }], fromCookies: [session] }
`;

function readySet(policies = '') {
  const set = setFromYaml(`${WORKLOADS}${policies}`);
  return { set, workloads: workloadsOf(set, 'a', 'shop') };
}

const policy = (spec: string) => `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: p, namespace: a }
spec: ${spec}
`;

describe('strictOutlook', () => {
  const placement = {
    id: 'c:a:shop',
    cluster: 'c',
    namespace: 'a',
    service: 'shop',
  };
  const caller = (
    name: string,
    encrypted: CallerView['encrypted'],
  ): CallerView => ({
    name,
    namespace: 'a',
    encrypted,
    allowed: 'yes',
    allowedOperations: [],
    why: '',
    requestsPerSecond: 1,
  });

  it('finds callers without a proxy, callers in plain, and probes past the proxy', () => {
    const { set, workloads } = readySet();
    const { breaks } = strictOutlook(set, {
      placement,
      workloads,
      ports: [],
      isWatched: true,
      callers: [
        caller('web', 'yes'),
        caller('batch', 'unknown'),
        caller('far', 'partly'),
      ],
    });
    expect(breaks.map(({ name, why }) => [name, why])).toEqual([
      ['batch', expect.stringContaining('no proxy')],
      ['far', expect.stringContaining('seen calling without')],
      ['health probes of shop', expect.stringContaining('rewriteAppHTTP')],
    ]);
  });
});

describe('tokensOf', () => {
  it('says whose tokens are read and from where', () => {
    const { set, workloads } = readySet();
    expect(
      tokensOf(set, workloads[0], { namespace: 'a', name: 'shop' }).issuers,
    ).toMatchObject([
      {
        issuer: 'https://idp',
        audiences: ['shop'],
        readFrom: [
          'header Authorization after Bearer',
          'query parameter access_token',
        ],
      },
      {
        issuer: 'https://old',
        readFrom: ['header x-token after Old', 'cookie session'],
      },
    ]);
  });

  it.each([
    ['no policy', '', 'no'],
    [
      'a DENY of all without one',
      '{ action: DENY, rules: [{ from: [{ source: { notRequestPrincipals: ["*"] } }] }] }',
      'yes',
    ],
    [
      'such a DENY for one path',
      '{ action: DENY, rules: [{ from: [{ source: { notRequestPrincipals: ["*"] } }], to: [{ operation: { paths: [/x] } }] }] }',
      'partly',
    ],
    [
      'an ALLOW that asks for one',
      '{ rules: [{ from: [{ source: { requestPrincipals: ["*"] } }] }] }',
      'yes',
    ],
    [
      'an ALLOW by a claim',
      '{ rules: [{ when: [{ key: "request.auth.claims[role]", values: [admin] }] }] }',
      'yes',
    ],
    [
      'an ALLOW with another way in',
      '{ rules: [{ from: [{ source: { requestPrincipals: ["*"] } }] }, { from: [{ source: { namespaces: [a] } }] }] }',
      'partly',
    ],
  ])('takes %s as %#', (_name, spec, required) => {
    const { set, workloads } = readySet(spec && policy(spec));
    expect(
      tokensOf(set, workloads[0], { namespace: 'a', name: 'shop' }).required,
    ).toBe(required);
  });

  it('knows nothing where there is no workload', () => {
    expect(
      tokensOf(setFromYaml(''), undefined, { namespace: 'a', name: 'shop' }),
    ).toMatchObject({
      issuers: [],
      required: 'no',
    });
  });
});

import type { DemoMesh } from '@meshdeck/demo-mesh';
import { setFromYaml, workloadsOf } from '@meshdeck/istio-config';
import type { CallerView } from '@meshdeck/plugin-mesh-common';
import {
  component,
  startDemoMesh,
  startPortal,
} from '../__testUtils__/startPortal';
import { alertsAbout } from '../metrics/alertsAbout';
import { selecting } from '../metrics/promql';
import { serviceQueries } from '../metrics/serviceQueries';
import { strictOutlook } from './strictOutlook';
import { outOfScopeWords, tlsWords } from './surroundings';
import { tokensOf } from './tokens';

const AUTH = '/placements/demo:orion:auth-service';
const USER = '/placements/demo:orion:user-service';

describe('the views over the demo mesh', () => {
  let mesh: DemoMesh;
  let portal: Awaited<ReturnType<typeof startPortal>>;

  beforeAll(async () => {
    mesh = await startDemoMesh();
    portal = await startPortal({
      mesh,
      // One beat for all of the test: what is asked twice was asked without need.
      config: { refreshSeconds: 3600 },
      entities: ['auth-service', 'user-service', 'legacy-batch'].map(name =>
        component(name, { 'backstage.io/kubernetes-id': name }),
      ),
    });
    await portal.get('auth-service', AUTH);
  });

  afterAll(async () => {
    portal.server.stop();
    await mesh.stop();
  });

  const read = async (name: string, path: string) => {
    const { status, body } = await portal.get(name, path);
    expect(status).toBe(200);
    return body;
  };

  it('lays the day before over the window', async () => {
    const view = await read('auth-service', `${AUTH}/overview?window=1h`);
    const { points } = view.requestsPerSecond;
    const before = view.dayBefore.requestsPerSecond.points;
    expect(before.length).toBeGreaterThan(50);
    expect(Math.abs(before[0][0] - points[0][0])).toBeLessThan(120);
    expect(view.dayBefore.p99Ms.points.length).toBeGreaterThan(50);
  });

  it('names the alerts about the service only', async () => {
    const { alerts } = await read('auth-service', `${AUTH}/overview`);
    expect(alerts).toEqual(expect.any(Array));
    for (const { summary } of alerts) {
      expect(summary).toContain('auth-service');
    }
  });

  it('shows protection at work, the way in and the place in words', async () => {
    const view = await read('auth-service', `${AUTH}/routes`);
    expect(view.counters).toEqual({
      ejectedPods: expect.any(Number),
      overflowsPerSecond: expect.any(Number),
    });
    expect(view.waysIn[0].tls).toMatch(/^terminates TLS .*\([A-Z]+\)$/);
    expect(view.locality[0]).toMatch(/\.$/);
    expect(view.outOfScope).toBeUndefined();
  });

  it('tells who would be cut off if the service went STRICT', async () => {
    const { ifStrict } = await read('user-service', `${USER}/security`);
    expect(ifStrict).toMatchObject({ isStrict: false, isWatched: true });
    expect(ifStrict.breaks).toEqual([
      expect.objectContaining({
        kind: 'caller',
        requestsPerSecond: expect.any(Number),
      }),
    ]);
  });

  it('tries a call with a token, and refuses one that nobody can read', async () => {
    const { status, body } = await portal.postTo(
      'auth-service',
      `${AUTH}/security/try`,
      {
        from: 'orion/gateway-service',
        method: 'POST',
        path: '/api/auth/login',
        jwt: { issuer: 'https://idp', subject: 'jo', claims: { role: 'x' } },
      },
    );
    expect([status, body.outcome]).toEqual([200, 'allowed']);
    const bad = await portal.postTo('auth-service', `${AUTH}/security/try`, {
      method: 'GET',
      path: '/',
      jwt: { subject: 'jo' },
    });
    expect([bad.status, bad.body.error.message]).toEqual([
      400,
      expect.stringContaining('jwt.issuer'),
    ]);
  });
});

describe('alertsAbout', () => {
  const alert = (labels: Record<string, string>) => ({
    name: 'A',
    state: 'firing' as const,
    labels,
    annotations: {},
  });

  it.each([
    [{ destination_service_name: 'shop', namespace: 'a' }, true],
    [
      {
        destination_service_name: 'shop',
        destination_service_namespace: 'a',
        namespace: 'monitoring',
      },
      true,
    ],
    [{ service: 'shop', namespace: 'a' }, true],
    [{ cluster_name: 'outbound|80|v1|shop.a.svc.cluster.local' }, true],
    [{ destination_service: 'shop.a.svc.mesh.example' }, true],
    [{ service: 'shop' }, false],
    [{ destination_service_name: 'shop', namespace: 'b' }, false],
    [{ cluster_name: 'outbound|80||shop.ab.svc.cluster.local' }, false],
    [{ cluster_name: 'shop' }, false],
    [{}, false],
  ] as [Record<string, string>, boolean][])(
    'takes %j as about a/shop: %s',
    (labels, isAbout) => {
      expect(
        alertsAbout({ namespace: 'a', service: 'shop' }, [alert(labels)]),
      ).toHaveLength(isAbout ? 1 : 0);
    },
  );
});

it('asks for the Envoy clusters of one service only, whatever its name', () => {
  const { ejections, overflows } = serviceQueries(
    { namespace: 'a', service: 'sh.op' },
    selecting(),
  );
  for (const query of [ejections(), overflows('1m')]) {
    expect(query).toContain(
      '{cluster_name=~"outbound\\\\|[0-9]+\\\\|[^|]*\\\\|sh\\\\.op\\\\.a\\\\.svc\\\\..*"}',
    );
  }
});

it.each([
  [undefined, undefined],
  ['SIMPLE', 'terminates TLS (SIMPLE)'],
  ['PASSTHROUGH', 'passes TLS on unopened (PASSTHROUGH)'],
  ['NEW_MODE', 'NEW_MODE'],
])('says of TLS mode %s: %s', (mode, words) => {
  expect(tlsWords(mode)).toBe(words);
});

it('says what it means to be left out by a Sidecar', () => {
  const sidecar = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Sidecar',
    namespace: 'a',
    name: 'narrow',
  };
  expect(outOfScopeWords({ sidecar, outcome: 'blocked', why: '' })).toMatch(
    /^Sidecar a\/narrow .*does not import.*: their requests to it fail\.$/,
  );
  expect(outOfScopeWords({ outcome: 'passthrough', why: '' })).toMatch(
    /not exported.*without mTLS\.$/,
  );
});

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
    expect(tokensOf(set, workloads[0]).issuers).toMatchObject([
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
    expect(tokensOf(set, workloads[0]).required).toBe(required);
  });

  it('knows nothing where there is no workload', () => {
    expect(tokensOf(setFromYaml(''), undefined)).toMatchObject({
      issuers: [],
      required: 'no',
    });
  });
});

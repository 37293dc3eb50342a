import fc from 'fast-check';
import type { KubeObject } from '../kube/KubeObject';
import { perhaps } from './routeParts';
import { weightConfigurations } from './weightConfigurations';

const LABELS = { app: 'auth' };

const breaker = fc.record(
  {
    connectionPool: perhaps(
      fc.constantFrom(
        { tcp: { maxConnections: 10 }, http: { http2MaxRequests: 5 } },
        { http: { idleTimeout: '5s' } },
      ),
    ),
    outlierDetection: perhaps(
      fc.constantFrom({ consecutive5xxErrors: 5, interval: '10s' }, {}),
    ),
    loadBalancer: perhaps(
      fc.constantFrom<object>(
        { simple: 'RANDOM' },
        { consistentHash: { useSourceIp: true } },
        { simple: 'ROUND_ROBIN', localityLbSetting: { enabled: false } },
      ),
    ),
    tls: perhaps(fc.constant({ mode: 'ISTIO_MUTUAL' })),
    portLevelSettings: perhaps(
      fc.constant([{ port: { number: 80 }, tls: { mode: 'DISABLE' } }]),
    ),
    unknown: perhaps(fc.constant({ 'a/b~c': [1, null] })),
  },
  { noNullPrototype: true },
);

const mode = fc.constantFrom('STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET');
const selector = fc.constantFrom<object>(
  LABELS,
  LABELS,
  { ...LABELS, version: 'stable' },
  { tier: 'back' },
);

const peerAuthentications = listOf('PeerAuthentication', {
  names: ['default', 'auth', 'peers'],
  spec: fc.record(
    {
      selector: perhaps(selector.map(matchLabels => ({ matchLabels }))),
      mtls: perhaps(fc.record({ mode })),
      portLevelMtls: perhaps(
        fc.record({ mode }).map(level => ({ 8080: level, 9090: level })),
      ),
    },
    { noNullPrototype: true },
  ),
});

const authorizationPolicies = listOf('AuthorizationPolicy', {
  names: ['auth-callers', 'open', 'closed'],
  spec: fc.record(
    {
      selector: perhaps(selector.map(matchLabels => ({ matchLabels }))),
      action: perhaps(fc.constantFrom('ALLOW', 'ALLOW', 'DENY', 'AUDIT')),
      rules: perhaps(
        fc.array(
          fc.record({
            from: fc.constant([
              { source: { principals: ['cluster.local/ns/two/sa/old'] } },
            ]),
            unknown: perhaps(fc.constant('x')),
          }),
          { maxLength: 2 },
        ),
      ),
    },
    { noNullPrototype: true },
  ),
});

const telemetries = listOf('Telemetry', {
  names: ['auth', 'default'],
  spec: fc.record(
    {
      selector: perhaps(selector.map(matchLabels => ({ matchLabels }))),
      tracing: perhaps(
        fc.constantFrom<object[]>(
          [],
          [{ randomSamplingPercentage: 1, disableSpanReporting: false }],
          [{ customTags: {} }, { randomSamplingPercentage: 3 }],
        ),
      ),
    },
    { noNullPrototype: true },
  ),
});

const GROUPS: Record<string, string> = {
  PeerAuthentication: 'security.istio.io/v1',
  AuthorizationPolicy: 'security.istio.io/v1',
  Telemetry: 'telemetry.istio.io/v1',
};

function listOf(
  kind: string,
  { names, spec }: { names: string[]; spec: fc.Arbitrary<object> },
): fc.Arbitrary<object[]> {
  return fc.uniqueArray(
    fc.record({ name: fc.constantFrom(...names), spec }).map(each => ({
      apiVersion: GROUPS[kind],
      kind,
      metadata: { namespace: 'one', name: each.name, resourceVersion: '7' },
      spec: each.spec,
    })),
    { maxLength: 2, selector: ({ metadata }) => metadata.name },
  );
}

const meta = (names: readonly string[]) =>
  perhaps(
    fc
      .uniqueArray(fc.constantFrom(...names), { maxLength: 3 })
      .map(list => Object.fromEntries(list.map(name => [name, 'was']))),
  );

const template = fc.record(
  {
    labels: meta(['sidecar.istio.io/inject', 'istio.io/rev', 'tier']),
    annotations: meta([
      'sidecar.istio.io/proxyCPU',
      'kubectl.kubernetes.io/restartedAt',
      'prometheus.io/scrape',
    ]),
  },
  { noNullPrototype: true },
);

const namespaceLabels = fc.constantFrom<Record<string, string> | undefined>(
  undefined,
  { 'istio-injection': 'enabled' },
  { 'istio.io/rev': 'old', team: 'one' },
  { 'istio.io/dataplane-mode': 'ambient' },
);

/** Deployments with pods in the mesh, `stable` and `canary`. */
function deployment(version: string, pods: any): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      namespace: 'one',
      name: `auth-${version}`,
      resourceVersion: '7',
    },
    spec: {
      replicas: 1,
      selector: { matchLabels: { ...LABELS, version } },
      template: {
        metadata: {
          ...pods,
          labels: { ...pods.labels, ...LABELS, version, tier: 'back' },
        },
        spec: {
          containers: [{ name: 'app', ports: [{ containerPort: 8080 }] }],
        },
      },
    },
  };
}

/**
 * A Service in all that may be said of it: the VirtualServices and DestinationRules of the generated splits, with a traffic policy, mTLS, callers,
 * tracing, labels of its Namespace and of the pods of its two Deployments.
 */
export const intentConfigurations: fc.Arbitrary<KubeObject[]> = fc
  .record({
    routes: weightConfigurations,
    hasRoutes: fc.boolean(),
    policy: perhaps(breaker),
    peers: peerAuthentications,
    access: authorizationPolicies,
    telemetry: telemetries,
    pods: fc.tuple(template, template),
    labels: namespaceLabels,
  })
  .map(
    ({ routes, hasRoutes, policy, peers, access, telemetry, pods, labels }) => {
      const kept = routes
        .filter(({ kind }) => hasRoutes || kind !== 'VirtualService')
        .map(object => {
          if (object.kind === 'Service' && object.metadata.name === 'auth') {
            const ports = [{ port: 80, targetPort: 8080 }];
            return { ...object, spec: { ports, selector: LABELS } };
          }
          return object.kind === 'DestinationRule' && policy
            ? { ...object, spec: { ...object.spec, trafficPolicy: policy } }
            : object;
        });
      return JSON.parse(
        JSON.stringify([
          {
            apiVersion: 'v1',
            kind: 'Namespace',
            metadata: {
              name: 'one',
              labels: labels ?? { 'istio-injection': 'enabled' },
            },
          },
          ...kept,
          deployment('stable', pods[0]),
          deployment('canary', pods[1]),
          ...peers,
          ...access,
          ...telemetry,
        ]),
      );
    },
  );

const backendRef = fc.record(
  {
    name: fc.constantFrom('auth-stable', 'auth-canary', 'auth-next'),
    port: fc.constant(80),
    weight: perhaps(fc.integer({ min: 0, max: 1000 })),
    filters: perhaps(fc.constant([{ type: 'RequestHeaderModifier' }])),
  },
  { noNullPrototype: true },
);

/** HTTPRoutes and GRPCRoutes whose rules divide requests between Services. */
export const gatewayRoutes: fc.Arbitrary<KubeObject> = fc
  .record({
    kind: fc.constantFrom('HTTPRoute', 'GRPCRoute'),
    rules: fc.array(
      fc.record(
        {
          backendRefs: fc.array(backendRef, { minLength: 1, maxLength: 3 }),
          matches: perhaps(
            fc.constant([{ headers: [{ name: 'a', value: 'b' }] }]),
          ),
          unknown: perhaps(fc.constant({ backendRefs: [{ weight: 3 }] })),
        },
        { noNullPrototype: true },
      ),
      { minLength: 1, maxLength: 3 },
    ),
  })
  .map(({ kind, rules }) =>
    JSON.parse(
      JSON.stringify({
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind,
        metadata: { namespace: 'one', name: 'auth', resourceVersion: '7' },
        spec: {
          parentRefs: [{ name: 'auth', kind: 'Service', group: '' }],
          rules,
        },
      }),
    ),
  );

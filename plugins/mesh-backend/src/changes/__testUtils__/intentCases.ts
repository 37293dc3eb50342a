import type { ServiceIntent } from '@meshdeck/plugin-mesh-common';

/** The API version of each kind that is changed. */
export const VERSIONS: Record<string, string> = {
  VirtualService: 'networking.istio.io/v1',
  DestinationRule: 'networking.istio.io/v1',
  PeerAuthentication: 'security.istio.io/v1',
  AuthorizationPolicy: 'security.istio.io/v1',
  Telemetry: 'telemetry.istio.io/v1',
  Deployment: 'apps/v1',
};

/** An intent, and what it does to a service that `weightedService` makes, with a Deployment `auth-app`. */
export interface IntentCase {
  what: Exclude<ServiceIntent, { intent: 'undo' }>;
  /** The object that it is about; by default of the service's name. */
  kind: keyof typeof VERSIONS;
  name?: string;
  action: 'create' | 'change';
  /** On the rule that the page shows first. */
  onRule?: true;
  becomes: (spec: any) => unknown;
  value: unknown;
}

export const INTENT_CASES: IntentCase[] = [
  {
    what: { intent: 'timeout', timeoutMs: 2500 },
    onRule: true,
    kind: 'VirtualService',
    action: 'change',
    becomes: spec => spec.http[0].timeout,
    value: '2.5s',
  },
  {
    what: { intent: 'retries', attempts: 0 },
    onRule: true,
    kind: 'VirtualService',
    action: 'change',
    becomes: spec => spec.http[0].retries,
    value: { attempts: 0 },
  },
  {
    what: { intent: 'mirror', to: { subset: 'canary', percent: 5 } },
    onRule: true,
    kind: 'VirtualService',
    action: 'change',
    becomes: spec => spec.http[0].mirrors[0].percentage.value,
    value: 5,
  },
  {
    what: {
      intent: 'conditionalRoute',
      on: { header: 'X-Beta', value: 'yes' },
      subset: 'canary',
    },
    onRule: true,
    kind: 'VirtualService',
    action: 'change',
    becomes: spec => [
      spec.http.length,
      spec.http[0].match[0].headers['x-beta'],
    ],
    value: [3, { exact: 'yes' }],
  },
  {
    what: { intent: 'breaker', maxConnections: 10, consecutiveErrors: 3 },
    kind: 'DestinationRule',
    action: 'change',
    becomes: spec => spec.trafficPolicy,
    value: {
      connectionPool: { tcp: { maxConnections: 10 } },
      outlierDetection: { consecutive5xxErrors: 3 },
    },
  },
  {
    what: { intent: 'balancing', by: { simple: 'RANDOM' } },
    kind: 'DestinationRule',
    action: 'change',
    becomes: spec => spec.trafficPolicy.loadBalancer,
    value: { simple: 'RANDOM' },
  },
  {
    what: { intent: 'mtls', scope: 'workload', mode: 'STRICT' },
    kind: 'PeerAuthentication',
    action: 'create',
    becomes: spec => spec.mtls.mode,
    value: 'STRICT',
  },
  {
    what: {
      intent: 'denyByDefault',
      callers: ['cluster.local/ns/shop/sa/cart'],
    },
    kind: 'AuthorizationPolicy',
    name: 'auth-callers',
    action: 'create',
    becomes: spec => spec.rules,
    value: [
      { from: [{ source: { principals: ['cluster.local/ns/shop/sa/cart'] } }] },
    ],
  },
  {
    what: { intent: 'sampling', percent: 12.5 },
    kind: 'Telemetry',
    action: 'create',
    becomes: spec => spec.tracing,
    value: [{ randomSamplingPercentage: 12.5 }],
  },
  {
    what: { intent: 'proxyResources', workload: 'auth-app', cpu: '50m' },
    kind: 'Deployment',
    name: 'auth-app',
    action: 'change',
    becomes: spec => spec.template.metadata.annotations,
    value: { 'sidecar.istio.io/proxyCPU': '50m' },
  },
  {
    what: { intent: 'enrolment', workload: 'auth-app', mode: 'ambient' },
    kind: 'Deployment',
    name: 'auth-app',
    action: 'change',
    becomes: spec => spec.template.metadata.labels['istio.io/dataplane-mode'],
    value: 'ambient',
  },
  {
    what: { intent: 'restart', workload: 'auth-app' },
    kind: 'Deployment',
    name: 'auth-app',
    action: 'change',
    becomes: spec => Object.keys(spec.template.metadata.annotations),
    value: ['kubectl.kubernetes.io/restartedAt'],
  },
];

import type {
  CanaryView,
  CertificatesView,
  ChangePreview,
  Figure,
  OpinionView,
  OverviewView,
  Placement,
  PlacementsView,
  RoutesView,
  SecurityView,
  SourceStatus,
  TopologyView,
  TraceDependenciesView,
  TracesView,
} from '@meshdeck/plugin-mesh-common';
import { AUTH_SERVICE_REF } from './entity';
import {
  authorizationPolicy,
  destinationRule,
  peerAuthentication,
  virtualService,
  virtualServiceYaml,
} from './objects';

/** When the fixtures were true. */
export const NOON = Date.parse('2026-11-20T12:04:11Z');

export const production: Placement = {
  id: 'production:orion:auth-service',
  cluster: 'production',
  namespace: 'orion',
  service: 'auth-service',
};

export const staging: Placement = {
  id: 'staging:orion:auth-service',
  cluster: 'staging',
  namespace: 'orion',
  service: 'auth-service',
};

export const placementsView: PlacementsView = {
  entityRef: AUTH_SERVICE_REF,
  placements: [production, staging],
  problems: [],
};

export const noAnnotationView: PlacementsView = {
  entityRef: AUTH_SERVICE_REF,
  placements: [],
  problems: [
    {
      code: 'no-annotation',
      message: 'No annotation of auth-service leads to a Service.',
      fix: 'Add these lines to its catalog-info.yaml.',
      snippet: `metadata:
  annotations:
    backstage.io/kubernetes-id: auth-service
    backstage.io/kubernetes-namespace: orion
`,
    },
  ],
};

/** A course of a figure over a quarter of an hour that swings around `value`. */
function figure(value: number, swing: number, now: number): Figure {
  const points = Array.from({ length: 30 }, (_, index): [number, number] => [
    Math.round(now / 1000) - (29 - index) * 30,
    Math.max(0, value + swing * Math.sin(index * 0.9) * Math.cos(index * 0.31)),
  ]);
  return { value, points };
}

export function wellSources(now: number): SourceStatus[] {
  const asOf = new Date(now).toISOString();
  return [
    { id: 'kubernetes', status: 'ok', asOf },
    { id: 'prometheus', status: 'ok', asOf },
  ];
}

export function prometheusDown(now: number): SourceStatus[] {
  return [
    ...wellSources(now).slice(0, 1),
    {
      id: 'prometheus',
      status: 'down',
      since: new Date(now - 180_000).toISOString(),
      message: 'It refuses connections.',
    },
  ];
}

function base(now: number, placement: Placement) {
  return {
    placement,
    window: '15m' as const,
    sources: wellSources(now),
    findings: [],
  };
}

export function routesView(
  now: number = NOON,
  placement: Placement = production,
): RoutesView {
  const stable = {
    host: 'auth-service.orion.svc.cluster.local',
    subset: 'stable',
    port: 8080,
    pods: 3,
    readyPods: 3,
    state: 'ok' as const,
  };
  const canary = { ...stable, subset: 'canary', pods: 1, readyPods: 1 };
  return {
    ...base(now, placement),
    verdict: {
      level: 'warning',
      sentence:
        '2.1 % of requests to the canary fail, against 0.3 % of those to stable.',
      tab: 'canary',
    },
    findings: [
      {
        code: 'MD0101',
        level: 'warning',
        object: destinationRule,
        path: 'spec.trafficPolicy.outlierDetection.consecutiveErrors',
        message: 'This limit has no effect: no pod is ever ejected by it.',
        fix: 'Rename consecutiveErrors to consecutive5xxErrors.',
      },
    ],
    host: 'auth-service.orion.svc.cluster.local',
    rules: [
      {
        index: 0,
        name: 'login',
        requests: ['POST /api/auth/login*'],
        treatment: ['waits 10 s', 'retries 2×, 5 s each'],
        destinations: [
          {
            ...stable,
            configuredShare: 0.9,
            liveShare: 0.897,
            errorShare: 0.003,
          },
          {
            ...canary,
            configuredShare: 0.1,
            liveShare: 0.103,
            errorShare: 0.021,
          },
        ],
        object: virtualService,
        path: 'spec.http[0]',
      },
      {
        index: 1,
        name: 'testers',
        requests: ['header x-canary = true'],
        treatment: [],
        destinations: [{ ...canary, configuredShare: 1 }],
        object: virtualService,
        path: 'spec.http[1]',
      },
      {
        index: 2,
        requests: ['everything else'],
        treatment: ['waits 15 s'],
        destinations: [{ ...stable, configuredShare: 1, errorShare: 0.003 }],
        object: virtualService,
        path: 'spec.http[2]',
      },
    ],
    protection: [
      'at most 1,000 requests at once',
      'ejects a pod after 5 errors in a row for 30 s',
    ],
    counters: { ejectedPods: 1, overflowsPerSecond: 0.4 },
    locality: [
      'Requests stay in the caller’s zone while enough of its pods are healthy, then go to its region, then elsewhere.',
    ],
    waysIn: [
      {
        gateway: 'orion-gateway',
        hosts: ['auth.orion.example.com'],
        tls: 'terminates TLS (SIMPLE)',
      },
    ],
    callers: ['gateway-service', 'legacy-batch'],
    objects: [virtualService, destinationRule],
  };
}

export function securityView(
  now: number = NOON,
  placement: Placement = production,
): SecurityView {
  return {
    ...base(now, placement),
    verdict: {
      level: 'error',
      sentence:
        'legacy-batch calls without encryption and will be refused: port 8080 is STRICT.',
    },
    mtlsShare: 0.998,
    ports: [
      {
        workload: 'auth-service',
        port: 8080,
        portName: 'http',
        mode: 'STRICT',
        chain: [
          { level: 'mesh', mode: 'PERMISSIVE', decides: false },
          {
            level: 'namespace',
            object: peerAuthentication,
            mode: 'STRICT',
            decides: true,
          },
          { level: 'workload', mode: 'UNSET', decides: false },
          { level: 'port', mode: 'UNSET', decides: false },
        ],
      },
    ],
    callers: [
      {
        name: 'gateway-service',
        namespace: 'orion',
        principal: 'cluster.local/ns/orion/sa/gateway-service',
        entityRef: 'component:default/gateway-service',
        owner: 'group:default/team-edge',
        requestsPerSecond: 84,
        encrypted: 'yes',
        allowed: 'partly',
        allowedOperations: ['POST /api/auth/login'],
        why: 'auth-service-policy, rule 1',
      },
      {
        name: 'legacy-batch',
        namespace: 'batch',
        owner: 'group:default/team-batch',
        requestsPerSecond: 0.2,
        encrypted: 'no',
        allowed: 'no',
        allowedOperations: [],
        why: 'It has no identity: it calls without mTLS.',
        deniedShare: 1,
      },
      {
        name: 'billing',
        namespace: 'orion',
        requestsPerSecond: 0,
        encrypted: 'unknown',
        allowed: 'no',
        allowedOperations: [],
        why: 'No rule names it.',
      },
    ],
    policies: [peerAuthentication, authorizationPolicy],
    ifStrict: {
      isStrict: false,
      isWatched: true,
      breaks: [
        {
          name: 'legacy-batch',
          namespace: 'batch',
          kind: 'caller',
          why: 'it has no proxy, so it cannot encrypt',
          requestsPerSecond: 0.2,
          owner: 'group:default/team-batch',
        },
      ],
    },
    tokens: {
      required: 'partly',
      sentence:
        'A wrong token is refused; some requests need one, others get in without.',
      issuers: [
        {
          object: authorizationPolicy,
          issuer: 'https://login.example.com',
          audiences: ['orion'],
          readFrom: ['header Authorization after Bearer'],
        },
      ],
    },
  };
}

export function canaryView(
  now: number = NOON,
  placement: Placement = production,
): CanaryView {
  return {
    ...base(now, placement),
    verdict: {
      level: 'warning',
      sentence: 'canary takes 10 % and fails seven times as often as stable.',
    },
    provider: 'virtualservice',
    object: virtualService,
    versions: [
      {
        subset: 'stable',
        labels: { version: 'v1.8.2' },
        weight: 90,
        liveShare: 0.897,
        pods: 3,
        readyPods: 3,
        requestsPerSecond: figure(108, 9, now),
        errorShare: figure(0.003, 0.002, now),
        p99Ms: figure(84, 7, now),
      },
      {
        subset: 'canary',
        labels: { version: 'v2.0.0-canary' },
        weight: 10,
        liveShare: 0.103,
        pods: 1,
        readyPods: 1,
        requestsPerSecond: figure(12, 2, now),
        errorShare: figure(0.021, 0.011, now),
        p99Ms: figure(91, 16, now),
      },
    ],
    rules: [
      {
        index: 0,
        requests: ['POST /api/auth/login*'],
        weights: { stable: 90, canary: 10 },
      },
      {
        index: 2,
        requests: ['everything else'],
        weights: { stable: 100, canary: 0 },
      },
    ],
  };
}

export function overviewView(
  now: number = NOON,
  placement: Placement = production,
): OverviewView {
  const { findings } = routesView(now);
  return {
    ...base(now, placement),
    verdict: {
      level: 'warning',
      sentence: 'canary fails seven times as often as stable.',
      tab: 'canary',
    },
    findings,
    requestsPerSecond: figure(120, 14, now),
    errorShare: figure(0.003, 0.002, now),
    p99Ms: figure(84, 9, now),
    mtlsShare: figure(0.998, 0.001, now),
    dayBefore: {
      requestsPerSecond: figure(104, 10, now),
      errorShare: figure(0.002, 0.001, now),
      p99Ms: figure(79, 6, now),
    },
    alerts: [
      {
        name: 'ServiceErrorRateHigh',
        state: 'firing',
        severity: 'warning',
        summary: 'More than 1 % of the requests to auth-service (canary) fail.',
        since: new Date(now - 1_260_000).toISOString(),
      },
    ],
    outsideBecause: [],
    routes: 3,
    canary: { subset: 'canary', share: 0.1 },
    inMesh: true,
    workloads: [
      {
        name: 'auth-service',
        version: 'v1.8.2',
        dataPlane: 'sidecar',
        pods: 3,
        readyPods: 3,
      },
      {
        name: 'auth-service-canary',
        version: 'v2.0.0-canary',
        dataPlane: 'sidecar',
        pods: 1,
        readyPods: 1,
      },
    ],
  };
}

export function topologyView(
  now: number = NOON,
  placement: Placement = production,
): TopologyView {
  const service = (name: string, owner: string) => ({
    id: `service:orion/${name}`,
    kind: 'service' as const,
    name,
    namespace: 'orion',
    isSubject: false,
    dataPlane: 'sidecar' as const,
    versions: [{ version: 'v1.0.0', pods: 2, readyPods: 2 }],
    entityRef: `component:default/${name}`,
    owner: `group:default/${owner}`,
  });
  const auth = 'service:orion/auth-service';
  const http = { protocol: 'http' as const, mtls: 'yes' as const };
  return {
    ...base(now, placement),
    verdict: {
      level: 'warning',
      sentence: 'legacy-batch calls auth-service without encryption.',
      tab: 'security',
    },
    scope: 'service',
    nodes: [
      {
        ...service('auth-service', 'team-identity'),
        isSubject: true,
        versions: [
          {
            version: 'v1.8.2',
            pods: 3,
            readyPods: 3,
            requestsPerSecond: 108,
            errorShare: 0.003,
          },
          {
            version: 'v2.0.0-canary',
            pods: 1,
            readyPods: 1,
            requestsPerSecond: 12,
            errorShare: 0.021,
          },
        ],
      },
      service('gateway-service', 'team-edge'),
      service('user-service', 'team-users'),
      {
        id: 'workload:batch/legacy-batch',
        kind: 'workload',
        name: 'legacy-batch',
        namespace: 'batch',
        isSubject: false,
        dataPlane: 'none',
        versions: [{ version: 'latest', pods: 1, readyPods: 0 }],
      },
      {
        id: 'unknown',
        kind: 'unknown',
        name: 'unknown callers',
        isSubject: false,
        versions: [],
      },
    ],
    edges: [
      {
        ...http,
        from: 'service:orion/gateway-service',
        to: auth,
        requestsPerSecond: 119,
        errorShare: 0.004,
        p99Ms: 84,
      },
      {
        ...http,
        from: auth,
        to: 'service:orion/user-service',
        requestsPerSecond: 96,
        errorShare: 0.023,
        p99Ms: 31,
      },
      {
        ...http,
        from: 'workload:batch/legacy-batch',
        to: auth,
        requestsPerSecond: 0.2,
        errorShare: 0,
        p99Ms: 120,
        mtls: 'no',
      },
      {
        from: 'unknown',
        to: auth,
        protocol: 'tcp',
        connectionsPerSecond: 0.5,
        bytesPerSecond: 12_400,
        mtls: 'unknown',
      },
    ],
  };
}

export function tracesView(
  now: number = NOON,
  placement: Placement = production,
): TracesView {
  const operations = [
    'POST /api/auth/login',
    'GET /api/auth/me',
    'POST /api/auth/refresh',
  ];
  return {
    ...base(now, placement),
    sources: [
      { id: 'traces', status: 'ok', asOf: new Date(now).toISOString() },
    ],
    verdict: {
      level: 'ok',
      sentence: 'All right: 3 of 60 traces failed, the slowest took 2.4 s.',
    },
    serviceName: 'auth-service.orion',
    operations,
    more: true,
    traces: Array.from({ length: 60 }, (_, index) => {
      const isError = index % 20 === 7;
      return {
        traceId: `4bf92f3577b34da6a3ce929d0e0e4${String(index).padStart(
          3,
          '0',
        )}`,
        start: new Date(now - index * 14_700).toISOString(),
        operation: operations[index % 3],
        durationMs:
          index === 31
            ? 2_412
            : Math.round((30 + ((index * 37) % 90) ** 1.25) * 10) / 10,
        spans: 4 + (index % 6),
        services: ['gateway-service', 'auth-service', 'user-db'].slice(
          0,
          2 + (index % 2),
        ),
        outcome: isError ? ('error' as const) : ('ok' as const),
        status: isError ? 503 : 200,
      };
    }),
  };
}

/** Kiali agrees, and has nothing of its own to remark. */
export function opinionView(
  now: number = NOON,
  placement: Placement = production,
): OpinionView {
  const kiali = 'https://kiali.example.com/kiali/console';
  return {
    ...base(now, placement),
    verdict: overviewView(now).verdict,
    sources: [
      ...wellSources(now),
      { id: 'kiali', status: 'ok', asOf: new Date(now).toISOString() },
    ],
    version: '2.15.0',
    health: 'Degraded',
    validations: [],
    links: {
      details: `${kiali}/namespaces/orion/services/auth-service`,
      graph: `${kiali}/graph/node/namespaces/orion/services/auth-service`,
    },
    dashboards: [
      {
        title: 'Istio Service Dashboard',
        url: 'https://grafana.example.com/d/LJ_uJAvmk',
      },
    ],
  };
}

export function certificatesView(now: number = NOON): CertificatesView {
  return {
    certificates: [
      {
        of: 'proxies of auth-service',
        endsAt: new Date(now + 75_600_000).toISOString(),
        daysLeft: 0,
        from: 'metrics',
        message: 'They renew themselves.',
      },
      {
        of: 'gateway orion/orion-gateway',
        issuer: 'CN=Example CA',
        hosts: ['auth.orion.example.com'],
        endsAt: new Date(now + 62 * 86_400_000).toISOString(),
        daysLeft: 62,
        from: 'secret',
      },
    ],
    sources: wellSources(now),
  };
}

export function dependenciesView(
  now: number = NOON,
  placement: Placement = production,
): TraceDependenciesView {
  return {
    placement,
    window: '15m',
    serviceName: 'auth-service.orion',
    sources: tracesView(now).sources,
    dependencies: {
      traces: 60,
      callers: [{ service: 'gateway-service.orion', calls: 60, errors: 3 }],
      callees: [{ service: 'user-db.orion', calls: 118, errors: 0 }],
    },
  };
}

export const weightPreview: ChangePreview = {
  object: virtualService,
  resourceVersion: '48211',
  before: virtualServiceYaml(90, 10),
  after: virtualServiceYaml(75, 25),
  dryRun: { ok: true },
  findingsNew: [],
  findingsFixed: [],
  takesOverFrom: [],
  sentence: '15 % of the requests of rule 1 move from stable to canary.',
};

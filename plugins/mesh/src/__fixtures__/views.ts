import type {
  CanaryView,
  ChangePreview,
  Figure,
  OverviewView,
  Placement,
  PlacementsView,
  RoutesView,
  SecurityView,
  SourceStatus,
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
    waysIn: [
      {
        gateway: 'orion-gateway',
        hosts: ['auth.orion.example.com'],
        tls: 'certificate ends in 62 days',
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

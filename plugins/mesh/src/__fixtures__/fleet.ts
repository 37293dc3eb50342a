import type {
  ControlPlanesView,
  DiagnosisView,
  FleetChangesPage,
  FleetCoverageView,
  FleetPage,
  FleetRow,
} from '@meshdeck/plugin-mesh-common';
import { changesView } from './changes';
import { NOON } from './views';

const DAY_MS = 86_400_000;

/** A service that is well; the rest as given. */
export function fleetRow(
  service: string,
  more: Partial<FleetRow> & { namespace?: string; cluster?: string } = {},
): FleetRow {
  const { namespace = 'orion', cluster = 'production', ...rest } = more;
  return {
    placement: {
      id: `${cluster}:${namespace}:${service}`,
      cluster,
      namespace,
      service,
    },
    entityRef: `component:default/${service}`,
    owner: 'group:default/team-identity',
    dataPlane: 'sidecar',
    verdict: { level: 'ok', sentence: 'All right: 1 rule, 100 % succeed.' },
    requestsPerSecond: 12,
    errorShare: 0,
    p99Ms: 84,
    mtlsShare: 1,
    findings: { error: 0, warning: 0, info: 0 },
    proxyVersions: ['1.29.2'],
    pods: 2,
    readyPods: 2,
    ...rest,
  };
}

export function fleetPage(now: number = NOON): FleetPage {
  const asOf = new Date(now).toISOString();
  return {
    verdict: {
      level: 'warning',
      sentence: '3 services · 2 need attention · mTLS 96.4 % of requests',
    },
    rows: [
      fleetRow('billing', {
        verdict: {
          level: 'error',
          sentence: '12 % of requests fail, most of them from gateway-service.',
          tab: 'traces',
        },
        errorShare: 0.12,
        readyPods: 1,
        findings: { error: 1, warning: 2, info: 0 },
      }),
      fleetRow('legacy-batch', {
        entityRef: undefined,
        owner: undefined,
        dataPlane: 'none',
        verdict: {
          level: 'warning',
          sentence:
            'Not in the mesh: its pods have no proxy, so nothing is encrypted, routed or measured.',
          tab: 'security',
        },
        requestsPerSecond: undefined,
        errorShare: undefined,
        p99Ms: undefined,
        mtlsShare: undefined,
        proxyVersions: [],
      }),
      fleetRow('auth-service', { canary: { subset: 'canary', share: 0.1 } }),
    ],
    total: 3,
    offset: 0,
    summary: {
      services: 3,
      needAttention: 2,
      broken: 1,
      notKnown: 0,
      outsideMesh: 1,
      requestsPerSecond: 24,
      mtlsShare: 0.964,
      pending: 0,
    },
    choices: {
      clusters: ['production', 'staging'],
      namespaces: ['billing', 'orion'],
      owners: ['group:default/team-deals', 'group:default/team-identity'],
    },
    sources: [
      { cluster: 'production', id: 'kubernetes', status: 'ok', asOf },
      { cluster: 'production', id: 'prometheus', status: 'ok', asOf },
    ],
  };
}

export function fleetCoverage(now: number = NOON): FleetCoverageView {
  return {
    namespaces: [
      {
        cluster: 'production',
        namespace: 'billing',
        services: 4,
        outsideMesh: 1,
        requestsPerSecond: 40,
        mtlsShare: 0.62,
      },
      {
        cluster: 'production',
        namespace: 'orion',
        services: 7,
        outsideMesh: 0,
        requestsPerSecond: 210,
        mtlsShare: 1,
      },
      {
        cluster: 'production',
        namespace: 'batch',
        services: 1,
        outsideMesh: 1,
      },
    ],
    sources: fleetPage(now).sources,
  };
}

export function controlPlanes(now: number = NOON): ControlPlanesView {
  return {
    clusters: [
      {
        cluster: 'production',
        verdict: {
          level: 'ok',
          sentence: 'In sync: istiod 1.29.2, 214 proxies are connected.',
        },
        istiod: [{ name: 'istiod', version: '1.29.2', pods: 2, readyPods: 2 }],
        proxies: [
          {
            component: 'sidecar',
            version: '1.26.1',
            count: 3,
            skew: 'behind',
          },
          {
            component: 'sidecar',
            version: '1.29.2',
            count: 209,
            skew: 'none',
          },
        ],
        pushesPerSecond: 0.4,
        pushErrorsPerSecond: 0,
        convergenceP99Ms: 480,
        connectedProxies: 214,
        certificates: [
          {
            of: 'Mesh root CA',
            endsAt: new Date(now + 3000 * DAY_MS).toISOString(),
            from: 'metrics',
          },
          {
            of: 'gateway orion/orion-gateway',
            issuer: 'CN=demo',
            hosts: ['auth.orion.example.com'],
            endsAt: new Date(now + 4.5 * DAY_MS).toISOString(),
            from: 'secret',
          },
        ],
        sources: fleetPage(now).sources,
      },
    ],
  };
}

export function diagnosis(now: number = NOON): DiagnosisView {
  return {
    checkedAt: new Date(now).toISOString(),
    sources: [
      {
        cluster: 'production',
        id: 'kubernetes',
        status: 'ok',
        configKey: 'kubernetes.clusterLocatorMethods',
        version: 'v1.34.0',
        latencyMs: 12,
      },
      {
        cluster: 'production',
        id: 'prometheus',
        status: 'down',
        configKey: 'mesh.prometheus.url',
        message:
          'Prometheus cannot be reached (nothing listens there). Check mesh.prometheus.url and that it runs.',
      },
      {
        cluster: 'production',
        id: 'kiali',
        status: 'absent',
        configKey: 'mesh.kiali.url',
        message: 'Not configured: set mesh.kiali.url.',
      },
    ],
  };
}

/** A change of each of two services, and older ones behind them. */
export function fleetChanges(): FleetChangesPage {
  const [change] = changesView().changes;
  const of = (service: string, more: object = {}) => ({
    ...change,
    ...more,
    entityRef: `component:default/${service}`,
    placement: fleetRow(service).placement,
  });
  return {
    changes: [
      of('auth-service'),
      of('user-service', { id: 'other', who: undefined, canUndo: false }),
    ],
    next: '1770119400000.6f4d8a1e-3b1a-4a43-9c1a-2f6f0a7a1b2c',
  };
}

import type {
  OpinionView,
  OverviewView,
  Placement,
} from '@meshdeck/plugin-mesh-common';
import { NOON, production, figure, wellSources, base } from './placements';
import { routesView } from './routes';

export function overviewView(
  now: number = NOON,
  placement: Placement = production,
): OverviewView {
  const { findings } = routesView(now);
  return {
    ...base(now, placement),
    also: [],
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
        level: 'error',
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

/** Kiali agrees, and has nothing of its own to remark. */
export function opinionView(
  now: number = NOON,
  placement: Placement = production,
): OpinionView {
  const kiali = 'https://kiali.example.com/kiali/console';
  return {
    ...base(now, placement),
    also: [],
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

import type { Placement, RoutesView } from '@meshdeck/plugin-mesh-common';
import { destinationRule, virtualService } from './objects';
import { NOON, production, base } from './placements';

function findings(): RoutesView['findings'] {
  return [
    {
      code: 'MD0101',
      level: 'warning',
      object: destinationRule,
      path: 'spec.trafficPolicy.outlierDetection.consecutiveErrors',
      message: 'This limit has no effect: no pod is ever ejected by it.',
      fix: 'Rename consecutiveErrors to consecutive5xxErrors.',
      mend: 'Pods are ejected after 5 errors in a row: consecutiveErrors becomes consecutive5xxErrors.',
    },
  ];
}

function rules(): RoutesView['rules'] {
  const stable = {
    host: 'auth-service.orion.svc.cluster.local',
    subset: 'stable',
    port: 8080,
    pods: 3,
    readyPods: 3,
    state: 'ok' as const,
  };
  const canary = { ...stable, subset: 'canary', pods: 1, readyPods: 1 };
  return [
    {
      id: 'login',
      name: 'login',
      requests: ['POST /api/auth/login*'],
      treatment: ['times out after 10 s', 'retries 2×, 5 s each'],
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
      id: 'testers',
      name: 'testers',
      requests: ['header x-canary = true'],
      treatment: [],
      destinations: [{ ...canary, configuredShare: 1, liveShare: 0.103 }],
      object: virtualService,
      path: 'spec.http[1]',
    },
    {
      id: 'rest',
      requests: ['everything else'],
      treatment: ['times out after 15 s'],
      destinations: [{ ...stable, configuredShare: 1, errorShare: 0.003 }],
      object: virtualService,
      path: 'spec.http[2]',
    },
  ];
}

export function routesView(
  now: number = NOON,
  placement: Placement = production,
): RoutesView {
  return {
    ...base(now, placement),
    also: [],
    verdict: {
      level: 'warning',
      sentence:
        '2.1 % of requests to the canary fail, against 0.3 % of those to stable.',
      tab: 'canary',
    },
    findings: findings(),
    host: 'auth-service.orion.svc.cluster.local',
    rules: rules(),
    versions: ['stable', 'canary'],
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

import type {
  Placement,
  TraceDependenciesView,
  TracesView,
} from '@meshdeck/plugin-mesh-common';
import { NOON, production, base } from './placements';

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
    also: [],
    verdict: {
      level: 'warning',
      sentence:
        'canary fails more often: 2.1 % of its requests, against 0.3 % of stable.',
    },
    remark: {
      level: 'warning',
      sentence:
        '60 traces of the last 15 min; 3 failed: 3 × user-db [canary] 503 UH.',
    },
    serviceName: 'auth-service.orion',
    operations,
    versions: ['canary', 'stable'],
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

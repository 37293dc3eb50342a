import type { TraceSpan, TraceView } from '@meshdeck/plugin-mesh-common';
import { NOON } from './views';

function span(
  spanId: string,
  parentSpanId: string | undefined,
  service: string,
  operation: string,
  startMs: number,
  durationMs: number,
  more: Partial<TraceSpan> = {},
): TraceSpan {
  return {
    spanId,
    parentSpanId,
    service,
    operation,
    startMs,
    durationMs,
    error: false,
    critical: false,
    tags: { 'span.kind': 'server' },
    ...more,
  };
}

export function loginTrace(now: number = NOON): TraceView {
  const critical = { critical: true };
  return {
    traceId: '4bf92f3577b34da6a3ce929d0e0e4000',
    start: new Date(now).toISOString(),
    durationMs: 184,
    spans: [
      span('a', undefined, 'orion-gateway', 'POST /api/auth/login', 0, 184, {
        ...critical,
        tags: {
          'http.status_code': '200',
          'upstream_cluster.name': 'outbound|8080|stable|auth-service.orion',
          'x-user-id': 'u-4711',
        },
      }),
      span('b', 'a', 'gateway-service', 'POST /api/auth/login', 2, 180),
      span('c', 'b', 'gateway-service', 'rate-limit', 3, 4),
      span('d', 'b', 'auth-service', 'POST /api/auth/login', 9, 171, critical),
      span('e', 'd', 'auth-service', 'verify password', 12, 96, critical),
      span('f', 'd', 'user-db', 'SELECT users', 110, 22, {
        error: true,
        tags: { 'db.system': 'postgresql', error: 'deadlock detected' },
      }),
      span('g', 'd', 'user-db', 'SELECT users', 134, 18, critical),
      span('h', 'd', 'auth-service', 'sign token', 154, 24, critical),
    ],
  };
}

/** A sale that failed since no pod was behind the canary of stock, nine times over. */
export function failedTrace(now: number = NOON): TraceView {
  const failing = (
    id: string,
    parent: string | undefined,
    service: string,
    more: Partial<TraceSpan>,
  ) =>
    span(id, parent, service, 'deals.orion.svc.cluster.local:80/*', 0, 536, {
      error: true,
      failed: 'because',
      ...more,
    });
  const asked = {
    component: 'proxy',
    'http.method': 'POST',
    'http.url': 'http://deals/api/deals?key=secret',
    'http.status_code': '503',
  };
  return {
    traceId: '5bf92f3577b34da6a3ce929d0e0e4000',
    start: new Date(now).toISOString(),
    durationMs: 536,
    failure: {
      spanId: 'call-0',
      service: 'stock.orion.svc.cluster.local',
      version: 'canary',
      caller: 'deals.orion',
      status: 503,
      flags: ['UH'],
      times: 9,
    },
    spans: [
      failing('in', undefined, 'gateway.istio-system', {
        tags: {
          ...asked,
          upstream_cluster: 'outbound|80||deals.orion.svc.cluster.local',
        },
      }),
      failing('deals', 'in', 'deals.orion', {
        tags: {
          ...asked,
          upstream_cluster: 'inbound|8080||',
          'istio.canonical_revision': 'v3',
        },
      }),
      ...Array.from({ length: 9 }, (_, index) =>
        failing(`call-${index}`, 'deals', 'deals.orion', {
          failed: 'first',
          startMs: 100 + index * 20,
          durationMs: 7,
          tags: {
            ...asked,
            'http.method': 'GET',
            'http.url': 'http://stock/items',
            response_flags: 'UH',
            upstream_cluster:
              'outbound|80|canary|stock.orion.svc.cluster.local',
          },
        }),
      ),
    ],
  };
}

/** A trace as a batch job leaves it: one root, chunks below it, rows below the chunks. */
export function largeTrace(spans: number): TraceView {
  return {
    traceId: 'feedfacefeedfacefeedfacefeedface',
    start: new Date(NOON).toISOString(),
    durationMs: spans,
    spans: Array.from({ length: spans }, (_, index) => {
      const isChunk = index % 100 === 1;
      const chunk = Math.floor((index - 1) / 100) * 100 + 1;
      const parent = isChunk ? 'span-0' : `span-${chunk}`;
      return span(
        `span-${index}`,
        index === 0 ? undefined : parent,
        'batch',
        `step ${index}`,
        index === 0 ? 0 : index - 1,
        index === 0 ? spans : 1,
      );
    }),
  };
}

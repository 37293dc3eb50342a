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

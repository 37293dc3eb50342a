import { DemoMesh } from '@meshdeck/demo-mesh';
import type { TraceQuery } from '@meshdeck/plugin-mesh-common';
import { join } from 'path';
import { JaegerSource } from '../sources/tracing/JaegerSource';
import type { TraceSource } from '../sources/tracing/TraceSource';

const ORION = join(__dirname, '../../../../examples/platforms/orion');
const DEADLINE_MS = 20_000;

/** What may be searched for; only what begins with `none` is not there. */
export const TRACE_QUERIES: [name: string, query: TraceQuery][] = [
  ['everything', {}],
  ['errors', { errorsOnly: true }],
  ['slow ones', { minDurationMs: 20 }],
  ['a method', { tags: { 'http.method': 'POST' } }],
  ['a code', { tags: { 'http.status_code': '200' } }],
  ['a kind', { tags: { 'span.kind': 'server' } }],
  ['several tags', { tags: { 'http.method': 'POST', component: 'proxy' } }],
  ['an error by its tag', { tags: { error: 'true' } }],
  ['none of an operation', { operation: 'no "such" \\ operation }' }],
  ['none of a tag', { tags: { 'weird "name"': '" || true || "' } }],
];

/** The demo mesh at one time, so that it tells the same traces whenever it is asked, and what it is asked of. */
export function tracingTrial(now: number) {
  const service = { serviceName: 'auth-service.orion', namespace: 'orion' };
  const period = { from: now - 900_000, to: now };
  const clock = () => now;
  return {
    service,
    period,
    clock,
    startMesh: (tempoIds: 'base64' | 'hex' = 'hex'): Promise<DemoMesh> =>
      DemoMesh.start({ platforms: [ORION], clock, tempoIds }),
    jaegerAt: (url: string): TraceSource =>
      JaegerSource.create({
        endpoint: {
          url,
          type: 'jaeger',
          headers: {},
          serviceName: '{app}.{namespace}',
        },
        deadlineMs: DEADLINE_MS,
        now: clock,
      }),
    search: (source: TraceSource, query: TraceQuery) =>
      source.search({ ...query, ...service, ...period, limit: 15 }),
  };
}

import request from 'supertest';
import { examplePlatforms } from '../prometheus/__fixtures__/examplePlatforms';
import { createJaegerApp } from './createJaegerApp';
import type { JaegerSpan, JaegerTrace } from './model';

const NOW = Date.UTC(2026, 0, 10, 12);
const WINDOW = { start: (NOW - 900_000) * 1000, end: NOW * 1000 };

function start(
  change: (
    cluster: ReturnType<typeof examplePlatforms>['cluster'],
  ) => void = () => {},
) {
  let now = NOW - 3_600_000;
  const { traffic, cluster } = examplePlatforms({ clock: () => now });
  change(cluster);
  now = NOW;
  return request(createJaegerApp({ traffic }));
}

const tag = (span: JaegerSpan, key: string) =>
  span.tags.find(candidate => candidate.key === key)?.value;

function serviceOf(trace: JaegerTrace, span: JaegerSpan): string {
  return trace.processes[span.processID].serviceName;
}

describe('the Jaeger API over HTTP', () => {
  const api = start();

  const search = async (
    query: Record<string, unknown>,
  ): Promise<JaegerTrace[]> => {
    const { body } = await api
      .get('/api/traces')
      .query({ ...WINDOW, ...query })
      .expect(200);
    return body.data;
  };

  it('names services as Istio does, and their operations', async () => {
    const { body } = await api.get('/api/services').expect(200);
    expect(body.data).toEqual(
      expect.arrayContaining([
        'auth-service.orion',
        'auth-service.autolytiq',
        'istio-ingressgateway.istio-system',
      ]),
    );
    expect(body.total).toBe(body.data.length);
    const operations = await api.get(
      '/api/services/auth-service.orion/operations',
    );
    expect(operations.body.data).toEqual(
      expect.arrayContaining([
        'POST /api/auth/login',
        'auth-service.orion.svc.cluster.local:8080/*',
      ]),
    );
    const clients = await api
      .get('/api/operations')
      .query({ service: 'gateway-service.orion', spanKind: 'client' });
    expect(clients.body.data).toContainEqual({
      name: 'auth-service.orion.svc.cluster.local:8080/api/auth/login*',
      spanKind: 'client',
    });
  });

  it('finds 20 traces, the newest first, and each of them by its id', async () => {
    const found = await search({ service: 'auth-service.orion' });
    expect(found).toHaveLength(20);
    const starts = found.map(({ spans }) => spans[0].startTime);
    expect(starts).toEqual([...starts].sort((a, b) => b - a));
    for (const trace of found.slice(0, 5)) {
      expect(trace.traceID).toMatch(/^[0-9a-f]{32}$/);
      const { body } = await api
        .get(`/api/traces/${trace.traceID}`)
        .expect(200);
      expect(body.data).toEqual([trace]);
    }
  });

  it('draws trees: every span but the first has its parent in the trace and lies within it', async () => {
    const found = await search({
      service: 'gateway-service.orion',
      limit: 100,
    });
    expect(found).toHaveLength(100);
    for (const { traceID, spans } of found) {
      const byId = new Map(spans.map(span => [span.spanID, span]));
      expect(byId.size).toBe(spans.length);
      expect(spans.filter(span => span.references.length === 0)).toHaveLength(
        1,
      );
      const children = spans.filter(span => span.references.length > 0);
      for (const span of children) {
        const [reference] = span.references;
        expect(reference).toMatchObject({ refType: 'CHILD_OF', traceID });
        const parent = byId.get(reference.spanID)!;
        expect(span.startTime).toBeGreaterThanOrEqual(parent.startTime);
        // A caller that hung up does not wait for what it caused.
        const hungUp = tag(parent, 'response_flags') === 'UT';
        expect(span.startTime + span.duration).toBeLessThanOrEqual(
          hungUp ? Infinity : parent.startTime + parent.duration + 2,
        );
      }
    }
  });

  it('sends 10 % of the logins to the canary, as the routes do', async () => {
    const found = await search({
      service: 'auth-service.orion',
      operation: 'POST /api/auth/login',
      limit: 1_500,
    });
    const canary = found.filter(({ spans }) =>
      spans.some(
        span =>
          tag(span, 'istio.canonical_service') === 'auth-service' &&
          tag(span, 'istio.canonical_revision') === 'canary',
      ),
    );
    expect(found).toHaveLength(1_500);
    expect(canary.length / found.length).toBeCloseTo(0.1, 1);
  });

  it.each([
    [{ tags: JSON.stringify({ 'http.status_code': '500' }) }, '500'],
    [{ tag: ['http.status_code:403', 'span.kind:server'] }, '403'],
  ])('filters by tags: %j', async (filter, code) => {
    const found = await search({ service: 'auth-service.orion', ...filter });
    expect(found.length).toBeGreaterThan(0);
    for (const trace of found) {
      expect(
        trace.spans.some(
          span =>
            serviceOf(trace, span) === 'auth-service.orion' &&
            tag(span, 'http.status_code') === code,
        ),
      ).toBe(true);
    }
  });

  it('finds the requests of a tenant, and none of a stranger', async () => {
    const ofTenant = (tenant: string) =>
      search({
        service: 'auth-service.orion',
        tags: JSON.stringify({ 'x-tenant-id': tenant }),
        limit: 5,
      });
    expect(await ofTenant('acme-corp')).toHaveLength(5);
    expect(await ofTenant('nobody')).toHaveLength(0);
  });

  it('filters by duration, in Go’s notation', async () => {
    const slow = await search({
      service: 'auth-service.orion',
      operation: 'POST /api/auth/login',
      minDuration: '0.09s',
      maxDuration: '150ms',
    });
    expect(slow.length).toBeGreaterThan(0);
    for (const trace of slow) {
      expect(
        trace.spans.some(
          span =>
            span.operationName === 'POST /api/auth/login' &&
            span.duration >= 90_000 &&
            span.duration <= 150_000,
        ),
      ).toBe(true);
    }
  });

  it('marks failures, and names the place that failed in the whole chain', async () => {
    const [trace] = await search({
      service: 'inventory-service.autolytiq',
      tags: JSON.stringify({ error: 'true' }),
      limit: 1,
    });
    const failed = trace.spans.filter(span => tag(span, 'error') === true);
    expect(failed.length).toBeGreaterThan(1);
    expect(serviceOf(trace, failed[0])).toBe(
      'istio-ingressgateway.istio-system',
    );
  });

  it('shows what the objects do: an abort has no server span', async () => {
    const changed = start(cluster =>
      cluster.edit('VirtualService', 'orion', 'billing', object => {
        object.spec.http[0].fault = {
          abort: { percentage: { value: 100 }, httpStatus: 418 },
        };
      }),
    );
    const { body } = await changed.get('/api/traces').query({
      ...WINDOW,
      service: 'gateway-service.orion',
      tags: JSON.stringify({ response_flags: 'FI' }),
    });
    expect(body.data.length).toBe(20);
    for (const trace of body.data as JaegerTrace[]) {
      expect(trace.spans.map(span => serviceOf(trace, span))).not.toContain(
        'billing.orion',
      );
    }
  });

  it('counts who calls whom', async () => {
    const { body } = await api
      .get('/api/dependencies')
      .query({ endTs: NOW, lookback: 3_600_000 });
    const login = body.data.find(
      (edge: any) =>
        edge.parent === 'gateway-service.orion' &&
        edge.child === 'auth-service.orion',
    );
    expect(login.callCount).toBeGreaterThan(100_000);
    expect(body.data.map((edge: any) => edge.parent)).not.toContain(
      'legacy-batch.orion-batch',
    );
  });

  it.each([
    ['/api/traces', {}, 400, "parameter 'service' is required"],
    ['/api/operations', {}, 400, "parameter 'service' is required"],
    [
      '/api/traces',
      { service: 'x', minDuration: 'long' },
      400,
      'unable to parse param \'minDuration\': time: invalid duration "long"',
    ],
    [
      '/api/traces',
      { service: 'x', tag: 'noColon' },
      400,
      "malformed 'tag' parameter, expecting key:value, received: noColon",
    ],
    [
      '/api/traces',
      { service: 'x', tags: '{' },
      400,
      "malformed 'tags' parameter, cannot unmarshal JSON: {",
    ],
    [
      '/api/traces/ffffffffffffffffffffffffffffffff',
      {},
      404,
      'trace not found',
    ],
    [
      '/api/traces/xyz',
      {},
      400,
      'error parsing traceID: invalid trace id "xyz"',
    ],
  ])('%s %j is answered with %i', async (path, query, status, msg) => {
    const { body } = await api.get(path).query(query).expect(status);
    expect(body).toMatchObject({
      data: null,
      total: 0,
      errors: [{ code: status, msg }],
    });
  });

  it('has no traces of an unknown service', async () => {
    expect(await search({ service: 'nobody.nowhere' })).toEqual([]);
  });
});

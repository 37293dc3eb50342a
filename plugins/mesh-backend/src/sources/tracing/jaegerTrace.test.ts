import { JaegerSpan, JaegerTrace, jaegerTrace } from './jaegerTrace';
import { traceSummary } from './traceSummary';

const NOW_US = Date.UTC(2026, 0, 10, 12) * 1000;

const span = (
  id: string,
  parent: string | undefined,
  start: number,
  end: number,
  tags: Record<string, unknown> = {},
): JaegerSpan => ({
  traceID: 't',
  spanID: id,
  operationName: id,
  references: parent ? [{ refType: 'CHILD_OF', spanID: parent }] : [],
  startTime: NOW_US + start * 1000,
  duration: (end - start) * 1000,
  tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
  processID: 'p',
});

const trace = (...spans: JaegerSpan[]) => ({
  traceID: 't',
  spans,
  processes: { p: { serviceName: 'auth-service.orion' } },
});

const summaryOf = (given: JaegerTrace, service: string) =>
  traceSummary(jaegerTrace(given).view!, own => own.service === service);

describe('jaegerTrace', () => {
  it('orders spans depth first and counts from the start', () => {
    const { view } = jaegerTrace(
      trace(
        span('late', 'root', 60, 90),
        span('root', undefined, 0, 100),
        span('leaf', 'early', 15, 20),
        span('early', 'root', 10, 30),
      ),
    );
    expect(view?.spans.map(({ spanId }) => spanId)).toEqual([
      'root',
      'early',
      'leaf',
      'late',
    ]);
    expect(view?.spans[3]).toMatchObject({ startMs: 60, durationMs: 30 });
    expect(view?.durationMs).toBe(100);
  });

  it.each([
    {
      name: 'one after the other: both',
      spans: [span('a', 'root', 0, 40), span('b', 'root', 40, 90)],
      critical: ['root', 'a', 'b'],
    },
    {
      name: 'side by side: the one that ends last',
      spans: [span('a', 'root', 0, 40), span('b', 'root', 10, 90)],
      critical: ['root', 'b'],
    },
    {
      name: 'retries that overlap by the microsecond of their rounding: all of them',
      spans: [
        span('a', 'root', 0, 30.001),
        span('b', 'root', 30, 60.001),
        span('c', 'root', 60, 100.001),
      ],
      critical: ['root', 'a', 'b', 'c'],
    },
    {
      name: 'a child that outlives its parent is not waited for',
      spans: [span('a', 'root', 0, 40), span('b', 'root', 50, 200)],
      critical: ['root', 'a'],
    },
  ])('critical path, $name', ({ spans, critical }) => {
    const { view } = jaegerTrace(
      trace(span('root', undefined, 0, 100), ...spans),
    );
    expect(
      view?.spans.filter(s => s.critical).map(({ spanId }) => spanId),
    ).toEqual(critical);
  });

  it('survives rings, orphans and missing parts', () => {
    const { view } = jaegerTrace({
      traceID: 't',
      processes: {},
      spans: [span('a', 'b', 0, 1), span('b', 'a', 0, 1), span('c', 'x', 0, 1)],
    });
    expect(view?.spans).toHaveLength(3);
    expect(view?.spans[0]).toMatchObject({ spanId: 'c', service: 'unknown' });
    expect(jaegerTrace({ traceID: 't', processes: {}, spans: [] })).toEqual({
      omittedSpans: 0,
    });
  });

  it('shows 10,000 spans in a chain in well under a second', () => {
    const spans = Array.from({ length: 10_000 }, (_, index) =>
      span(
        `s${index}`,
        index ? `s${index - 1}` : undefined,
        index,
        20_000 - index,
      ),
    );
    const began = performance.now();
    expect(jaegerTrace(trace(...spans)).view?.spans).toHaveLength(10_000);
    expect(performance.now() - began).toBeLessThan(1000);
  });
});

describe('traceSummary', () => {
  it.each([
    [{ 'http.status_code': '200' }, 'ok', 200],
    [{ 'http.status_code': 503 }, 'error', 503],
    [{ error: true }, 'error', undefined],
    [{ 'http.status_code': '404' }, 'ok', 404],
  ])('%j is %s', (tags, outcome, status) => {
    expect(
      summaryOf(trace(span('root', undefined, 0, 5, tags)), 'x'),
    ).toMatchObject({
      outcome,
      status,
      durationMs: 5,
      services: ['auth-service.orion'],
    });
  });

  it('names the request it began with, what failed first, and how often', () => {
    const to = 'outbound|80|canary|stock.shop.svc.cluster.local';
    const failing = {
      'http.status_code': 503,
      response_flags: 'UH',
      upstream_cluster: to,
    };
    const given = trace(
      span('root', undefined, 0, 9, {
        'http.method': 'POST',
        'http.url': 'http://shop/api/deals?id=7',
        'http.status_code': 503,
      }),
      span('one', 'root', 1, 2, failing),
      span('two', 'root', 3, 4, failing),
    );
    expect(summaryOf(given, 'auth-service.orion')).toMatchObject({
      method: 'POST',
      path: '/api/deals',
      failure: {
        spanId: 'one',
        service: 'stock.shop.svc.cluster.local',
        version: 'canary',
        status: 503,
        flags: ['UH'],
        times: 2,
      },
    });
  });

  it('names the other service that took the most time itself, with its version', () => {
    const own = { 'istio.canonical_revision': 'v2' };
    const given = trace(
      span('root', undefined, 0, 100),
      { ...span('long', 'root', 0, 90), processID: 'middle' },
      { ...span('work', 'long', 5, 85, own), processID: 'database' },
    );
    expect(
      summaryOf(
        {
          ...given,
          processes: {
            ...given.processes,
            middle: { serviceName: 'middle' },
            database: { serviceName: 'database' },
          },
        },
        'auth-service.orion',
      ).slowest,
    ).toEqual({ service: 'database', version: 'v2' });
  });

  it('names the operation and the status of the service’s own span', () => {
    const spans = trace(
      span('GET /', undefined, 0, 9, { 'http.status_code': 200 }),
      {
        ...span('POST /login', 'GET /', 1, 5, { 'http.status_code': 403 }),
        processID: 'own',
      },
    );
    const named = {
      ...spans,
      processes: { ...spans.processes, own: { serviceName: 'own.orion' } },
    };
    expect(summaryOf(named, 'own.orion')).toMatchObject({
      operation: 'POST /login',
      status: 403,
      durationMs: 9,
    });
  });
});

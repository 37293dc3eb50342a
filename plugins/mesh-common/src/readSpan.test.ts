import {
  isOfProxy,
  ownTimes,
  responseFlags,
  serviceNameIn,
  spanDestination,
  spanRequest,
  spanVersion,
} from './readSpan';
import type { TraceSpan } from './views/traces';

describe('what a span says', () => {
  it.each([
    [
      'Envoy',
      {
        'http.method': 'POST',
        'http.url': 'http://deals:80/api/deals?key=secret',
        'http.status_code': '503',
      },
      { method: 'POST', path: '/api/deals', status: 503 },
    ],
    [
      'today’s OpenTelemetry',
      {
        'http.request.method': 'GET',
        'url.path': '/a/b',
        'http.response.status_code': '200',
      },
      { method: 'GET', path: '/a/b', status: 200 },
    ],
    ['a request without an answer', { 'http.status_code': '0' }, {}],
    ['a bare host', { 'http.url': 'http://deals' }, {}],
  ])('of the request, as %s writes it', (_, tags, expected) => {
    expect(spanRequest(tags as Record<string, string>)).toEqual(expected);
  });

  it('of the way that its proxy sent it', () => {
    const host = 'inventory.autolytiq.svc.cluster.local';
    const tags = {
      upstream_cluster: `outbound|80|canary|${host}`,
      response_flags: 'UF,URX',
    };
    expect(spanDestination(tags)).toEqual({ host, subset: 'canary' });
    expect(responseFlags(tags)).toEqual(['UF', 'URX']);
    expect(isOfProxy(tags)).toBe(true);
  });

  it.each([
    ['an inbound span', { upstream_cluster: 'inbound|80||' }, true],
    ['a span without a route', { component: 'proxy' }, true],
    ['the application’s own', { 'http.method': 'GET' }, false],
  ])('names no destination for %s', (_, tags, ofProxy) => {
    const given = { response_flags: '-', ...tags } as Record<string, string>;
    expect(spanDestination(given)).toBeUndefined();
    expect(responseFlags(given)).toEqual([]);
    expect(isOfProxy(given)).toBe(ofProxy);
  });

  it('of the version, where somebody named one', () => {
    expect(spanVersion({ 'istio.canonical_revision': 'canary' })).toBe(
      'canary',
    );
    expect(spanVersion({ 'istio.canonical_revision': 'latest' })).toBe(
      undefined,
    );
  });
});

describe('serviceNameIn', () => {
  it.each([
    ['deal-service.autolytiq', 'deal-service'],
    ['deal-service.autolytiq.svc.cluster.local', 'deal-service'],
    ['auth-service.orion', 'auth-service.orion'],
    ['auth-service.orion.svc.cluster.local', 'auth-service.orion'],
    ['autolytiq', 'autolytiq'],
    ['api.example.com', 'api.example.com'],
  ])('%s is %s', (name, short) => {
    expect(serviceNameIn(name, 'autolytiq')).toBe(short);
  });
});

describe('ownTimes', () => {
  it('counts what no span below covers, and nothing twice', () => {
    const span = (
      spanId: string,
      parentSpanId: string | undefined,
      startMs: number,
      endMs: number,
    ) =>
      ({
        spanId,
        parentSpanId,
        startMs,
        durationMs: endMs - startMs,
      } as TraceSpan);
    const times = ownTimes([
      span('root', undefined, 0, 100),
      span('late', 'root', 40, 130),
      span('early', 'root', 10, 50),
      span('leaf', 'early', 20, 30),
    ]);
    expect(Object.fromEntries(times)).toEqual({
      root: 10,
      late: 90,
      early: 30,
      leaf: 10,
    });
  });
});

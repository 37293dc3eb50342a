import type { TraceSpan } from '@meshdeck/plugin-mesh-common';
import { operationIn, requestWords, spanWords } from './requestWords';

const ROUTE = 'auth-service.orion.svc.cluster.local:8080/*';

describe('requests in words', () => {
  it.each([
    [ROUTE, 'orion', 'auth-service/*'],
    [ROUTE, 'autolytiq', 'auth-service.orion/*'],
    ['auth-service.orion.svc.cluster.local:8080', 'orion', 'auth-service'],
    ['verify password', 'orion', 'verify password'],
    ['SELECT a.b.svc.c', 'orion', 'SELECT a.b.svc.c'],
  ])('%s in %s is %s', (operation, namespace, words) => {
    expect(operationIn(operation, namespace)).toBe(words);
  });

  it('prefer what was asked to the name of the route', () => {
    const asked = { method: 'GET', path: '/me', operation: ROUTE };
    expect(requestWords(asked, 'orion')).toBe('GET /me');
    expect(requestWords({ operation: ROUTE }, 'orion')).toBe('auth-service/*');
  });

  it.each([
    [
      'the caller’s proxy',
      {
        upstream_cluster: 'outbound|80|canary|stock.shop.svc.cluster.local',
        'http.method': 'GET',
        'http.url': 'http://stock/items?all',
      },
      '→ stock.shop [canary] GET /items',
    ],
    [
      'the called one’s proxy',
      {
        upstream_cluster: 'inbound|80||',
        'http.method': 'GET',
        'http.url': 'http://stock/items',
      },
      'GET /items',
    ],
    ['the application', { 'http.method': 'GET', 'http.url': '/items' }, ROUTE],
  ])('say for %s whom it called', (_, tags, words) => {
    const span = { operation: ROUTE, tags } as unknown as TraceSpan;
    expect(spanWords(span, 'orion')).toBe(
      words.replace(ROUTE, 'auth-service/*'),
    );
  });
});

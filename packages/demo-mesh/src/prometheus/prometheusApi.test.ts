import request from 'supertest';
import { createPrometheusApp } from './createPrometheusApp';
import { examplePlatforms } from './__fixtures__/examplePlatforms';

const NOW = Date.UTC(2026, 0, 10, 12);

function start(options: { seed?: number; nowMs?: number } = {}) {
  const { platforms, traffic } = examplePlatforms({
    clock: () => options.nowMs ?? NOW,
    seed: options.seed,
  });
  return createPrometheusApp({
    traffic,
    groups: platforms.flatMap(({ rules }) => rules),
  });
}

describe('the Prometheus API over HTTP', () => {
  const app = start();
  const api = request(app);

  it('answers a query by GET and by POST alike', async () => {
    const query =
      'sum(rate(istio_requests_total{reporter="destination",destination_service_name="user-service",destination_service_namespace="orion"}[5m])) by (connection_security_policy)';
    const got = await api.get('/api/v1/query').query({ query });
    const posted = await api
      .post('/api/v1/query')
      .type('form')
      .send({ query, time: String(NOW / 1000) });
    expect(got.body).toEqual(posted.body);
    const shares = Object.fromEntries(
      got.body.data.result.map((row: any) => [
        row.metric.connection_security_policy,
        Number(row.value[1]),
      ]),
    );
    expect(shares.mutual_tls).toBeGreaterThan(80);
    expect(shares.none).toBeGreaterThan(0.5);
    expect(shares.none).toBeLessThan(1);
  });

  it('reports the encrypted share under the name that the platform records', async () => {
    const { body } = await api
      .get('/api/v1/query')
      .query({ query: 'istio:mesh:mtls_traffic_percentage' });
    const share = Number(body.data.result[0].value[1]);
    expect(share).toBeGreaterThan(0.98);
    expect(share).toBeLessThan(1);
  });

  it('gives each version its own 99th percentile over an hour', async () => {
    const { body } = await api.get('/api/v1/query_range').query({
      query:
        'histogram_quantile(0.99, sum(rate(istio_request_duration_milliseconds_bucket{reporter="destination",destination_service_name="auth-service",destination_service_namespace="orion"}[5m])) by (le, destination_canonical_revision))',
      start: NOW / 1000 - 3600,
      end: NOW / 1000,
      step: '15s',
    });
    const byVersion = Object.fromEntries(
      body.data.result.map((row: any) => [
        row.metric.destination_canonical_revision,
        row.values,
      ]),
    );
    expect(byVersion.stable).toHaveLength(241);
    expect(Number(byVersion.canary[9][1])).toBeGreaterThan(
      Number(byVersion.stable[9][1]),
    );
  });

  it.each([
    ['/api/v1/query', { query: 'sum(' }, 400, 'bad_data'],
    ['/api/v1/query', { query: 'up', time: 'soon' }, 400, 'bad_data'],
    ['/api/v1/query_range', { query: 'up' }, 400, 'bad_data'],
    [
      '/api/v1/query_range',
      { query: 'up', start: 0, end: 11_000, step: 1 },
      400,
      'bad_data',
    ],
    [
      '/api/v1/query_range',
      { query: 'up', start: 10, end: 5, step: 1 },
      400,
      'bad_data',
    ],
    [
      '/api/v1/query_range',
      { query: 'up', start: 1, end: 5, step: 0 },
      400,
      'bad_data',
    ],
    [
      '/api/v1/query',
      { query: 'istio_requests_total / on (job) istio_requests_total' },
      422,
      'execution',
    ],
    ['/api/v1/series', {}, 400, 'bad_data'],
    ['/api/v1/label/not-a-name/values', {}, 400, 'bad_data'],
  ])('%s %j is answered with %i %s', async (path, query, status, errorType) => {
    const response = await api.get(path).query(query);
    expect(response.status).toBe(status);
    expect(response.body).toEqual({
      status: 'error',
      errorType,
      error: expect.any(String),
    });
  });

  it('lists series, labels and values', async () => {
    const { body: series } = await api
      .get('/api/v1/series')
      .query({ 'match[]': 'istio_requests_total{source_workload="billing"}' });
    expect(series.data.length).toBeGreaterThan(2);
    expect(series.data[0].__name__).toBe('istio_requests_total');
    const { body: labels } = await api.get('/api/v1/labels');
    expect(labels.data).toEqual(
      expect.arrayContaining(['reporter', 'response_flags', 'le']),
    );
    const { body: values } = await api.get('/api/v1/label/reporter/values');
    expect(values.data).toEqual(['destination', 'source']);
  });

  it('fires the alert for the canary that fails too often, with its text filled in', async () => {
    const { body } = await api.get('/api/v1/alerts');
    expect(body.data.alerts).toContainEqual(
      expect.objectContaining({
        state: 'firing',
        labels: expect.objectContaining({
          alertname: 'ServiceErrorRateHigh',
          destination_service_name: 'auth-service',
          destination_canonical_revision: 'canary',
        }),
        annotations: {
          summary:
            'More than 1 % of the requests to auth-service (canary) fail.',
        },
      }),
    );
    const { body: rules } = await api
      .get('/api/v1/rules')
      .query({ type: 'alert' });
    const states = rules.data.groups
      .flatMap((group: any) => group.rules)
      .map((rule: any) => `${rule.name} ${rule.state}`);
    expect(states).toContain('MtlsTrafficLow inactive');
    expect(states).toContain('ServiceErrorRateHigh firing');
  });

  it('says who it is', async () => {
    await api.get('/-/ready').expect(200);
    await api.get('/-/healthy').expect(200);
    const { body } = await api.get('/api/v1/status/buildinfo');
    expect(body.data.version).toMatch(/^3\./);
  });

  it('exposes the same bytes on each run with the same seed and time, and others with another seed', async () => {
    const text = async (options: { seed?: number; nowMs?: number }) =>
      (await request(start(options)).get('/metrics').buffer()).text;
    const first = await text({ seed: 7 });
    expect(first).toContain('# TYPE istio_requests_total counter\n');
    expect(first).toContain(
      '# TYPE istio_request_duration_milliseconds histogram\n',
    );
    expect(await text({ seed: 7 })).toBe(first);
    expect(await text({ seed: 8 })).not.toBe(first);
  });

  it('dates samples by its own scrapes where that is asked for', async () => {
    const time = { nowMs: NOW };
    const scraped = request(start(time));
    const samples = async (path: string) => {
      const { text } = await scraped.get(path).buffer();
      return text.split('\n').filter(line => line && !line.startsWith('#'));
    };
    const now = await samples('/metrics');
    // The last scrape, of one every 15 seconds, was at NOW.
    time.nowMs += 7000;
    expect(await samples('/metrics')).not.toEqual(now);
    expect(await samples('/metrics?dated=true')).toEqual(
      now.map(sample => `${sample} ${NOW}`),
    );
  });
});

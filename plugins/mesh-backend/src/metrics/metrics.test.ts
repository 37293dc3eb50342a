import fc from 'fast-check';
import { percent } from '../facts/verdicts';
import { closeServers, serve } from '../__testUtils__/serve';
import { RefreshPeriod } from '../sources/RefreshPeriod';
import { SourceCache } from '../sources/SourceCache';
import { PrometheusSource } from '../sources/prometheus/PrometheusSource';
import { quote, selecting } from '../sources/prometheus/promql';
import { serviceQueries } from '../sources/prometheus/serviceQueries';
import { Traffic } from './Traffic';

const series = (labels: Record<string, string>, value: number) => ({
  labels: {
    reporter: 'destination',
    source_workload: 'gateway',
    source_workload_namespace: 'orion',
    destination_canonical_revision: 'stable',
    response_code: '200',
    response_flags: '-',
    ...labels,
  },
  points: [[0, value] as [number, number]],
});

describe('promql', () => {
  it('keeps any value inside its quotes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), value => {
        const quoted = quote(value);
        expect(quoted).not.toMatch(/[\n\r]/);
        // Read it back the way PromQL does.
        const body = quoted.slice(1, -1);
        expect(body.replace(/\\./g, '')).not.toContain('"');
        const written: Record<string, string> = { n: '\n', r: '\r' };
        expect(
          body.replace(/\\(.)/g, (_all, sign) => written[sign] ?? sign),
        ).toBe(value);
      }),
      { numRuns: 500 },
    );
  });

  it('scopes every query to the service', () => {
    const queries = serviceQueries(
      { namespace: 'orion', service: 'auth' },
      selecting(),
    );
    const all = [
      queries.edges('1m'),
      queries.outcomes('1m'),
      queries.outcomesByVersion('1m'),
      queries.quantile(0.99, '1m'),
      queries.quantilesByVersion([0.5, 0.99], '1m'),
    ];
    for (const query of all) {
      expect(query).toContain('destination_service_namespace="orion"');
      expect(query).toContain('destination_service_name="auth"');
    }
  });
});

describe('Traffic', () => {
  it('counts what the service saw once, and adds what never reached it', () => {
    const traffic = Traffic.fromReports([
      series({ connection_security_policy: 'mutual_tls' }, 80),
      series(
        { connection_security_policy: 'none', source_workload: 'batch' },
        10,
      ),
      series({ reporter: 'source' }, 80),
      series(
        {
          reporter: 'source',
          response_code: '503',
          response_flags: 'UH',
          destination_canonical_revision: 'unknown',
        },
        10,
      ),
    ]);
    expect(traffic.requestsPerSecond).toBe(100);
    expect(traffic.errorShare).toBeCloseTo(0.1);
    expect(traffic.mtlsShare).toBeCloseTo(80 / 90);
  });

  it('counts a request once that the caller’s proxy gave up', () => {
    const cut = { response_code: '0', response_flags: 'DC' };
    const traffic = Traffic.fromReports([
      series({}, 90),
      series(cut, 10),
      series({ ...cut, source_workload: 'batch' }, 2),
      // Of those ten tries and three more, three were called off by the caller itself.
      series(cut, 3),
      series({ reporter: 'source', ...cut }, 3),
      series(
        { reporter: 'source', response_code: '504', response_flags: 'UT' },
        10,
      ),
    ]);
    expect(traffic.requestsPerSecond).toBe(105);
    expect(traffic.errorShare).toBeCloseTo(15 / 105);
  });

  it('counts callers whom nobody at an ambient service sees, as they see it themselves', () => {
    const reports = [
      series({ reporter: 'waypoint', source_workload: 'web' }, 10),
      series({ reporter: 'source', source_workload: 'web' }, 10),
      series({ reporter: 'source', source_workload: 'ingress' }, 26),
    ];
    const of = (hasAmbient: boolean) =>
      Traffic.fromReports(reports, { hasAmbient }).requestsPerSecond;
    expect(of(true)).toBe(36);
    expect(of(false)).toBe(10);
  });

  it('knows no share where there are no requests', () => {
    const traffic = Traffic.fromReports([]);
    expect(traffic.errorShare).toBeUndefined();
    expect(traffic.mtlsShare).toBeUndefined();
    expect(traffic.requestsPerSecond).toBe(0);
  });
});

describe('percent', () => {
  it.each([
    [0, '0 %'],
    [0.0004, 'less than 0.1 %'],
    [0.9996, '99.9 %'],
    [1, '100 %'],
    [0.123, '12.3 %'],
  ])('writes %f as %s', (share, text) => {
    expect(percent(share)).toBe(text);
  });
});

describe('PrometheusSource', () => {
  afterAll(closeServers);

  it('takes for a number, a label or an alert only what is one', async () => {
    const result = [
      { metric: { a: 'x', b: 7, c: { d: 1 } }, value: [1, '2'] },
      { metric: 'none', value: [1, 'NaN'] },
      { value: 'none' },
      null,
      {
        metric: {},
        values: [[1, '1'], [2, '+Inf'], ['x', '1'], null, 'no', [3], [4, '4']],
      },
    ];
    const alerts = [
      null,
      { state: 'firing', labels: { alertname: 7 }, activeAt: 'never' },
      { state: 'firing', labels: 'none', annotations: [], activeAt: 7 },
      { state: 'well', labels: { alertname: 'no' } },
    ];
    const url = await serve((_req, res) => {
      res.end(JSON.stringify({ status: 'success', data: { result, alerts } }));
    });
    const source = PrometheusSource.create({
      endpoint: { url, headers: {}, rateInterval: '1m' },
      deadlineMs: 5000,
      cache: SourceCache.create({
        period: RefreshPeriod.create({ periodMs: 5000 }),
      }),
    });
    expect(await source.query('a', 'up')).toEqual([
      { labels: { a: 'x' }, points: [[1, 2]] },
      { labels: expect.any(Object), points: [] },
      { labels: {}, points: [] },
      { labels: {}, points: [] },
      {
        labels: {},
        points: [
          [1, 1],
          [4, 4],
        ],
      },
    ]);
    expect(await source.alerts()).toMatchObject([
      { name: 'unnamed', state: 'firing', activeAt: undefined },
      { name: 'unnamed', state: 'firing', annotations: {} },
    ]);
  });
});

import request from 'supertest';
import { examplePlatforms } from '../__fixtures__/examplePlatforms';
import { createPrometheusApp } from '../createPrometheusApp';

const NOW = Date.UTC(2026, 0, 10, 12);
const AUTH =
  'cluster_name=~"outbound\\\\|8080\\\\|.*\\\\|auth-service\\\\.orion\\\\.svc\\\\.cluster\\\\.local"';

function start() {
  const time = { now: NOW };
  const { traffic, cluster } = examplePlatforms({ clock: () => time.now });
  const api = request(createPrometheusApp({ traffic, groups: [] }));
  const query = async (text: string): Promise<[any, number][]> => {
    const { body } = await api
      .get('/api/v1/query')
      .query({ query: text, time: time.now / 1000 });
    return body.data.result.map((row: any) => [
      row.metric,
      Number(row.value[1]),
    ]);
  };
  return { time, cluster, api, query };
}

describe('what Prometheus knows beside requests', () => {
  const { query, api } = start();

  it('the sidecars’ CPU time and memory, by pod: who has more requests spends more', async () => {
    const cores = Object.fromEntries(
      (
        await query(
          'sum(rate(container_cpu_usage_seconds_total{container="istio-proxy",namespace="orion"}[5m])) by (pod)',
        )
      ).map(([{ pod }, value]) => [pod.replace(/-[^-]+-[^-]+$/, ''), value]),
    );
    expect(cores['gateway-service']).toBeGreaterThan(0.005);
    expect(cores['gateway-service']).toBeGreaterThan(
      cores['notification-service'],
    );
    const memory = await query(
      'container_memory_working_set_bytes{container="istio-proxy",namespace="orion"}',
    );
    expect(memory).toHaveLength(Object.keys(memory).length);
    expect(Math.min(...memory.map(([, bytes]) => bytes))).toBeGreaterThan(30e6);
    expect(
      await query(
        'container_memory_working_set_bytes{container="istio-proxy",namespace="orion-batch"}',
      ),
    ).toEqual([]);
  });

  it('CPU time and memory of applications: they follow the requests of a version and its pods', async () => {
    const changing = start();
    const usedBy = async (deployment: string) => {
      const pods = `namespace="orion",pod=~"${deployment}-[a-z0-9]{9}-.*",container="auth-service"`;
      const [[, cores]] = await changing.query(
        `avg(rate(container_cpu_usage_seconds_total{${pods}}[2m]))`,
      );
      const [[, bytes]] = await changing.query(
        `avg(container_memory_working_set_bytes{${pods}})`,
      );
      return { cores, bytes };
    };
    const before = await usedBy('auth-service-canary');
    expect(before).toEqual(await usedBy('auth-service-canary'));
    expect(before.cores).toBeGreaterThan(0.008);
    expect(before.cores).toBeLessThan((await usedBy('auth-service')).cores);
    changing.cluster.edit('VirtualService', 'orion', 'auth-service', route => {
      route.spec.http[0].route[0].weight = 50;
      route.spec.http[0].route[1].weight = 50;
    });
    changing.time.now += 600_000;
    const after = await usedBy('auth-service-canary');
    expect(after.cores).toBeGreaterThan(before.cores * 2);
    expect(after.bytes).toBeGreaterThan(before.bytes);
    expect(after.bytes).toBeLessThan(256 * 2 ** 20);
  });

  it('and of a pod as a whole, without the name of a container', async () => {
    for (const usage of [
      'rate(container_cpu_usage_seconds_total{namespace="orion",PART}[5m])',
      'container_memory_working_set_bytes{namespace="orion",PART}',
    ]) {
      const sumOf = async (part: string) =>
        (await query(`sum(${usage.replace('PART', part)})`))[0][1];
      expect(await sumOf('container=""')).toBeCloseTo(
        await sumOf('container!=""'),
        6,
      );
    }
  });

  it.each([
    'pilot_xds',
    'sum(pilot_xds_pushes) by (type)',
    'istio_build{component="pilot",tag=~"1\\\\..*"}',
    'histogram_quantile(0.99, sum(rate(pilot_proxy_convergence_time_bucket[10m])) by (le))',
    'pilot_total_xds_internal_errors == 0',
    'pilot_total_xds_rejects == 0',
    '(citadel_server_root_cert_expiry_timestamp - time()) / 86400 > 3000',
    'envoy_server_days_until_first_cert_expiring{namespace="orion"}',
    `envoy_cluster_circuit_breakers_default_rq_open{${AUTH},namespace="orion"} == 0`,
    `rate(envoy_cluster_upstream_rq_pending_overflow{${AUTH}}[5m]) == 0`,
  ])('%s', async text => {
    const found = await query(text);
    expect(found).not.toHaveLength(0);
    expect(found.filter(([, value]) => Number.isNaN(value))).toEqual([]);
  });

  it('counters that never fall, also when the configuration changes', async () => {
    const changing = start();
    const names = [
      'pilot_xds_pushes',
      'pilot_proxy_convergence_time_count',
      'container_cpu_usage_seconds_total',
      'envoy_cluster_upstream_rq_pending_overflow',
    ];
    const read = async () =>
      new Map(
        (await changing.query(`{__name__=~"${names.join('|')}"}`)).map(
          ([labels, value]) => [JSON.stringify(labels), value],
        ),
      );
    const before = await read();
    changing.time.now += 60_000;
    changing.cluster.remove('Deployment', 'orion', 'billing');
    changing.time.now += 60_000;
    const after = await read();
    for (const [key, value] of before) {
      expect(after.get(key) ?? Infinity).toBeGreaterThanOrEqual(value);
    }
  });

  it('that hosts are ejected and requests turned away once a limit is passed', async () => {
    const { cluster, time, query: ask } = start();
    time.now += 60_000;
    cluster.edit('Deployment', 'orion', 'auth-service-canary', deployment => {
      deployment.spec.template.metadata.annotations = {
        'demo.meshdeck.io/error-rate': '0.9',
      };
    });
    cluster.edit('Deployment', 'orion', 'auth-service', deployment => {
      deployment.spec.template.metadata.annotations = {
        'demo.meshdeck.io/p50-ms': '900',
      };
    });
    cluster.edit('DestinationRule', 'orion', 'auth-service', rule => {
      const { trafficPolicy } = rule.spec;
      trafficPolicy.outlierDetection = {
        consecutive5xxErrors: 3,
        baseEjectionTime: '60s',
        maxEjectionPercent: 100,
      };
      trafficPolicy.connectionPool.http.http2MaxRequests = 1;
    });
    time.now += 300_000;
    const ejected = await ask(
      `max(envoy_cluster_outlier_detection_ejections_active{${AUTH}}) by (cluster_name)`,
    );
    const canary = ejected.find(([labels]) =>
      labels.cluster_name.includes('|canary|'),
    );
    expect(canary?.[1]).toBe(1);
    const [[, overflow]] = await ask(
      `sum(rate(envoy_cluster_upstream_rq_pending_overflow{${AUTH},app="gateway-service"}[2m]))`,
    );
    expect(overflow).toBeGreaterThan(0);
    const [[, open]] = await ask(
      `max(envoy_cluster_circuit_breakers_default_rq_open{${AUTH},app="gateway-service"})`,
    );
    expect(open).toBe(1);
  });

  it('and all of it at /metrics, with its type', async () => {
    const { text } = await api.get('/metrics').buffer();
    const types = text.split('\n').filter(line => line.startsWith('# TYPE'));
    expect(types).toEqual(
      expect.arrayContaining([
        '# TYPE pilot_xds_pushes counter',
        '# TYPE pilot_proxy_convergence_time histogram',
        '# TYPE container_cpu_usage_seconds_total counter',
        '# TYPE envoy_cluster_outlier_detection_ejections_active gauge',
      ]),
    );
  });
});

import request from 'supertest';
import { examplePlatforms } from '../prometheus/__fixtures__/examplePlatforms';
import { createPrometheusApp } from '../prometheus/createPrometheusApp';

const NOW = Date.UTC(2026, 0, 10, 12);

describe('the traffic of the example platforms', () => {
  const { traffic, platforms } = examplePlatforms({
    names: ['docuthinker', 'carbon254', 'zoptal'],
    clock: () => NOW,
  });
  const api = request(
    createPrometheusApp({
      traffic,
      groups: platforms.flatMap(({ rules }) => rules),
    }),
  );
  const rates = async (
    selector: string,
    by: string,
  ): Promise<Record<string, number>> => {
    const { body } = await api
      .get('/api/v1/query')
      .query({ query: `sum(rate(${selector}[5m])) by (${by})` });
    return Object.fromEntries(
      body.data.result.map((row: any) => [
        Object.values(row.metric).join(' '),
        Number(row.value[1]),
      ]),
    );
  };

  it('goes nine to one, and by cookie and header, where a route weighs two Services', async () => {
    const byService = await rates(
      'istio_requests_total{reporter="source",source_workload="frontend",destination_service_namespace="docuthinker-prod"}',
      'destination_service_name',
    );
    const all = byService.backend + byService['backend-canary'];
    // One in twenty has the cookie or the header; mirrored requests are counted as well.
    expect(byService['backend-canary'] / all).toBeGreaterThan(0.14);
    expect(byService['backend-canary'] / all).toBeLessThan(0.25);
  });

  it('is connections where the port is TCP; who may not connect gets no answer', async () => {
    const ofDatabase =
      '{reporter="destination",destination_service_name="timeseries-db"}';
    const opened = await rates(
      `istio_tcp_connections_opened_total${ofDatabase}`,
      'source_workload',
    );
    const sent = await rates(
      `istio_tcp_sent_bytes_total${ofDatabase}`,
      'source_workload',
    );
    expect(opened['protected-service']).toBeGreaterThan(20);
    expect(sent['protected-service']).toBeGreaterThan(20_000);
    expect(opened['client-service']).toBeGreaterThan(0.05);
    expect(sent['client-service']).toBe(0);
    expect(
      await rates(
        'istio_requests_total{destination_service_name="timeseries-db"}',
        'reporter',
      ),
    ).toEqual({});
    const { body } = await api.get('/api/v1/alerts');
    expect(body.data.alerts).toContainEqual(
      expect.objectContaining({
        labels: expect.objectContaining({
          alertname: 'ConnectionsWithoutAnswer',
          destination_service_namespace: 'data-platform',
          source_workload: 'client-service',
        }),
      }),
    );
  });

  it('is told by the waypoint in ambient mode, and as connections by ztunnel', async () => {
    const byReporter = await rates(
      'istio_requests_total{destination_service_namespace="zoptal-production",source_workload_namespace="zoptal-production"}',
      'reporter',
    );
    expect(Object.keys(byReporter)).toEqual(['waypoint']);
    const testers = await rates(
      'istio_requests_total{reporter="waypoint",source_workload="project-service",destination_service_name="auth-service-canary"}',
      'connection_security_policy',
    );
    expect(testers.mutual_tls).toBeGreaterThan(0.3);
    const tunnelled = await rates(
      'istio_tcp_connections_opened_total{app="ztunnel",destination_service_namespace="zoptal-production"}',
      'destination_service_name',
    );
    expect(tunnelled['project-service']).toBeGreaterThan(15);
  });
});

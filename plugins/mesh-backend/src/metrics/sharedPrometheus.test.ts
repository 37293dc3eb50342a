import { DemoMesh } from '@meshdeck/demo-mesh';
import { AUTH, authService } from '../__testUtils__/authService';
import { eventually } from '../__testUtils__/eventually';
import { closeServers, serve } from '../__testUtils__/serve';
import { startDemoMesh, startPortal } from '../__testUtils__/startPortal';
import { controlPlaneQueries } from '../fleet/controlPlaneQueries';
import { fleetQueries } from '../fleet/fleetQueries';
import { RefreshPeriod } from '../sources/RefreshPeriod';
import { SourceCache } from '../sources/SourceCache';
import { callQueries } from '../sources/prometheus/callQueries';
import { podUseQuery } from '../sources/prometheus/podQueries';
import { PrometheusSource } from '../sources/prometheus/PrometheusSource';
import { Select, selecting } from '../sources/prometheus/promql';
import { serviceQueries } from '../sources/prometheus/serviceQueries';

const shop = { namespace: 'a', service: 'shop' };
const named = [{ namespace: 'a', name: 'shop' }];

/** Every query there is, for whoever selects the series. */
function everyQuery(select: Select): [string, string][] {
  const service = serviceQueries(shop, select);
  const calls = callQueries({ services: named, workloads: named }, select);
  return Object.entries({
    ...fleetQueries(select, '1m'),
    ...controlPlaneQueries(select),
    edges: service.edges('1m'),
    outcomes: service.outcomes('1m'),
    outcomesByVersion: service.outcomesByVersion('1m'),
    quantile: service.quantile(0.5, '1m'),
    quantilesByVersion: service.quantilesByVersion([0.5, 0.99], '1m'),
    ejections: service.ejections(),
    overflows: service.overflows('1m'),
    callRequests: calls.requests('1m'),
    callLatencies: calls.latencies('1m'),
    callConnections: calls.connections('1m'),
    callBytes: calls.bytes('1m'),
    pods: podUseQuery(
      [{ namespace: 'a', pods: ['p', 'q'], containers: ['c'] }],
      '1m',
      select,
    ),
  });
}

describe('in a Prometheus that clusters share', () => {
  const blue = everyQuery(selecting({ cluster: 'blue "1"' }));
  const alone = new Map(everyQuery(selecting()));

  it.each(blue)('%s asks for series of its own cluster only', (name, query) => {
    const selectors = query.match(/\{[^}]*\}/g) ?? [];
    expect(selectors.length).toBeGreaterThan(0);
    for (const selector of selectors) {
      expect(selector).toContain('cluster="blue \\"1\\""');
    }
    // And is otherwise what it is where one cluster has a Prometheus for itself.
    expect(query.replace(/,?cluster="blue \\"1\\""/g, '')).toBe(
      alone.get(name),
    );
  });

  it('a label that is asked for, too, has to be both', () => {
    const select = selecting({ namespace: 'of-the-cluster' });
    expect(select('m', { namespace: 'a' })).toBe(
      'm{namespace="a",namespace="of-the-cluster"}',
    );
  });
});

describe('answers of one address', () => {
  afterAll(closeServers);

  it('are kept apart by tenant, by credentials and by cluster', async () => {
    let asked = 0;
    const url = await serve((req, res) => {
      asked += 1;
      const who = `${req.headers['x-scope-orgid']} ${req.headers.authorization}`;
      const alert = (cluster?: string) => ({
        state: 'firing',
        labels: { alertname: who, ...(cluster ? { cluster } : {}) },
      });
      res.end(
        JSON.stringify({
          status: 'success',
          data: {
            alerts: [alert('blue'), alert('green'), alert()],
            result: [{ metric: { who }, value: [1, '1'] }],
          },
        }),
      );
    });
    const cache = SourceCache.create({
      period: RefreshPeriod.create({ periodMs: 60_000 }),
    });
    const of = (headers: Record<string, string>, cluster?: string) =>
      PrometheusSource.create({
        endpoint: { url, headers, rateInterval: '1m' },
        cluster: cluster ? { label: 'cluster', name: cluster } : undefined,
        deadlineMs: 5000,
        cache,
      });
    const told = async (source: PrometheusSource) => ({
      series: (await source.query('a', 'up'))[0].labels.who,
      alerts: (await source.alerts()).map(
        ({ name, labels }) => `${name} ${labels.cluster}`,
      ),
    });
    const one = of({ 'X-Scope-OrgID': 'one' });
    expect(await told(one)).toEqual({
      series: 'one undefined',
      alerts: ['blue', 'green', 'undefined'].map(c => `one undefined ${c}`),
    });
    expect((await told(of({ 'X-Scope-OrgID': 'two' }))).series).toBe(
      'two undefined',
    );
    expect((await told(of({ 'X-Scope-OrgID': 'two' }))).alerts[0]).toMatch(
      /^two/,
    );
    expect(
      (await told(of({ 'X-Scope-OrgID': 'one', Authorization: 'b' })))
        .alerts[0],
    ).toBe('one b blue');
    expect(await told(of({ 'X-Scope-OrgID': 'one' }, 'green'))).toEqual({
      series: 'one undefined',
      alerts: ['one undefined green'],
    });
    // Alerts are asked once for all clusters of a tenant, and whatever is the same question is not asked again.
    const before = asked;
    await told(one);
    await told(of({ 'x-scope-orgid': 'one' }));
    expect(asked).toBe(before);
  });
});

describe('two clusters behind one address', () => {
  let meshes: { blue: DemoMesh; green: DemoMesh };
  let thanos: string;

  beforeAll(async () => {
    const [blue, green] = await Promise.all([startDemoMesh(), startDemoMesh()]);
    meshes = { blue, green };
    thanos = await serve((incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on('data', chunk => chunks.push(chunk));
      incoming.on('end', async () => {
        const form = new URLSearchParams(Buffer.concat(chunks).toString());
        const query = form.get('query') ?? '';
        const wanted = /[{,]cluster="(\w+)"/.exec(query)?.[1];
        form.set('query', query.replace(/,?cluster="\w+"/g, ''));
        const asked = Object.entries(meshes).filter(
          ([name]) => !wanted || name === wanted,
        );
        const answers = await Promise.all(
          asked.map(async ([name, mesh]) => {
            const url = `${mesh.urls.prometheus}${incoming.url}`;
            const response = await fetch(
              url,
              incoming.method === 'POST' ? { method: 'POST', body: form } : {},
            );
            const { data } = await response.json();
            const alerts = (data.alerts ?? []).map((alert: any) => ({
              ...alert,
              labels: { ...alert.labels, cluster: name },
            }));
            return { ...data, alerts };
          }),
        );
        outgoing.end(
          JSON.stringify({
            status: 'success',
            data: {
              ...answers[0],
              result: answers.flatMap(({ result }) => result ?? []),
              alerts: answers.flatMap(({ alerts }) => alerts),
            },
          }),
        );
      });
    });
  });

  afterAll(async () => {
    closeServers();
    await meshes.blue.stop();
    await meshes.green.stop();
  });

  /** The rate of auth-service and its alerts in cluster blue, as a portal with this Prometheus shows them. */
  async function shown(prometheus: object) {
    const portal = await startPortal({
      mesh: meshes.blue,
      entities: [authService],
      clusters: {
        blue: { url: meshes.blue.urls.kubernetes },
        green: { url: meshes.green.urls.kubernetes },
      },
      config: { prometheus },
    });
    const body = await eventually(async () => {
      const answer = await portal.get(
        'auth-service',
        `${AUTH.replace('demo', 'blue')}/overview`,
      );
      expect(answer.body.requestsPerSecond?.value).toBeGreaterThan(0);
      return answer.body;
    });
    await portal.server.stop();
    return {
      rate: body.requestsPerSecond.value,
      alerts: body.alerts.map(({ name }: any) => name),
    };
  }

  it('are not added up where a label tells them apart', async () => {
    const own = await shown({ url: meshes.blue.urls.prometheus });
    const shared = await shown({ url: thanos, clusterLabel: 'cluster' });
    expect(shared.rate / own.rate).toBeCloseTo(1, 1);
    expect(shared.alerts).toEqual(own.alerts);
    // That they would be: the same without the label.
    const mixed = await shown({ url: thanos });
    expect(mixed.rate / own.rate).toBeGreaterThan(1.8);
  });
});

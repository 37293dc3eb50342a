import type { DemoMesh } from '@meshdeck/demo-mesh';
import { RealPrometheus } from '../../__testUtils__/RealPrometheus';
import { startDemoMesh } from '../../__testUtils__/startPortal';
import { PodGroup, podUseQuery } from './podQueries';
import { Select, selecting } from './promql';
import { serviceQueries } from './serviceQueries';

/** Upper bounds of the buckets of Istio's duration histogram. */
const DURATION_BUCKETS_MS = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000,
  60_000, 300_000, 600_000, 1_800_000, 3_600_000,
];
const SCRAPE_INTERVAL_S = 1;
const WINDOW_S = 30;
const INSTANTS = 20;
const SAMPLES_NEEDED = WINDOW_S + INSTANTS + 5;
const MOST_DEVIATION = 0.01;

// A real server on a busy machine misses a sample now and then. Then a later window is compared, as strictly.
jest.retryTimes(2, { waitBeforeRetry: 45_000 });

const SERVICES = [
  ['orion', 'auth-service'],
  ['orion', 'user-service'],
  ['autolytiq', 'inventory-service'],
  ['autolytiq', 'deal-service'],
] as const;

type Point = [number, string];
type Result = { metric: Record<string, string>; values: Point[] }[];

const isInstalled = RealPrometheus.isInstalled();
const describeWithServer = isInstalled ? describe : describe.skip;

describeWithServer(
  isInstalled
    ? 'the stand-in Prometheus beside the real one'
    : 'the stand-in Prometheus beside the real one (skipped: there is no prometheus binary here)',
  () => {
    let mesh: DemoMesh;
    let demoUrl: string;
    let real: RealPrometheus;
    const deviations = { most: 0 };

    const ask = async (
      url: string,
      path: string,
      parameters: Record<string, string>,
    ) => {
      const response = await fetch(
        `${url}/api/v1/${path}?${new URLSearchParams(parameters)}`,
      );
      const body = await response.json();
      if (body.status !== 'success') {
        throw new Error(`${path} ${JSON.stringify(parameters)}: ${body.error}`);
      }
      return body.data;
    };
    const instant = async (
      url: string,
      query: string,
      timeS: number,
    ): Promise<Result> => {
      const { result } = await ask(url, 'query', {
        query,
        time: String(timeS),
      });
      return result.map((row: any) => ({
        metric: row.metric,
        values: [row.value],
      }));
    };

    beforeAll(async () => {
      mesh = await startDemoMesh({
        scrapeIntervalMs: SCRAPE_INTERVAL_S * 1000,
      });
      demoUrl = mesh.urls.prometheus;
      real = await RealPrometheus.start({
        target: new URL(demoUrl).host,
        scrapeIntervalS: SCRAPE_INTERVAL_S,
      });
      await real.until(async () => {
        const found = await instant(
          real.url,
          'min(count_over_time(istio_requests_total{cluster="demo"}[5m]))',
          Date.now() / 1000,
        );
        return Number(found[0]?.values[0][1]) >= SAMPLES_NEEDED;
      }, 120_000);
    }, 150_000);

    afterAll(async () => {
      await real?.stop();
      await mesh?.stop();
    });

    it.each(SERVICES)(
      'agrees about %s/%s at each instant and over a range',
      async (namespace, service) => {
        const endS = Math.floor(Date.now() / 1000) - 1;
        const startS = endS - INSTANTS + 1;
        const groups = await podGroups(mesh, namespace, service);
        const queriesWith = (select: Select) => ({
          ...everyQuery({ namespace, service }, `${WINDOW_S}s`, select),
          podUse: podUseQuery(groups, `${WINDOW_S}s`, select),
        });
        const queries = queriesWith(selecting());
        // The real one has the series of two clusters, of which one is asked for.
        const inOneCluster = queriesWith(selecting({ cluster: 'demo' }));
        let compared = 0;
        expect(await instant(demoUrl, queries.podUse, endS)).toHaveLength(
          groups.length * 2 * 2,
        );
        for (const name of Object.keys(queries) as (keyof typeof queries)[]) {
          const [query, scoped] = [queries[name], inOneCluster[name]];
          for (let timeS = startS; timeS <= endS; timeS++) {
            const [ours, theirs] = await Promise.all([
              instant(demoUrl, query, timeS),
              instant(real.url, scoped, timeS),
            ]);
            compared += compare(name, ours, theirs);
          }
          const range = {
            start: String(startS),
            end: String(endS),
            step: '2',
          };
          const [ours, theirs] = await Promise.all([
            ask(demoUrl, 'query_range', { ...range, query }),
            ask(real.url, 'query_range', { ...range, query: scoped }),
          ]);
          compared += compare(`${name}, range`, ours.result, theirs.result);
        }
        process.stdout.write(
          `${namespace}/${service}: ${compared} values compared, greatest deviation ${(
            deviations.most * 100
          ).toFixed(3)} %\n`,
        );
        expect(compared).toBeGreaterThan(INSTANTS * 7);
      },
      60_000,
    );

    function compare(name: string, ours: Result, theirs: Result): number {
      const byLabels = (result: Result) =>
        new Map(
          result.map(({ metric, values }) => [
            JSON.stringify(Object.entries(metric).sort()),
            values,
          ]),
        );
      const own = byLabels(ours);
      const other = byLabels(theirs);
      expect({ name, labels: [...own.keys()].sort() }).toEqual({
        name,
        labels: [...other.keys()].sort(),
      });
      let compared = 0;
      for (const [labels, values] of own) {
        const expected = other.get(labels)!;
        expect(values.map(([time]) => time)).toEqual(
          expected.map(([time]) => time),
        );
        compared += values.length;
        values.forEach(([, text], index) => {
          const [a, b] = [Number(text), Number(expected[index][1])];
          const deviation = Math.abs(a - b) / Math.max(Math.abs(b), 1e-9);
          deviations.most = Math.max(deviations.most, deviation);
          if (name.startsWith('quantile')) {
            expect(bucketsApart(a, b)).toBeLessThanOrEqual(1);
            return;
          }
          if (!(deviation <= MOST_DEVIATION)) {
            throw new Error(`${name} ${labels}: ${a} here, ${b} there`);
          }
        });
      }
      return compared;
    }
  },
);

/** All that the plugin sends about a service. */
function everyQuery(
  service: { namespace: string; service: string },
  window: string,
  select: Select,
) {
  const queries = serviceQueries(service, select);
  return {
    edges: queries.edges(window),
    outcomes: queries.outcomes(window),
    outcomesByVersion: queries.outcomesByVersion(window),
    quantile: queries.quantile(0.99, window),
    quantilesByVersion: queries.quantilesByVersion([0.5, 0.99], window),
  };
}

/** The pods of each version, with an application and a sidecar. */
async function podGroups(
  mesh: DemoMesh,
  namespace: string,
  service: string,
): Promise<PodGroup[]> {
  const answer = await fetch(
    `${mesh.urls.kubernetes}/api/v1/namespaces/${namespace}/pods?labelSelector=app%3D${service}`,
  );
  const { items } = await answer.json();
  const versions = new Set<string>(
    items.map(({ metadata }: any) => metadata.labels.version),
  );
  return [...versions].map(version => ({
    namespace,
    pods: items
      .filter(({ metadata }: any) => metadata.labels.version === version)
      .map(({ metadata }: any) => metadata.name),
    containers: [service, 'istio-proxy'],
  }));
}

function bucketsApart(a: number, b: number): number {
  const bucketOf = (value: number) =>
    DURATION_BUCKETS_MS.filter(bound => bound < value).length;
  return Math.abs(bucketOf(a) - bucketOf(b));
}

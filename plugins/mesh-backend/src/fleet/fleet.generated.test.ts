import { DemoMesh } from '@meshdeck/demo-mesh';
import { eventually } from '../__testUtils__/eventually';
import { fleetPage as page } from '../__testUtils__/fleetPage';
import { startPortal } from '../__testUtils__/startPortal';

/** More by the environment: the numbers of docs and benchmarks come of 5,000. */
const SERVICES = Number(process.env.FLEET_SERVICES ?? 1000);

describe(`a fleet of ${SERVICES} generated services`, () => {
  it('answers at once once it was looked at', async () => {
    const mesh = await DemoMesh.start({
      platforms: [],
      generated: { services: SERVICES },
    });
    const portal = await startPortal({
      mesh,
      entities: [],
      // The stand-in Prometheus adds up a thousand services in this very process.
      config: { refreshSeconds: 15, deadlineMs: 20_000 },
    });
    const timed = async (search: string) => {
      const began = performance.now();
      const view = await page(portal, search);
      return { view, ms: Math.round(performance.now() - began) };
    };
    try {
      const first = await timed('');
      await eventually(async () => {
        const { summary, sources } = await page(portal);
        expect(sources.every(({ asOf }) => asOf)).toBe(true);
        expect(summary.pending).toBe(0);
      }, 120_000);
      const second = await timed('');
      const text = await timed('?text=0042');
      const large = await timed('?limit=1000&sort=errors&descending=true');
      process.stdout.write(
        `fleet of ${SERVICES}: first page ${first.ms} ms (${first.view.summary.pending} pending), then ${second.ms} ms, search ${text.ms} ms, 1,000 rows ${large.ms} ms\n`,
      );
      expect(second.view.summary).toMatchObject({
        services: SERVICES,
        outsideMesh: 0,
      });
      expect(second.view.rows).toHaveLength(100);
      expect(second.view.summary.mtlsShare).toBeGreaterThan(0.9);
      expect(text.view.total).toBeGreaterThan(0);
      expect(large.view.rows).toHaveLength(Math.min(SERVICES, 1000));
      expect(second.ms).toBeLessThan(1500);
    } finally {
      portal.server.stop();
      await mesh.stop();
    }
  }, 300_000);
});

import { applyPreview, previewWeight, undoChange } from '../changing';
import { eventually, report } from '../eventually';
import { versionsRow } from '../pageParts';
import type { Portal } from '../portal';
import { Caller, valuesBy } from './mesh';
import { inForce, onMesh } from './onMesh';

const SENT = 600;
const CROWD = 100;
/** Of a binomial: further off is one of 16,000 rounds. */
const MOST_SIGMAS = 4;

/** What Prometheus counted for each version of requests that were answered with this status. */
async function countedOf(status: number) {
  const { stable = 0, canary = 0 } = await valuesBy(
    'destination_version',
    `istio_requests_total{reporter="destination",destination_service_name="auth-service",response_code="${status}"}`,
  );
  return { all: stable + canary, canary };
}

const logIn = (caller: Caller, count: number, status = 200) =>
  caller.sendMany(count, 'auth-service.orion', {
    method: 'POST',
    path: '/api/auth/login',
    headers: { 'x-answer': String(status) },
  });

/** The canary's share of requests that are answered with a status of their own, once all of them are counted. */
async function shareOf(caller: Caller, status: number): Promise<number> {
  const before = await countedOf(status);
  await logIn(caller, SENT, status);
  let share = 0;
  await eventually(async () => {
    const counted = await countedOf(status);
    expect(counted.all - before.all).toBe(SENT);
    share = (counted.canary - before.canary) / SENT;
  }, 30);
  return share;
}

function expectNear(share: number, weight: number): void {
  const sigma = Math.sqrt((weight * (1 - weight)) / SENT);
  expect(Math.abs(share - weight)).toBeLessThan(MOST_SIGMAS * sigma);
}

async function isRouted(caller: Caller, canary: number): Promise<void> {
  const routes = await caller.pod.admin(
    '/config_dump?resource=dynamic_route_configs&name_regex=8080',
  );
  const weights = [...routes.matchAll(/canary\|.*?"weight": (\d+)/gs)];
  expect(weights.map(([, weight]) => Number(weight))).toContain(canary);
}

/** What the page says of the canary's share now, in percent. */
async function liveShare(portal: Portal): Promise<number> {
  const words = await versionsRow(portal, 'Weight').innerText();
  const [, canary] = [...words.matchAll(/\(now ([\d.]+) %\)/g)];
  return Number(canary?.[1]);
}

describe('moving traffic of a real mesh', () => {
  onMesh(
    'reaches the counters of the versions, and goes back',
    async portal => {
      const caller = await Caller.of('orion', 'gateway-service');
      await portal.visitComponent('auth-service', 'canary', '?window=1m');
      await previewWeight(portal, 50);
      const sentence = await applyPreview(portal, 'half of it');
      expect(sentence).toMatch(/^40 % of requests move from stable to canary/);
      await inForce(() => isRouted(caller, 50));
      const share = await shareOf(caller, 211);
      expectNear(share, 0.5);
      const seconds = await eventually(async () => {
        // What came before is in the minute that the page looks back on.
        await logIn(caller, CROWD);
        const live = await liveShare(portal);
        expect(live).toBeGreaterThan(40);
        expect(live).toBeLessThan(60);
      }, 60);
      report(
        `of ${SENT} requests at 50 %, ${(share * 100).toFixed(
          1,
        )} % were counted for the canary; the page followed in ${seconds.toFixed(
          1,
        )} s`,
      );
      await portal.photograph('canary at 50');

      await undoChange(portal, sentence);
      await inForce(() => isRouted(caller, 10));
      expectNear(await shareOf(caller, 212), 0.1);
    },
  );
});

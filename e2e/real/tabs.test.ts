import { eventually } from '../eventually';
import { callerRow, figure, numberIn, rule, versionsRow } from '../pageParts';
import { onPortal, type Portal, type Tab } from '../portal';
import { Caller, valuesBy } from './mesh';

const WINDOW = '?window=1m';
/** Of the same minute or one that began seconds earlier. */
const AS_MEASURED = { least: 0.5, most: 2 };

interface Expected {
  service: string;
  /** Who calls it, encrypted. */
  callers: readonly string[];
  /** Who calls it in plain. */
  plainCaller?: string;
  /** Whom it calls. */
  calls: readonly string[];
  versions?: readonly string[];
}

const SERVICES: readonly Expected[] = [
  {
    service: 'auth-service',
    callers: ['gateway-service'],
    calls: ['user-service'],
    versions: ['stable', 'canary'],
  },
  {
    service: 'user-service',
    callers: ['auth-service', 'gateway-service', 'billing'],
    plainCaller: 'legacy-batch',
    calls: ['notification-service'],
  },
  {
    service: 'gateway-service',
    callers: ['istio-ingressgateway'],
    calls: ['auth-service', 'user-service', 'billing'],
  },
];

/** Requests per second that its proxies counted in the last minute, by who sent them. */
function measuredRates(service: string): Promise<Record<string, number>> {
  return valuesBy(
    'source_workload',
    `rate(istio_requests_total{reporter="destination",destination_service_namespace="orion",destination_service_name="${service}"}[1m])`,
  );
}

/** Until everybody who calls it was counted twice: of a series that has just begun there is no rate. */
async function untilMeasured(of: Expected): Promise<void> {
  const { service, callers, plainCaller } = of;
  const rare = plainCaller
    ? await Caller.of('orion-batch', plainCaller)
    : undefined;
  await eventually(async () => {
    await rare?.send(`${service}.orion`);
    const rates = await measuredRates(service);
    for (const caller of plainCaller ? [...callers, plainCaller] : callers) {
      expect(rates).toHaveProperty(caller);
      expect(rates[caller]).toBeGreaterThan(0);
    }
  }, 60);
}

async function open(portal: Portal, service: string, tab?: Tab): Promise<void> {
  await portal.visitComponent(service, tab, WINDOW);
  expect(await portal.verdict()).not.toMatch(/not known|does not answer/i);
}

async function seesOverview(portal: Portal, of: Expected): Promise<void> {
  await open(portal, of.service);
  await eventually(async () => {
    const shown = numberIn(await figure(portal, 'Requests'));
    const rates = Object.values(await measuredRates(of.service));
    const measured = rates.reduce((sum, rate) => sum + rate, 0);
    expect(shown).toBeGreaterThan(measured * AS_MEASURED.least);
    expect(shown).toBeLessThan(measured * AS_MEASURED.most);
    expect(shown).toBeGreaterThan(0);
  });
  expect(await figure(portal, 'Errors')).toMatch(/^[\d.]+ %$/);
  expect(numberIn(await figure(portal, 'p99'))).toBeGreaterThan(1);
  const encrypted = numberIn(await figure(portal, 'mTLS'));
  expect(encrypted).toBeGreaterThan(50);
  expect(encrypted === 100).toBe(of.plainCaller === undefined);
}

async function seesRoutes(portal: Portal, of: Expected): Promise<void> {
  await open(portal, of.service, 'routes');
  const first = await rule(portal, 1).innerText();
  expect(first).toMatch(/\d pods?/);
  expect(first).toMatch(/[\d.]+ % errors/);
  for (const version of of.versions ?? []) {
    expect(first).toMatch(
      new RegExp(`\\(now [\\d.]*[1-9][\\d.]* %\\)\\s+${version}`),
    );
  }
  const around = await portal.section('Around this service').innerText();
  of.callers.forEach(caller => expect(around).toContain(caller));
}

async function seesSecurity(portal: Portal, of: Expected): Promise<void> {
  await open(portal, of.service, 'security');
  for (const caller of of.callers) {
    const row = await callerRow(portal, caller).first().innerText();
    expect(row).toMatch(/([1-9]|< 0\.01).* req\/s\s+yes\b/);
  }
  if (of.plainCaller) {
    expect(await callerRow(portal, of.plainCaller).innerText()).toMatch(
      /req\/s\s+NO\b/,
    );
    expect(await portal.section('Callers').innerText()).toMatch(
      new RegExp(`${of.plainCaller}.*STRICT would block it`, 's'),
    );
  }
  await portal.page.getByRole('button', { name: /^Certificates/ }).click();
  const certificates = portal.page.getByRole('table', { name: 'Certificates' });
  expect(await certificates.innerText()).toMatch(
    /ends (within a day|in \d+ days?)/,
  );
}

async function seesTraces(portal: Portal, of: Expected): Promise<void> {
  const { page } = portal;
  await open(portal, of.service, 'traces');
  const list = page.getByRole('table', { name: 'Traces found' });
  await list.waitFor();
  expect(await list.getByRole('row').count()).toBeGreaterThan(10);
  // The newest may be on its way still.
  await list.getByRole('link').last().click();
  const grid = page.getByRole('treegrid', { name: /^Spans/ });
  await grid
    .getByRole('row', { name: new RegExp(`^${of.service},`) })
    .first()
    .waitFor();
  expect(await grid.getByRole('row').count()).toBeGreaterThan(3);
}

async function seesCanary(portal: Portal, of: Expected): Promise<void> {
  await open(portal, of.service, 'canary');
  if (!of.versions) {
    await portal.page.getByText('No versions to compare').waitFor();
    return;
  }
  const rates = await versionsRow(portal, 'Requests').innerText();
  const figures = [...rates.matchAll(/([\d.]+) req\/s/g)].map(([, rate]) =>
    Number(rate),
  );
  expect(figures).toHaveLength(of.versions.length);
  figures.forEach(rate => expect(rate).toBeGreaterThan(0));
  expect(await versionsRow(portal, 'p99').innerText()).toMatch(
    /\d ms\s+.*\d ms/,
  );
  for (const chart of ['Requests', 'p99']) {
    const lines = portal.section(chart).locator('[data-version]');
    expect(await lines.count()).toBe(of.versions.length);
  }
}

async function seesTopology(portal: Portal, of: Expected): Promise<void> {
  await open(portal, of.service, 'topology');
  const calls = portal.page.getByRole('table', { name: 'Calls' });
  const { service, callers, plainCaller, calls: called } = of;
  const pairs = [
    ...callers.map(caller => [caller, service, 'mTLS']),
    ...(plainCaller ? [[plainCaller, service, 'plain']] : []),
    ...called.map(callee => [service, callee, 'mTLS']),
  ];
  for (const [from, to, how] of pairs) {
    const row = calls.getByRole('row', { name: new RegExp(`^${from} ${to} `) });
    expect(await row.innerText()).toMatch(
      new RegExp(`([1-9]|< 0\\.01).* req/s.*\\d m?s\\s+${how}`, 's'),
    );
  }
}

const TABS = {
  Overview: seesOverview,
  Routes: seesRoutes,
  mTLS: seesSecurity,
  Traces: seesTraces,
  Canary: seesCanary,
  Topology: seesTopology,
};

describe('what the pages show of a real mesh', () => {
  for (const of of SERVICES) {
    onPortal(
      `is on all tabs of ${of.service}`,
      async portal => {
        await untilMeasured(of);
        for (const [tab, see] of Object.entries(TABS)) {
          await see(portal, of);
          await portal.photograph(`${of.service} ${tab}`);
        }
      },
      120,
    );
  }
});

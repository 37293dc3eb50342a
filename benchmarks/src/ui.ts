import type { FleetPage } from '@meshdeck/plugin-mesh-common';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { dirname, join, resolve } from 'path';
import { existsSync } from 'fs';
import { parseArgs } from 'util';
import { median } from './measure';
import { say } from './say';
import { gzipBytes, ownText } from './uiBundle';
import {
  atRest,
  bytesBeyond,
  clickToContent,
  largeFleet,
  scriptsOf,
  syntheticTrace,
  worstFrame,
} from './uiVisits';

const ROOT = resolve(
  dirname(require.resolve('@meshdeck/demo-mesh/package.json')),
  '../..',
);
const { bootstrap } = require(join(ROOT, 'scripts/bootstrap.cjs'));
const { openStage } = require(join(ROOT, 'scripts/stage.cjs'));

const ENTITY = '/catalog/default/component/auth-service';
/** An entity's page on which there is nothing of the mesh. */
const SHELL = '/catalog/default/group/team-identity';
const CONTENT = {
  routes: '[aria-label="Rules"]',
  security: '[aria-label="Callers"]',
  traces: 'table[aria-label="Traces found"]',
  canary: 'table[aria-label="Versions"]',
};
type Tab = keyof typeof CONTENT;
const TABS = Object.keys(CONTENT) as Tab[];

interface UiResult {
  startBytesGzip: number;
  tabs: Record<Tab, { bytesGzip: number; clickToContentMs: number }>;
  trace: { spans: number; worstFrameMs: number };
  fleet: { rows: number; usableMs: number };
}

const { values } = parseArgs({
  options: {
    spans: { type: 'string', default: '10000' },
    services: { type: 'string', default: '5000' },
    clicks: { type: 'string', default: '9' },
    seconds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
});
const spans = Number(values.spans);
const services = Number(values.services);
const clicks = Number(values.clicks);
const seconds = Number(values.seconds);

function browserPath(): string {
  const found = [
    process.env.CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ].find(path => path && existsSync(path));
  if (!found) {
    throw new Error(
      'No Chromium or Chrome was found. Set CHROMIUM to the path of one.',
    );
  }
  return found;
}

function newContext(browser: Browser): Promise<BrowserContext> {
  return browser.newContext({
    viewport: { width: 1400, height: 1000 },
    reducedMotion: 'reduce',
  });
}

/** What each page makes the browser load; every visit with an empty cache. */
async function bytes(browser: Browser, base: string) {
  const visit = async (path: string, content: string) => {
    const context = await newContext(browser);
    const scripts = await scriptsOf(context, `${base}${path}`, content);
    await context.close();
    return scripts;
  };
  const shell = await visit(SHELL, 'h1');
  const own = [...shell.keys()].map(name =>
    ownText(join(ROOT, 'packages/app/dist/static', name)),
  );
  const tabs: Partial<Record<Tab, number>> = {};
  for (const tab of TABS) {
    tabs[tab] = bytesBeyond(
      await visit(`${ENTITY}/mesh-${tab}`, CONTENT[tab]),
      shell,
    );
  }
  return {
    startBytesGzip: gzipBytes(own.join('')),
    tabs: tabs as Record<Tab, number>,
  };
}

/** Clicks on tabs that were open before: what is measured is the page, the backend's answer and the drawing of it. */
async function tabClicks(browser: Browser, base: string) {
  const context = await newContext(browser);
  const page = await context.newPage();
  await page.goto(`${base}${ENTITY}`);
  const times: Record<Tab, number[]> = {
    routes: [],
    security: [],
    traces: [],
    canary: [],
  };
  await page.waitForSelector(`nav a[href*="mesh-canary"]`);
  for (let round = 0; round <= clicks; round++) {
    for (const tab of TABS) {
      const elapsed = await clickToContent(
        page,
        `nav a[href*="${ENTITY}/mesh-${tab}"]`,
        CONTENT[tab],
      );
      // The first round loads the tabs.
      if (round > 0) times[tab].push(elapsed);
      await atRest(page);
    }
  }
  await context.close();
  return times;
}

async function trace(browser: Browser, base: string): Promise<number> {
  const context = await newContext(browser);
  const page = await context.newPage();
  await page.route(/\/api\/mesh\/v1\/.*\/traces\/[^/?]+$/, handled =>
    handled.fulfill({ json: syntheticTrace(spans) }),
  );
  await page.goto(`${base}${ENTITY}/mesh-traces?trace=feedface`);
  await page.waitForSelector('[role=treegrid]');
  await atRest(page);
  const worst = await worstFrame(page, '[role=treegrid]', seconds);
  await context.close();
  return worst;
}

/** From the click on "Mesh" in the sidebar until the first row; the backend's real answer is grown on its way. */
async function fleet(browser: Browser, base: string): Promise<number[]> {
  const context = await newContext(browser);
  const page = await context.newPage();
  let grown: FleetPage | undefined;
  await page.route(/\/api\/mesh\/v1\/fleet\/services\?/, async handled => {
    if (!grown) {
      const limit = Number(
        new URL(handled.request().url()).searchParams.get('limit') ?? '100',
      );
      const response = await handled.fetch();
      grown = largeFleet(await response.json(), services, limit);
    }
    await handled.fulfill({ json: grown });
  });
  const times: number[] = [];
  for (let round = 0; round <= 5; round++) {
    await page.goto(`${base}${ENTITY}`);
    await page.waitForSelector('nav a[href="/mesh"], a[href="/mesh"]');
    await atRest(page);
    const elapsed = await clickToContent(
      page,
      'a[href="/mesh"]',
      'table tbody tr',
    );
    if (round > 0) times.push(elapsed);
  }
  await context.close();
  return times;
}

async function measureAll(browser: Browser, base: string): Promise<UiResult> {
  const weights = await bytes(browser, base);
  say(`start        ${weights.startBytesGzip} B gzip`);
  const times = await tabClicks(browser, base);
  const tabs = Object.fromEntries(
    TABS.map(tab => [
      tab,
      {
        bytesGzip: weights.tabs[tab],
        clickToContentMs: Math.round(median(times[tab])),
      },
    ]),
  ) as UiResult['tabs'];
  for (const [tab, { bytesGzip, clickToContentMs }] of Object.entries(tabs)) {
    say(
      `${tab.padEnd(
        12,
      )} ${bytesGzip} B gzip, content after ${clickToContentMs} ms`,
    );
  }
  const worstFrameMs = Math.round((await trace(browser, base)) * 10) / 10;
  say(`trace        ${spans} spans, worst frame ${worstFrameMs} ms`);
  const usableMs = Math.round(median(await fleet(browser, base)));
  say(`fleet        ${services} services, usable after ${usableMs} ms`);
  return {
    startBytesGzip: weights.startBytesGzip,
    tabs,
    trace: { spans, worstFrameMs },
    fleet: { rows: services, usableMs },
  };
}

async function main() {
  const executablePath = browserPath();
  // The stage speaks on standard output, which is the result's alone.
  const write = process.stdout.write;
  process.stdout.write = process.stderr.write.bind(process.stderr);
  const stage = await openStage(await bootstrap());
  try {
    const browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run'],
    });
    try {
      const result = await measureAll(browser, stage.base);
      process.stdout.write = write;
      if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
    } finally {
      await browser.close();
    }
  } finally {
    await stage.stop();
  }
}

main().catch(error => {
  say(error.stack);
  process.exitCode = 1;
});

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  chromium,
  type BrowserContext,
  type Locator,
  type Page,
} from 'playwright-core';
import { CHROMIUM, PORTAL_URL, PROFILE, RESULTS } from './stage';

/** A condition that does not come within this is a failure. */
const PATIENCE_MS = 15_000;

export type Tab = 'routes' | 'security' | 'traces' | 'canary' | 'topology';

export type Size = { width: number; height: number };

export const DESKTOP: Size = { width: 1400, height: 1000 };

let browser: Promise<BrowserContext> | undefined;

/** One profile for all files, as a person has: the app's scripts are fetched and compiled once. */
function openBrowser(): Promise<BrowserContext> {
  browser ??= chromium.launchPersistentContext(PROFILE, {
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
    viewport: DESKTOP,
    colorScheme: 'light',
    locale: 'en-GB',
    reducedMotion: 'reduce',
  });
  return browser;
}

afterAll(async () => {
  await (await browser)?.close();
});

/** Whatever the pages of this origin have stored, so that no test sees what another one did. */
async function forget(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.clearDataForOrigin', {
    origin: PORTAL_URL,
    storageTypes: 'cookies,local_storage,indexeddb,service_workers',
  });
  await session.detach();
}

function imageOf(name: string): string {
  mkdirSync(RESULTS, { recursive: true });
  return join(RESULTS, `${name.replace(/[^a-z0-9]+/gi, '-')}.png`);
}

/** The portal as the guest sees it, in a window of its own that knows of no other. Keeps whatever goes wrong in the page. */
export class Portal {
  private readonly troubles: string[] = [];
  private readonly provoked: RegExp[] = [];

  static async open(): Promise<Portal> {
    const context = await openBrowser();
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    await forget(page);
    return new Portal(context, page);
  }

  private constructor(
    private readonly context: BrowserContext,
    readonly page: Page,
  ) {
    page.on('console', message => {
      if (message.type() === 'error') {
        const { url } = message.location();
        this.troubles.push(`console: ${message.text()} (${url})`);
      }
    });
    page.on('pageerror', error => {
      this.troubles.push(`page: ${error.stack ?? error.message}`);
    });
    page.on('requestfailed', request => {
      const why = request.failure()?.errorText;
      // A page that is left drops what it asked for.
      if (why !== 'net::ERR_ABORTED') {
        this.troubles.push(`request: ${request.url()} ${why}`);
      }
    });
    page.on('response', response => {
      if (response.status() >= 400) {
        this.troubles.push(`answer: ${response.status()} ${response.url()}`);
      }
    });
  }

  /** A trouble that the test makes itself. */
  provokes(trouble: RegExp): void {
    this.provoked.push(trouble);
  }

  unprovokedTroubles(): string[] {
    return this.troubles.filter(
      trouble => !this.provoked.some(pattern => pattern.test(trouble)),
    );
  }

  async visit(path: string): Promise<void> {
    await this.page.goto(`${PORTAL_URL}${path}`);
  }

  /** The page of a component: its overview or one of the mesh's tabs. */
  async visitComponent(name: string, tab?: Tab, search = ''): Promise<void> {
    await this.visit(
      `/catalog/default/component/${name}${tab ? `/mesh-${tab}` : ''}${search}`,
    );
    await this.main.getByRole('heading', { name, exact: true }).waitFor();
  }

  get main(): Locator {
    return this.page.getByRole('main');
  }

  /** The tabs of the entity's page. */
  get tabs(): Locator {
    return this.page
      .getByRole('navigation', { name: 'Content navigation' })
      .getByRole('link');
  }

  async openTab(title: string): Promise<void> {
    const tab = this.tabs.filter({ hasText: title });
    await tab.click();
    await tab.and(this.page.locator('[aria-current=page]')).waitFor();
  }

  /** The overview of a component, then each of its tabs, as somebody goes through them. */
  async onEachTab(
    component: string,
    see: (tab: string) => Promise<unknown>,
  ): Promise<void> {
    await this.visit(`/catalog/default/component/${component}`);
    await see('Overview');
    for (const tab of ['Routes', 'mTLS', 'Traces', 'Canary']) {
      // In a narrow window the tabs are folded up.
      await this.page.setViewportSize(DESKTOP);
      await this.openTab(tab);
      await see(tab);
    }
  }

  /** The sentence that answers "is it all right?". */
  async verdict(): Promise<string> {
    const line = this.page.getByRole('status').filter({
      hasText: /^(All right|Needs attention|Broken|Not known)/,
    });
    return (await line.first().innerText()).replace(/\s+/g, ' ').trim();
  }

  /** A part of the page under its heading. */
  section(title: string): Locator {
    return this.page.getByRole('article').filter({
      has: this.page.getByRole('heading', { name: title, exact: true }),
    });
  }

  /** Chooses an option of a select, as the mouse does. */
  async choose(label: RegExp, option: string | RegExp): Promise<void> {
    await this.page.getByRole('button', { name: label }).click();
    await this.page.getByRole('option', { name: option }).click();
  }

  /** Chooses one of Backstage's own themes, as its settings in another window of the browser would. */
  async chooseTheme(id: 'light' | 'dark'): Promise<void> {
    await this.page.evaluate(theme => {
      localStorage.setItem('theme', theme);
      window.dispatchEvent(new StorageEvent('storage', { key: 'theme' }));
    }, id);
    await this.page
      .locator(`body[data-theme-name=backstage][data-theme-mode=${id}]`)
      .waitFor();
  }

  /** Until nothing is asked for any more and the browser has drawn what came. */
  async atRest(): Promise<void> {
    await this.page.waitForLoadState('networkidle');
    await this.page.evaluate(
      () =>
        new Promise(resolve => {
          // A busy browser may never be idle.
          requestIdleCallback(() => requestAnimationFrame(resolve), {
            timeout: 2000,
          });
        }),
    );
  }

  async photograph(name: string): Promise<void> {
    await this.page.screenshot({ path: imageOf(name), fullPage: true });
  }

  /** What is over the page covers no more of it than the window. */
  async photographWindow(name: string): Promise<void> {
    await this.page.screenshot({ path: imageOf(name) });
  }

  async close(): Promise<void> {
    await this.context.clearPermissions();
    await this.page.close();
  }
}

/** A test in a browser of its own. It fails on any trouble in the page that it did not provoke. */
export function onPortal(
  name: string,
  body: (portal: Portal) => Promise<void>,
  withinSeconds = 60,
): void {
  it(
    name,
    async () => {
      const portal = await Portal.open();
      try {
        await body(portal);
        expect(portal.unprovokedTroubles()).toEqual([]);
      } catch (error) {
        // A page too busy to be photographed must not hide why.
        await portal.photograph(`failed ${name}`).catch(() => undefined);
        throw error;
      } finally {
        await portal.close();
      }
    },
    withinSeconds * 1000,
  );
}

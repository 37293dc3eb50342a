import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DESKTOP, onPortal, type Portal, type Size, type Tab } from './portal';

const ROOT = join(__dirname, '..');
const IMAGES = join(ROOT, 'docs', 'images');
/** More makes the repository heavy to clone and its front page slow. */
const MOST_BYTES = 250_000;
/** Of a long page its beginning is shown. */
const MOST_HEIGHT = 1400;
const LIST_HEIGHT = 1000;

/** `UPDATE_IMAGES=1 npm run e2e -- images` takes them again. */
const isUpdate = process.env.UPDATE_IMAGES === '1';

interface Picture {
  name: string;
  open(portal: Portal): Promise<void>;
  scheme?: 'dark';
  width?: number;
  mostHeight?: number;
}

async function openTab(
  portal: Portal,
  tab: Tab | undefined,
  heading: string,
): Promise<void> {
  await portal.visitComponent('auth-service', tab);
  await portal.verdict();
  await portal.section(heading).waitFor();
}

const routes = (portal: Portal) =>
  openTab(portal, 'routes', 'Around this service');

async function fleet(portal: Portal): Promise<void> {
  await portal.visit('/mesh');
  await portal.page.getByRole('row').nth(20).waitFor();
}

async function waterfall(portal: Portal): Promise<void> {
  const { page } = portal;
  await portal.visitComponent('auth-service', 'traces', '?min=100');
  const found = page.getByRole('table', { name: 'Traces found' });
  await found.getByRole('link').first().click();
  await page
    .getByRole('row', { name: /critical path/ })
    .nth(3)
    .waitFor();
}

const PICTURES: Picture[] = [
  { name: 'overview', open: portal => openTab(portal, undefined, 'Mesh') },
  { name: 'routes', open: routes },
  { name: 'routes-dark', open: routes, scheme: 'dark' },
  { name: 'routes-narrow', open: routes, width: 360 },
  { name: 'mtls', open: portal => openTab(portal, 'security', 'Try a call') },
  { name: 'traces', open: waterfall },
  { name: 'canary', open: portal => openTab(portal, 'canary', 'p99') },
  { name: 'topology', open: portal => openTab(portal, 'topology', 'Calls') },
  { name: 'fleet', open: fleet, mostHeight: LIST_HEIGHT },
  {
    name: 'fleet-dark',
    open: fleet,
    scheme: 'dark',
    mostHeight: LIST_HEIGHT,
  },
];

/** The window as high as the page, within bounds, so that nothing sticks to its edge and covers the rest. */
async function heighten({ page }: Portal, most: Size): Promise<void> {
  const height = await page.evaluate(
    () => document.scrollingElement!.scrollHeight,
  );
  await page.setViewportSize({
    width: most.width,
    height: Math.min(height, most.height),
  });
}

describe('the images of the documents', () => {
  for (const picture of isUpdate ? PICTURES : []) {
    const { name, open, scheme = 'light', width = DESKTOP.width } = picture;
    onPortal(`${name} is taken again`, async portal => {
      const { page } = portal;
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: DESKTOP.height });
      await open(portal);
      const { mostHeight = MOST_HEIGHT } = picture;
      await heighten(portal, { width, height: mostHeight });
      // Charts and Backstage's own cards draw themselves once more for the new size.
      await portal.atRest();
      await page.screenshot({ path: join(IMAGES, `${name}.png`) });
    });
  }

  it('are small, and each is shown', () => {
    const known = readdirSync(IMAGES).sort();
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const shown = [...readme.matchAll(/docs\/images\/([\w-]+\.png)/g)];
    expect([...new Set(shown.map(([, name]) => name))].sort()).toEqual(known);
    expect(known).toEqual(PICTURES.map(({ name }) => `${name}.png`).sort());
    expect(
      known.filter(name => statSync(join(IMAGES, name)).size > MOST_BYTES),
    ).toEqual([]);
  });
});

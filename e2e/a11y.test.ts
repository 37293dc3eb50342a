import { DESKTOP, onPortal, type Portal, type Tab } from './portal';
import { settled, violations } from './violations';

interface Page {
  title: string;
  open(portal: Portal): Promise<unknown>;
  /** Waits for what the page is about. */
  isThere(portal: Portal): Promise<unknown>;
  /** What of the page the plugin draws; by default all of its main part, and nothing where it draws none. */
  ours?: string | false;
  /** Another theme draws the app again, and closes what was opened over it. */
  reopens?: boolean;
}

const tracesOf = ({ page }: Portal) =>
  page.getByRole('table', { name: 'Traces found' });

const openTrace = async (portal: Portal) => {
  await portal.visitComponent('auth-service', 'traces');
  await tracesOf(portal).getByRole('link').first().click();
};

const tabOf =
  (component: string, tab?: Tab, search?: string): Page['open'] =>
  portal =>
    portal.visitComponent(component, tab, search);

const PAGES: Page[] = [
  {
    title: 'overview',
    ours: 'article:has(> * h2:text-is("Mesh"))',
    open: tabOf('auth-service'),
    isThere: portal => portal.verdict(),
  },
  {
    title: 'routes',
    open: tabOf('auth-service', 'routes'),
    isThere: ({ page }) => page.getByRole('list', { name: 'Rules' }).waitFor(),
  },
  {
    title: 'mtls',
    // What is folded can be looked at only where it is open.
    open: tabOf(
      'auth-service',
      'security',
      '?open=matrix,certificates,tokens,policies,opinion',
    ),
    isThere: ({ page }) =>
      page.getByRole('table', { name: 'Certificates' }).waitFor(),
  },
  {
    title: 'traces',
    open: tabOf('auth-service', 'traces'),
    isThere: portal => tracesOf(portal).waitFor(),
  },
  {
    title: 'an open trace',
    open: openTrace,
    isThere: ({ page }) => page.getByRole('treegrid').waitFor(),
  },
  {
    title: 'a span',
    ours: '[role=dialog]',
    reopens: true,
    open: async portal => {
      await openTrace(portal);
      await portal.page.getByRole('treegrid').focus();
      await portal.page.keyboard.press('Enter');
    },
    isThere: ({ page }) => page.getByRole('dialog').waitFor(),
  },
  {
    title: 'canary',
    open: tabOf('auth-service', 'canary'),
    isThere: portal => portal.section('Versions side by side').waitFor(),
  },
  ...['notification-service', 'customer-service'].map(component => ({
    title: `canary of ${component}, which a tool drives`,
    open: tabOf(component, 'canary'),
    isThere: (portal: Portal) => portal.section('Rollout').waitFor(),
  })),
  {
    title: 'topology',
    open: tabOf('auth-service', 'topology'),
    isThere: portal => portal.verdict(),
  },
  {
    title: 'fleet',
    open: portal => portal.visit('/mesh'),
    isThere: ({ page }) => page.getByRole('table').first().waitFor(),
  },
  {
    title: 'changes of all services',
    open: portal => portal.visit('/mesh?section=changes'),
    isThere: ({ page }) =>
      page.getByRole('heading', { name: 'Changes', exact: true }).waitFor(),
  },
  {
    title: 'a mistake in the catalog',
    open: tabOf('no-annotation', 'routes'),
    isThere: ({ page }) =>
      page.getByRole('button', { name: 'Copy these lines' }).waitFor(),
  },
  {
    title: 'onboarding form',
    ours: false,
    open: portal => portal.visit('/create/templates/default/onboard-to-mesh'),
    isThere: ({ page }) =>
      page.getByRole('textbox', { name: /^Name/ }).waitFor(),
  },
];

/** Shows a page light and dark in each of the widths, and collects what is found. */
async function inEachLook(
  portal: Portal,
  { open, isThere, reopens }: Page,
  options: {
    widths: number[];
    show(scheme: 'light' | 'dark'): Promise<void>;
    find(): Promise<string[]>;
  },
): Promise<Record<string, string[]>> {
  const { page } = portal;
  const { widths, show, find } = options;
  const found: Record<string, string[]> = {};
  for (const scheme of ['light', 'dark'] as const) {
    await show(scheme);
    for (const width of widths) {
      await page.setViewportSize({ width, height: DESKTOP.height });
      if (reopens) await open(portal);
      await isThere(portal);
      const here = await settled(find);
      if (here.length) found[`${scheme} ${width}`] = here;
    }
  }
  return found;
}

describe('axe finds nothing', () => {
  for (const examined of PAGES) {
    const { title, open, isThere, ours = 'main' } = examined;
    onPortal(
      `${title}: the whole page; in Backstage’s own colours the plugin’s part`,
      async portal => {
        const { page } = portal;
        await open(portal);
        await isThere(portal);
        // What others draw on the page comes later, maybe.
        await page.waitForLoadState('networkidle');
        expect(
          await inEachLook(portal, examined, {
            widths: [DESKTOP.width, 360],
            show: colorScheme => page.emulateMedia({ colorScheme }),
            find: () => violations(portal),
          }),
        ).toEqual({});
        if (!ours) return;
        // Another theme changes colours alone, and those are the same in each width.
        expect(
          await inEachLook(portal, examined, {
            widths: [DESKTOP.width],
            show: scheme => portal.chooseTheme(scheme),
            find: () =>
              violations(portal, {
                part: page.locator(ours).first(),
                tag: 'cat.color',
              }),
          }),
        ).toEqual({});
      },
      120,
    );
  }
});

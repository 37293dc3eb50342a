import { readFileSync } from 'node:fs';
import type axeCore from 'axe-core';
import { eventually } from './eventually';
import { DESKTOP, onPortal, type Portal, type Tab } from './portal';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** For a theme to be drawn in full. */
const SETTLED_WITHIN_SECONDS = 5;

interface Page {
  title: string;
  open(portal: Portal): Promise<void>;
  /** The part of the page that is ours; by default all of its main part. */
  part?: string;
  /** Another theme draws the app anew, and closes what was opened over it. */
  reopens?: boolean;
  /** Backstage draws its controls: its theme answers for what WCAG asks beyond AA. */
  isDrawnByBackstage?: boolean;
}

const tracesOf = ({ page }: Portal) =>
  page.getByRole('table', { name: 'Traces found' });

/** A tab of a component, once something that it is about is there. */
const tabOf =
  (
    component: string,
    tab: Tab | undefined,
    isThere: (portal: Portal) => Promise<unknown>,
  ): Page['open'] =>
  async portal => {
    await portal.visitComponent(component, tab);
    await isThere(portal);
  };

const PAGES: Page[] = [
  {
    title: 'overview card',
    part: 'article:has(> * h2:text-is("Mesh"))',
    open: tabOf('auth-service', undefined, portal => portal.verdict()),
  },
  {
    title: 'routes',
    open: tabOf('auth-service', 'routes', ({ page }) =>
      page.getByRole('list', { name: 'Rules' }).waitFor(),
    ),
  },
  {
    title: 'mtls',
    open: tabOf('auth-service', 'security', portal =>
      portal.section('mTLS per port').waitFor(),
    ),
  },
  {
    title: 'traces',
    open: tabOf('auth-service', 'traces', portal => tracesOf(portal).waitFor()),
  },
  {
    title: 'an open trace',
    open: async portal => {
      await portal.visitComponent('auth-service', 'traces');
      await tracesOf(portal).getByRole('link').first().click();
      await portal.page.getByRole('treegrid').waitFor();
    },
  },
  {
    title: 'a span',
    part: '[role=dialog]',
    reopens: true,
    open: async portal => {
      await portal.visitComponent('auth-service', 'traces');
      const { page } = portal;
      await tracesOf(portal).getByRole('link').first().click();
      await page.getByRole('treegrid').focus();
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    title: 'canary',
    open: tabOf('auth-service', 'canary', portal =>
      portal.section('Versions side by side').waitFor(),
    ),
  },
  ...['notification-service', 'customer-service'].map(component => ({
    title: `canary of ${component}, which a tool drives`,
    open: tabOf(component, 'canary', portal =>
      portal.section('Rollout').waitFor(),
    ),
  })),
  {
    title: 'topology',
    open: tabOf('auth-service', 'topology', portal => portal.verdict()),
  },
  {
    title: 'fleet',
    open: async portal => {
      await portal.visit('/mesh');
      await portal.page.getByRole('table').first().waitFor();
    },
  },
  {
    title: 'a mistake in the catalog',
    open: async portal => {
      await portal.visitComponent('no-annotation', 'routes');
      await portal.page
        .getByRole('button', { name: 'Copy these lines' })
        .waitFor();
    },
  },
  {
    title: 'onboarding form',
    part: 'form',
    isDrawnByBackstage: true,
    open: async portal => {
      await portal.visit('/create/templates/default/onboard-to-mesh');
      await portal.page.getByRole('textbox', { name: /^Name/ }).waitFor();
    },
  },
];

/**
 * All of axe's rules on our part of the page. Backstage's own shell around it is not ours to mend: the sidebar, the header
 * and the tab bar of an entity, other plugins' cards, and the form fields that the scaffolder draws for any template.
 */
async function violations(
  portal: Portal,
  { part = 'main', isDrawnByBackstage }: Page,
): Promise<string[]> {
  const { page } = portal;
  await page.evaluate(AXE);
  const ours = await page.locator(part).first().elementHandle();
  return page.evaluate(
    async ([element, beyond]) => {
      const { axe } = window as unknown as { axe: typeof axeCore };
      const { violations: found } = await axe.run(
        {
          include: [element],
          exclude: [
            ['[class^="bui-Header"]'],
            ['main header'],
            ['main nav[aria-label="Content navigation"]'],
          ],
        },
        {
          runOnly: axe
            .getRules()
            .map(({ ruleId }) => ruleId)
            .filter(rule => rule !== beyond),
        },
      );
      return found.flatMap(({ id, impact, nodes }) =>
        nodes.map(
          ({ target, html, failureSummary }) =>
            `${id} (${impact}) at ${target}: ${html.slice(
              0,
              160,
            )} ${failureSummary}`,
        ),
      );
    },
    [ours, isDrawnByBackstage ? 'color-contrast-enhanced' : undefined] as const,
  );
}

/** What axe still finds once a page that was drawn anew has come to rest. */
async function settledViolations(
  portal: Portal,
  examined: Page,
): Promise<string[]> {
  let found: string[] = [];
  await eventually(async () => {
    found = await violations(portal, examined);
    expect(found).toEqual([]);
  }, SETTLED_WITHIN_SECONDS).catch(() => undefined);
  return found;
}

describe('axe finds nothing in our parts', () => {
  for (const examined of PAGES) {
    const { title, open, part = 'main', reopens } = examined;
    onPortal(
      `${title}: light and dark, wide and narrow`,
      async portal => {
        const { page } = portal;
        const found: Record<string, string[]> = {};
        await open(portal);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          for (const width of [DESKTOP.width, 360]) {
            await page.setViewportSize({ width, height: DESKTOP.height });
            if (reopens) await open(portal);
            else await page.locator(part).first().waitFor();
            const here = await settledViolations(portal, examined);
            if (here.length) found[`${colorScheme} ${width}`] = here;
          }
        }
        expect(found).toEqual({});
      },
      120,
    );
  }
});

import { eventually } from './eventually';
import { DESKTOP, onPortal, type Portal, type Tab } from './portal';

const PAGES: { title: string; tab?: Tab; headings: string[] }[] = [
  { title: 'overview', headings: ['Mesh'] },
  {
    title: 'routes',
    tab: 'routes',
    headings: [
      'What happens to a request',
      'Try a request',
      'Findings',
      'Around this service',
    ],
  },
  {
    title: 'mtls',
    tab: 'security',
    headings: [
      'mTLS per port',
      'Callers',
      'Try a call',
      'Change who gets in, and how it runs',
    ],
  },
  { title: 'traces', tab: 'traces', headings: ['Traces'] },
  {
    title: 'canary',
    tab: 'canary',
    headings: [
      'Versions side by side',
      'Move traffic',
      'Errors',
      'p50',
      'p99',
      'Saturation',
    ],
  },
  {
    title: 'topology',
    tab: 'topology',
    headings: ['Who calls whom', 'Calls', 'Services and versions'],
  },
];

const CONTROL =
  /^\s*- '?(button|link|textbox|slider|radio|checkbox|switch|combobox|table|treegrid|region|navigation|dialog|img)\b(?! ")/;

/** Controls and landmarks of the mesh's part of the page that have no name. */
async function nameless(portal: Portal, headings: string[]): Promise<string[]> {
  const parts = await Promise.all(
    headings.map(heading => portal.section(heading).ariaSnapshot()),
  );
  return (
    parts
      .flatMap(part => part.split('\n'))
      .filter(line => CONTROL.test(line))
      // What only decorates a named control.
      .filter(line => !/^\s*- img$/.test(line))
  );
}

/** How much wider than the window the page is, and what is too wide. */
function overflow(portal: Portal): Promise<string[]> {
  return portal.page.evaluate(() => {
    const { scrollWidth } = document.scrollingElement!;
    return scrollWidth <= window.innerWidth
      ? []
      : [
          `${scrollWidth} of ${window.innerWidth}`,
          ...[...document.querySelectorAll('main *')]
            .filter(
              element =>
                element.getBoundingClientRect().right > window.innerWidth,
            )
            .slice(0, 8)
            .map(element => `${element.tagName}.${element.className}`),
        ];
  });
}

function heightOf(portal: Portal): Promise<number> {
  return portal.page.evaluate(() => document.scrollingElement!.scrollHeight);
}

describe('looks of auth-service', () => {
  for (const { title, tab, headings } of PAGES) {
    onPortal(`${title}: wide and narrow, light and dark`, async portal => {
      const { page } = portal;
      await portal.visitComponent('auth-service', tab);
      const allThere = async () => {
        await portal.verdict();
        for (const heading of headings) {
          await portal.section(heading).waitFor();
        }
      };
      await allThere();
      expect(await page.getByRole('main').count()).toBe(1);
      expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
      expect(await nameless(portal, headings)).toEqual([]);

      const backgrounds = new Set<string>();
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        for (const width of [DESKTOP.width, 360]) {
          await page.setViewportSize({ width, height: DESKTOP.height });
          // Another theme draws the app again.
          await allThere();
          // Backstage's tab bar measures itself first, and folds up then.
          await eventually(async () =>
            expect(await overflow(portal)).toEqual([]),
          );
          // As high as the page, so that what sticks to the window's edge covers nothing.
          await page.setViewportSize({ width, height: await heightOf(portal) });
          await portal.photograph(`${title} ${colorScheme} ${width}`);
        }
        backgrounds.add(
          await page.evaluate(
            () => getComputedStyle(document.body).backgroundColor,
          ),
        );
      }
      expect(backgrounds.size).toBe(2);
    });
  }
});

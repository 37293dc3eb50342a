import type { Locator } from 'playwright-core';
import { previewOf } from './changing';
import { intentCase, PLACE, SERVICE } from './intentCases';
import { DESKTOP, onPortal, type Tab } from './portal';
import { settled, violations } from './violations';

const NARROW = { width: 360, height: 740 };

const SHOWN: [Tab, string][] = [
  ['routes', 'Fault for a time: rule 1'],
  ['routes', 'Circuit breaker: this service'],
  ['routes', 'Edit…'],
  ['security', 'Deny by default: this service'],
];

/** What does not fit the window, or stands out of the dialog sideways. */
function misfits(dialog: Locator): Promise<string[]> {
  return dialog.evaluate(element => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const isInside =
      left >= 0 &&
      right <= window.innerWidth &&
      top >= 0 &&
      bottom <= window.innerHeight;
    // Tables and text scroll sideways by themselves.
    const outside = [...element.querySelectorAll('*')].filter(
      part =>
        part.getBoundingClientRect().right > right + 1 &&
        !part.closest('table'),
    );
    return [
      ...(isInside ? [] : [`the dialog: ${[left, top, right, bottom]}`]),
      ...outside.map(part => `${part.tagName} ${part.textContent}`),
    ];
  });
}

describe('forms and previews', () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    onPortal(
      `fit a wide and a narrow window, and are legible: ${colorScheme}`,
      async portal => {
        const { page } = portal;
        const found: Record<string, string[]> = {};
        const look = async (name: string, dialog: Locator) => {
          const here: string[] = [];
          for (const size of [DESKTOP, NARROW]) {
            await page.setViewportSize(size);
            here.push(...(await misfits(dialog)));
            await portal.photographWindow(
              `${name} ${colorScheme} ${size.width}`,
            );
          }
          // The colours are the same in each width.
          here.push(
            ...(await settled(() => violations(portal, { part: dialog }))),
          );
          if (here.length) found[name] = here;
          await page.setViewportSize(DESKTOP);
        };
        await page.emulateMedia({ colorScheme });
        let shown: Tab | undefined;
        for (const [tab, title] of SHOWN) {
          if (tab !== shown) await portal.visitComponent(SERVICE, tab, PLACE);
          shown = tab;
          const form = await intentCase(tab, title).open(portal);
          if (form) await look(`form ${title}`, form);
          await form?.getByRole('button', { name: 'Preview' }).click();
          const preview = await previewOf(portal);
          await look(`preview ${title}`, preview);
          await preview.getByRole('button', { name: 'Cancel' }).click();
          await page.getByRole('dialog').waitFor({ state: 'detached' });
        }
        expect(found).toEqual({});
      },
      120,
    );
  }
});

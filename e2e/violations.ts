import { readFileSync } from 'node:fs';
import type axeCore from 'axe-core';
import type { Locator } from 'playwright-core';
import { eventually } from './eventually';
import type { Portal } from './portal';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** For a theme to be drawn in full, or a dialog to have come up. */
const SETTLED_WITHIN_SECONDS = 5;

/** What axe finds: in the whole document or a part of it, with all of its rules or those of one tag. */
export async function violations(
  { page }: Portal,
  only?: { part: Locator; tag?: string },
): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) {
    await page.evaluate(AXE);
  }
  const part = await only?.part.elementHandle();
  return page.evaluate(
    async ([element, tag]) => {
      const { axe } = window as unknown as { axe: typeof axeCore };
      const { violations: found } = await axe.run(
        element
          ? {
              include: [element],
              exclude: [
                ['[class^="bui-Header"]'],
                ['main header'],
                ['main nav[aria-label="Content navigation"]'],
              ],
            }
          : document,
        // Named one by one, for axe leaves some out by itself.
        {
          runOnly: axe
            .getRules(tag ? [tag] : undefined)
            .map(({ ruleId }) => ruleId),
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
    [part, only?.tag] as const,
  );
}

/** What axe still finds once a page that was drawn again has come to rest. */
export async function settled(
  find: () => Promise<string[]>,
): Promise<string[]> {
  let found: string[] = [];
  await eventually(async () => {
    found = await find();
    expect(found).toEqual([]);
  }, SETTLED_WITHIN_SECONDS).catch(error => {
    if (found.length === 0) throw error;
  });
  return found;
}

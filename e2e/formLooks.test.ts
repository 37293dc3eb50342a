import type { PullRequestPreview } from '@meshdeck/plugin-mesh-common';
import type { Locator } from 'playwright-core';
import { changePreviews } from './changedAnswers';
import { previewOf } from './changing';
import { intentCase, PLACE, SERVICE } from './intentCases';
import { DESKTOP, onPortal, type Portal, type Tab } from './portal';
import { settled, violations } from './violations';

const NARROW = { width: 360, height: 740 };

const SHOWN: [Tab, string][] = [
  ['routes', 'Fault for a time: rule 1'],
  ['routes', 'Circuit breaker: this service'],
  ['routes', 'Edit…'],
  ['security', 'Deny by default: this service'],
];

const REPOSITORY = 'https://git.example.com/platform/clusters/europe-west';
const FILES = [
  {
    path: 'clusters/europe-west/orion-staging/auth-service/virtual-service.yaml',
    before: 'spec:\n  http:\n    - timeout: 10s\n',
    after: 'spec:\n  http:\n    - timeout: 2.5s\n',
  },
];
/** As the preview shows it of an object that Argo CD delivers. No forge is in the demo. */
const REQUESTS: [name: string, request: PullRequestPreview][] = [
  ['pull request', { repository: REPOSITORY, base: 'main', files: FILES }],
  [
    'update of a pull request',
    {
      repository: REPOSITORY,
      base: 'main',
      files: FILES,
      updates: {
        url: `${REPOSITORY}/pulls/1742`,
        sentence: 'A request is answered 504 after 5 s.',
        head: '5d1a',
      },
    },
  ],
  [
    'no pull request',
    {
      refused:
        'VirtualService orion-staging/auth-service comes from a template of Helm. Change its values in the repository.',
    },
  ],
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
    const outside = [...element.querySelectorAll('*')].filter(part => {
      const box = part.getBoundingClientRect();
      const isOut = box.right > right + 1 || box.left < left - 1;
      // What is there for screen readers alone has no size.
      return isOut && box.width > 1 && !part.closest('table');
    });
    return [
      ...(isInside ? [] : [`the dialog: ${[left, top, right, bottom]}`]),
      ...outside.map(part => `${part.tagName} ${part.textContent}`),
    ];
  });
}

/** Looks at a dialog in a wide and a narrow window; what is wrong with it is found. */
async function look(
  portal: Portal,
  of: {
    name: string;
    dialog: Locator;
    colorScheme: string;
    found: Record<string, string[]>;
  },
): Promise<void> {
  const { page } = portal;
  const { name, dialog, colorScheme, found } = of;
  const here: string[] = [];
  for (const size of [DESKTOP, NARROW]) {
    await page.setViewportSize(size);
    here.push(...(await misfits(dialog)));
    await portal.photographWindow(`${name} ${colorScheme} ${size.width}`);
  }
  // The colours are the same in each width.
  here.push(...(await settled(() => violations(portal, { part: dialog }))));
  if (here.length) found[name] = here;
  await page.setViewportSize(DESKTOP);
}

describe('forms and previews', () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    onPortal(
      `fit a wide and a narrow window, and are legible: ${colorScheme}`,
      async portal => {
        const { page } = portal;
        const found: Record<string, string[]> = {};
        await page.emulateMedia({ colorScheme });
        let shown: Tab | undefined;
        for (const [tab, title] of SHOWN) {
          if (tab !== shown) await portal.visitComponent(SERVICE, tab, PLACE);
          shown = tab;
          const form = await intentCase(tab, title).open(portal);
          if (form) {
            const name = `form ${title}`;
            await look(portal, { name, dialog: form, colorScheme, found });
          }
          await form?.getByRole('button', { name: 'Preview' }).click();
          const preview = await previewOf(portal);
          await look(portal, {
            name: `preview ${title}`,
            dialog: preview,
            colorScheme,
            found,
          });
          await preview.getByRole('button', { name: 'Cancel' }).click();
          await page.getByRole('dialog').waitFor({ state: 'detached' });
        }
        expect(found).toEqual({});
      },
      120,
    );

    onPortal(
      `show a pull request that fits, and is legible: ${colorScheme}`,
      async portal => {
        const { page } = portal;
        let pullRequest: PullRequestPreview | undefined;
        await changePreviews(portal, preview => ({
          ...preview,
          revertedBy: 'Argo CD',
          pullRequest,
        }));
        await page.emulateMedia({ colorScheme });
        await portal.visitComponent(SERVICE, 'routes', PLACE);
        const found: Record<string, string[]> = {};
        for (const [name, request] of REQUESTS) {
          pullRequest = request;
          const form = await intentCase('routes', 'Timeout: rule 1').open(
            portal,
          );
          await form?.getByRole('button', { name: 'Preview' }).click();
          const preview = await previewOf(portal);
          await look(portal, { name, dialog: preview, colorScheme, found });
          const open = preview.getByRole('button', {
            name: /^(Open|Update) pull request$/,
          });
          expect(await open.allInnerTexts()).toEqual(
            request.updates
              ? ['Update pull request']
              : request.files
              ? ['Open pull request']
              : [],
          );
          await preview.getByRole('button', { name: 'Cancel' }).click();
          await page.getByRole('dialog').waitFor({ state: 'detached' });
        }
        expect(found).toEqual({});
      },
      90,
    );
  }
});

import { eventually } from './eventually';
import { DESKTOP, onPortal, type Portal, type Tab } from './portal';

const TABS: (Tab | undefined)[] = [
  undefined,
  'routes',
  'security',
  'traces',
  'canary',
];
const ANY_VIEW =
  /\/api\/mesh\/v1\/.*\/placements\/[^/]+\/(overview|routes|security|traces|canary|topology)(\?|$)/;
const LONG = `${'a-very-long-name-'.repeat(15)}x`.slice(0, 253);
const RIGHT_TO_LEFT = 'خدمة-المصادقة';

/** Changes each view on its way from the backend. */
async function changeViews(
  { page }: Portal,
  change: (text: string) => string,
): Promise<void> {
  await page.route(ANY_VIEW, async handled => {
    const response = await handled.fetch();
    const view = await response.json();
    // Where the page looks for its data stays as it is.
    const { placement, ...rest } = view;
    await handled.fulfill({
      response,
      json: { ...JSON.parse(change(JSON.stringify(rest))), placement },
    });
  });
}

async function fitsInWidth(portal: Portal, width: number): Promise<void> {
  await portal.page.setViewportSize({ width, height: DESKTOP.height });
  await eventually(async () =>
    expect(
      await portal.page.evaluate(
        () => document.scrollingElement!.scrollWidth - window.innerWidth,
      ),
    ).toBeLessThanOrEqual(0),
  );
}

describe('a page in every state', () => {
  onPortal(
    'shows that it loads, and then that nobody answers',
    async portal => {
      const { page } = portal;
      await page.route(ANY_VIEW, () => {});
      await portal.visitComponent('auth-service', 'routes');
      await page.getByRole('status').getByText('Loading').first().waitFor();
      await page
        .getByRole('alert')
        .getByText('No answer within 15 seconds.')
        .waitFor({ timeout: 25_000 });
    },
  );

  onPortal(
    'names the permission that is missing, on every page',
    async portal => {
      const { page } = portal;
      portal.provokes(/403/);
      await page.route(ANY_VIEW, handled =>
        handled.fulfill({
          status: 403,
          json: {
            error: { name: 'NotAllowedError', message: 'Unauthorized' },
            response: { statusCode: 403 },
          },
        }),
      );
      for (const tab of TABS) {
        await portal.visitComponent('auth-service', tab);
        await page
          .getByRole('alert')
          .getByText(/needs the permission mesh\.service\.read/)
          .waitFor();
      }
    },
  );

  onPortal(
    'keeps what was last known where all sources are down, and names each',
    async portal => {
      const { page } = portal;
      await changeViews(portal, text => {
        const view = JSON.parse(text);
        for (const source of view.sources) {
          source.status = 'down';
          source.message = 'It refuses connections.';
        }
        return JSON.stringify(view);
      });
      for (const tab of TABS) {
        await portal.visitComponent('auth-service', tab);
        await eventually(async () =>
          expect(await page.getByRole('alert').allInnerTexts()).toContainEqual(
            expect.stringMatching(/does not answer\s+It refuses connections/),
          ),
        );
        await portal.verdict();
      }
    },
    90,
  );

  onPortal(
    'shows a service of an ambient mesh',
    async portal => {
      for (const tab of TABS) {
        await portal.visit(
          `/catalog/default/component/zoptal-auth-service${
            tab ? `/mesh-${tab}` : ''
          }`,
        );
        await portal.verdict();
        expect(await portal.page.getByRole('alert').count()).toBe(0);
        await fitsInWidth(portal, 360);
      }
    },
    90,
  );

  for (const [title, name] of [
    ['names of 253 characters', LONG],
    ['names from right to left', RIGHT_TO_LEFT],
  ]) {
    onPortal(
      `has room for ${title}`,
      async portal => {
        await changeViews(portal, text =>
          text.replace(
            /auth-service|gateway-service|user-service|canary|stable/g,
            name,
          ),
        );
        for (const tab of TABS) {
          await portal.visitComponent('auth-service', tab);
          await portal.verdict();
          for (const width of [DESKTOP.width, 360]) {
            await fitsInWidth(portal, width);
          }
          await portal.photograph(`${title} ${tab ?? 'overview'} 360`);
        }
      },
      120,
    );
  }

  onPortal('shows thousands of callers, and still answers', async portal => {
    const { page } = portal;
    await changeViews(portal, text => {
      const view = JSON.parse(text);
      if (view.callers?.[0]?.principal !== undefined) {
        view.callers = Array.from({ length: 2_000 }, (_, index) => ({
          ...view.callers[index % view.callers.length],
          name: `caller-${index}`,
        }));
      }
      return JSON.stringify(view);
    });
    await portal.visitComponent('auth-service', 'security');
    const callers = page.getByRole('table', { name: 'Callers' });
    await callers.getByRole('row').nth(1).waitFor();
    await page.getByRole('button', { name: 'Show all 2000' }).first().waitFor();
    const began = Date.now();
    await portal.openTab('Canary');
    await portal.section('Move traffic').waitFor();
    expect(Date.now() - began).toBeLessThan(5_000);
  });
});

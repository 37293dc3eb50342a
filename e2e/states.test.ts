import { ANY_VIEW, addCluster, changeViews } from './changedAnswers';
import { eventually } from './eventually';
import { DESKTOP, onPortal, type Portal } from './portal';
import { mendSource, stopSource } from './stage';

const LONG = `${'a-very-long-name-'.repeat(15)}x`.slice(0, 253);
const RIGHT_TO_LEFT = 'خدمة-المصادقة';

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
      await portal.onEachTab('auth-service', () =>
        page
          .getByRole('alert')
          .getByText(/needs the permission mesh\.service\.read/)
          .waitFor(),
      );
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
      await portal.onEachTab('auth-service', async () => {
        await eventually(async () =>
          expect(await page.getByRole('alert').allInnerTexts()).toContainEqual(
            expect.stringMatching(/does not answer\s+It refuses connections/),
          ),
        );
        await portal.verdict();
      });
    },
    90,
  );

  onPortal(
    'goes on without one source, and takes it back when it answers again',
    async portal => {
      const { page } = portal;
      await portal.visitComponent('auth-service', 'routes');
      const rules = page.getByRole('list', { name: 'Rules' });
      await rules
        .getByText(/\(now [\d.]+ %\)/)
        .first()
        .waitFor();
      try {
        await stopSource('prometheus');
        await eventually(async () => {
          const [alert] = await page.getByRole('alert').allInnerTexts();
          expect(alert).toMatch(/^Prometheus/);
        }, 60);
        await rules.getByText('/api/auth/login*').waitFor();
        expect(await page.getByRole('alert').count()).toBe(1);
      } finally {
        await mendSource('prometheus');
      }
      await eventually(async () => {
        expect(await page.getByRole('alert').count()).toBe(0);
        await rules
          .getByText(/\(now [\d.]+ %\)/)
          .first()
          .waitFor();
      }, 60);
    },
    180,
  );

  onPortal(
    'says in words what there is none of',
    async portal => {
      const { page } = portal;
      await changeViews(portal, text => {
        const view = JSON.parse(text);
        for (const list of ['rules', 'callers']) {
          if (list in view) view[list] = [];
        }
        if (view.ifStrict) view.ifStrict.breaks = [];
        return JSON.stringify(view);
      });
      const says = (words: string | RegExp) =>
        page.getByText(words).first().waitFor();
      await portal.visitComponent('auth-service', 'routes');
      await says(/^No rule applies/);
      await portal.visitComponent('auth-service', 'security');
      await says('Nobody was seen calling, and no policy names anybody.');
      await portal.visitComponent('user-service', 'canary');
      await says(/^There is one version only\./);
      await portal.visitComponent('auth-service', 'traces', '?min=600000');
      await says(/^No trace of auth-service\S* fits these filters/);
    },
    90,
  );

  onPortal(
    'says that a service is not in the mesh, and why',
    async portal => {
      await portal.onEachTab('legacy-batch', async () => {
        expect(await portal.verdict()).toMatch(
          /^Needs attention\. Not in the mesh: its pods have no proxy/,
        );
        expect(await portal.page.getByRole('alert').count()).toBe(0);
        await fitsInWidth(portal, 360);
      });
      await portal.visitComponent('legacy-batch');
      await portal
        .section('Mesh')
        .getByText('namespace orion-batch has no injection label')
        .waitFor();
    },
    90,
  );

  onPortal('tells the same service in two clusters apart', async portal => {
    const { page } = portal;
    await addCluster(portal, 'second');
    await portal.visitComponent('auth-service', 'routes');
    const rules = page.getByRole('list', { name: 'Rules' });
    await rules.getByText('/api/auth/login*').waitFor();
    await portal.choose(/Placement/, 'second · orion · auth-service');
    await page.waitForURL(/placement=second(:|%3A)orion(:|%3A)auth-service/);
    const chosen = page.getByRole('button', {
      name: 'second · orion · auth-service Placement',
    });
    await chosen.waitFor();
    await rules.getByText('/api/auth/login*').waitFor();
    await portal.visitComponent(
      'auth-service',
      'security',
      '?placement=second:orion:auth-service',
    );
    await chosen.waitFor();
    await portal.section('Callers').waitFor();
    await fitsInWidth(portal, 360);
  });

  onPortal(
    'shows a service of an ambient mesh',
    async portal => {
      await portal.onEachTab('zoptal-auth-service', async () => {
        await portal.verdict();
        expect(await portal.page.getByRole('alert').count()).toBe(0);
        await fitsInWidth(portal, 360);
      });
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
            // The tab that a sentence leads to is no name.
            /auth-service|gateway-service|user-service|(?<!"tab":")canary|stable/g,
            name,
          ),
        );
        await portal.onEachTab('auth-service', async tab => {
          await portal.verdict();
          for (const width of [DESKTOP.width, 360]) {
            await fitsInWidth(portal, width);
          }
          await portal.photograph(`${title} ${tab} 360`);
        });
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

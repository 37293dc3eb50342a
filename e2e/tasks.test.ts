import { comparedTasks } from './comparison';
import {
  answerIn,
  begin,
  type TaskSteps,
  findsWhoBreaks,
  rowOf,
  showsCriticalPath,
  table,
} from './taskSteps';
import { UserActions } from './UserActions';
import { onPortal, type Portal } from './portal';
import { DestinationRule, VirtualService } from './stage';

const MOVE = 'Move 10 % to the canary, with preview, rehearsal and lock';

const MEND = 'Mend what is wrong, with preview, rehearsal and lock';

const points = ({ page }: Portal) =>
  page
    .getByRole('group', { name: /^Traces by time/ })
    .getByRole('button', { name: / ms, | s, / });

/** The point of the scatter that is highest: the slowest trace. */
async function slowest(portal: Portal) {
  await points(portal).first().waitFor();
  const boxes = await Promise.all(
    (await points(portal).all()).map(point => point.boundingBox()),
  );
  const heights = boxes.map(box => box?.y ?? Infinity);
  return points(portal).nth(heights.indexOf(Math.min(...heights)));
}

async function moveCanary(user: UserActions, weight: number): Promise<void> {
  const { page } = user.portal;
  await user.click(
    page
      .getByRole('radiogroup', { name: 'Share of canary' })
      .getByRole('radio', { name: `${weight} %`, exact: true }),
  );
  await user.press('Preview change');
  const preview = page.getByRole('dialog', { name: 'Preview of the change' });
  await preview.getByText('The API server accepts this (dry run).').waitFor();
  const takeOver = preview.getByText(/take these fields over from kubectl/);
  if (await takeOver.isVisible()) {
    await user.click(takeOver);
  }
  await user.press('Apply');
  await page.getByRole('status').getByText('Applied').waitFor();
}

/** Each task of the table from the page of a component, unless it says where else it begins. */
const TASKS: Record<string, { from: string; steps: TaskSteps }> = {
  'Is my service all right, in words, and what is worst?': {
    from: 'auth-service',
    steps: async ({ portal }) =>
      expect(await portal.verdict()).toMatch(
        /^Needs attention\. canary fails more often: /,
      ),
  },
  'Which rule takes `POST /api/auth/login`, and why not the others?': {
    from: 'auth-service',
    steps: async user => {
      const { page } = user.portal;
      await user.openTab('Routes');
      await user.choose(/Method/, 'POST');
      await page.getByLabel('Path').fill('/api/auth/login');
      await user.press('Which rule?');
      const answer = answerIn(user.portal, 'Try a request');
      await answer.getByText(/^Rule 1\./).waitFor();
      await page
        .getByRole('listitem', { name: 'Rule 3: everything-else' })
        .getByText('not reached')
        .waitFor();
    },
  },
  'What share does each version really get, beside the configured one?': {
    from: 'auth-service',
    steps: async user => {
      await user.openTab('Routes');
      const rule = user.portal.page.getByRole('listitem', {
        name: 'Rule 1: login',
      });
      await rule
        .getByText(/\(now [\d.]+ %\)/)
        .nth(1)
        .waitFor();
      expect(await rule.innerText()).toMatch(
        /90 % \(now [\d.]+ %\)\s+stable[\s\S]*10 % \(now [\d.]+ %\)\s+canary/,
      );
    },
  },
  'Which mTLS mode has this port, and which policy decided it?': {
    from: 'auth-service',
    steps: async user => {
      await user.openTab('mTLS');
      await user.portal.page
        .getByRole('list', {
          name: /^What decided the mode of port 8080 \(http\) of auth-service\b/,
        })
        .getByRole('listitem')
        .filter({ hasText: /STRICT.*orion-mtls.*decides/s })
        .waitFor();
    },
  },
  'May `billing` call `GET /api/auth/me`, and what decides?': {
    from: 'auth-service',
    steps: async user => {
      await user.openTab('mTLS');
      const billing = rowOf(user.portal, 'Callers', 'billing');
      await billing
        .getByText('no rule of auth-service-policy names it')
        .waitFor();
      const heads = await table(user.portal, 'Callers')
        .getByRole('columnheader')
        .allInnerTexts();
      // The name of the caller is no cell.
      expect(
        await billing
          .getByRole('cell')
          .nth(heads.indexOf('Allowed') - 1)
          .innerText(),
      ).toBe('no');
      await billing
        .getByRole('button', { name: 'Allow a caller: billing' })
        .waitFor();
    },
  },
  'Who breaks if I go STRICT?': {
    from: 'user-service',
    steps: findsWhoBreaks,
  },
  'Who owns the caller that sends plaintext?': {
    from: 'user-service',
    steps: async user => {
      await user.openTab('mTLS');
      const caller = rowOf(user.portal, 'Callers', 'legacy-batch');
      await caller.getByRole('link', { name: 'Batch', exact: true }).waitFor();
      expect(await caller.innerText()).toMatch(/req\/s\S*\s+no\b/i);
    },
  },
  'Who calls me, whom do I call?': {
    from: 'auth-service',
    steps: async user => {
      await user.openTab('Topology');
      const calls = table(user.portal, 'Calls');
      for (const call of [
        'gateway-service auth-service',
        'auth-service user-service',
      ]) {
        await calls
          .getByRole('row', { name: new RegExp(`^${call} `) })
          .waitFor();
      }
    },
  },
  'What is wrong in the configuration, and how to mend it?': {
    from: 'auth-service',
    steps: async user => {
      await user.openTab('Routes');
      await user.portal
        .section('Findings')
        .getByText('Rename consecutiveErrors to consecutive5xxErrors.')
        .waitFor();
    },
  },
  [MEND]: {
    from: 'auth-service',
    steps: async user => {
      const { page } = user.portal;
      await user.openTab('Routes');
      await user.click(
        page.getByRole('button', { name: /^Preview the fix of MD0101/ }),
      );
      const preview = page.getByRole('dialog', {
        name: 'Preview of the change',
      });
      await preview
        .getByText('The API server accepts this (dry run).')
        .waitFor();
      await user.click(preview.getByText(/take these fields over from/));
      await user.press('Apply');
      await page.getByRole('status').getByText('Applied').waitFor();
    },
  },
  [MOVE]: {
    from: 'auth-service',
    steps: async user => {
      await user.openTab('Canary');
      await moveCanary(user, 10);
      await table(user.portal, 'Versions')
        .getByRole('row', { name: /^Weight 90 % .*10 %/ })
        .waitFor();
    },
  },
  'Find the slow traces and where the time goes': {
    from: 'deal-service',
    steps: async user => {
      await user.openTab('Traces');
      await user.click(await slowest(user.portal));
      await showsCriticalPath(user.portal, 'deal-service');
    },
  },
  'Compare two traces': {
    from: 'deal-service',
    steps: async user => {
      await user.openTab('Traces');
      const boxes = table(user.portal, 'Traces found').getByRole('checkbox');
      await user.click(boxes.nth(0));
      await user.click(boxes.nth(1));
      await user.press('Compare the two');
      await user.portal.page
        .getByRole('heading', { name: 'Two traces side by side' })
        .waitFor();
    },
  },
  'Which services need attention, in the whole mesh?': {
    from: '/catalog',
    steps: async user => {
      const { page } = user.portal;
      await user.click(page.getByRole('link', { name: 'Mesh', exact: true }));
      await page
        .getByRole('status', { name: 'The mesh' })
        .getByText(/\d+ needs? attention/)
        .waitFor();
      await rowOf(user.portal, 'Services', 'inventory-service autolytiq')
        .getByText(/^Broken/)
        .first()
        .waitFor();
    },
  },
};

describe('the tasks of docs/comparison.md', () => {
  const route = new VirtualService('orion', 'auth-service');
  const rule = new DestinationRule('orion', 'auth-service');
  const compared = comparedTasks();

  beforeAll(() => Promise.all([route.remember(), rule.remember()]));
  afterAll(() => Promise.all([route.restore(), rule.restore()]));

  it('are all done here, but for the form', () => {
    const counted = [...compared].filter(([, clicks]) => /^\d/.test(clicks));
    expect(counted.map(([task]) => task)).toEqual(Object.keys(TASKS));
  });

  for (const [task, { from, steps }] of Object.entries(TASKS)) {
    const clicks = Number.parseInt(compared.get(task) ?? '', 10);
    onPortal(`${task}: ${clicks}`, async portal => {
      await begin(portal, from);
      if (task === MOVE) {
        // The weights are kubectl's at first: to take them over is a click more.
        const first = new UserActions(portal);
        await first.openTab('Canary');
        await moveCanary(first, 0);
        expect(first.clicks).toBe(clicks + 1);
        await begin(portal, from);
      }
      const user = new UserActions(portal);
      await steps(user);
      expect(user.clicks).toBe(clicks);
    });
  }
});

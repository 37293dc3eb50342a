import {
  answerIn,
  begin,
  type TaskSteps,
  findsWhoBreaks,
  showsCriticalPath,
  table,
} from './taskSteps';
import { report } from './eventually';
import { UserActions } from './UserActions';
import { onPortal } from './portal';

const NEWCOMER: { question: string; from: string; steps: TaskSteps }[] = [
  {
    question: 'Why does a request to /api/auth/login get 403?',
    from: 'auth-service',
    steps: async user => {
      await user.openTab('mTLS');
      await user.choose(/From/, 'orion/billing');
      await user.choose(/Method/, 'POST');
      await user.portal.page.getByLabel('Path').fill('/api/auth/login');
      await user.press('What does it get?');
      await answerIn(user.portal, 'Try a call')
        .getByText(/^Denied \(403\)\..*auth-service-policy/)
        .waitFor();
    },
  },
  {
    question: 'Which version serves beta users?',
    from: 'deal-service',
    steps: async user => {
      await user.openTab('Routes');
      const rule = user.portal.page.getByRole('listitem', { name: /^Rule 1/ });
      await rule.getByText('header x-user-group = beta').waitFor();
      await rule.getByText('canary', { exact: true }).waitFor();
    },
  },
  {
    question: 'Who breaks if we go STRICT?',
    from: 'user-service',
    steps: findsWhoBreaks,
  },
  {
    question: 'Where does the time of a slow deal go?',
    from: 'deal-service',
    steps: async user => {
      const { page } = user.portal;
      await user.openTab('Traces');
      await page.getByLabel('Min. duration, ms').fill('400');
      await user.press('Find traces');
      await page.waitForURL(/min=400/);
      const deal = table(user.portal, 'Traces found')
        .getByRole('row', { name: /inventory-service.*email-service/ })
        .first();
      await user.click(deal.getByRole('link'));
      await showsCriticalPath(user.portal, 'email-service');
    },
  },
];

describe('a newcomer', () => {
  for (const { question, from, steps } of NEWCOMER) {
    onPortal(`finds out: ${question}`, async portal => {
      const began = Date.now();
      await begin(portal, from);
      const user = new UserActions(portal);
      await steps(user);
      report(
        `${question} ${user.clicks} clicks, ${
          Date.now() - began
        } ms from opening the page`,
      );
    });
  }
});

import {
  answerIn,
  begin,
  type Doing,
  findsWhoBreaks,
  showsCriticalPath,
  table,
} from './doing';
import { report } from './eventually';
import { Hand } from './Hand';
import { onPortal } from './portal';

const NEWCOMER: { question: string; from: string; doing: Doing }[] = [
  {
    question: 'Why does a request to /api/auth/login get 403?',
    from: 'auth-service',
    doing: async hand => {
      await hand.openTab('mTLS');
      await hand.choose(/From/, 'orion/billing');
      await hand.choose(/Method/, 'POST');
      await hand.portal.page.getByLabel('Path').fill('/api/auth/login');
      await hand.press('What does it get?');
      await answerIn(hand.portal, 'Try a call')
        .getByText(/^Denied with 403\..*auth-service-policy/)
        .waitFor();
    },
  },
  {
    question: 'Which version serves beta users?',
    from: 'deal-service',
    doing: async hand => {
      await hand.openTab('Routes');
      const rule = hand.portal.page.getByRole('listitem', { name: /^Rule 1/ });
      await rule.getByText('header x-user-group = beta').waitFor();
      await rule.getByText('canary', { exact: true }).waitFor();
    },
  },
  {
    question: 'Who breaks if we go STRICT?',
    from: 'user-service',
    doing: findsWhoBreaks,
  },
  {
    question: 'Where does the time of a slow deal go?',
    from: 'deal-service',
    doing: async hand => {
      const { page } = hand.portal;
      await hand.openTab('Traces');
      await page.getByLabel('Min. duration, ms').fill('400');
      await hand.press('Find traces');
      await page.waitForURL(/min=400/);
      const deal = table(hand.portal, 'Traces found')
        .getByRole('row', { name: /inventory-service.*email-service/ })
        .first();
      await hand.click(deal.getByRole('link'));
      await showsCriticalPath(hand.portal, 'email-service');
    },
  },
];

describe('a newcomer', () => {
  for (const { question, from, doing } of NEWCOMER) {
    onPortal(`finds out: ${question}`, async portal => {
      const began = Date.now();
      await begin(portal, from);
      const hand = new Hand(portal);
      await doing(hand);
      report(
        `${question} ${hand.clicks} clicks, ${
          Date.now() - began
        } ms from opening the page`,
      );
    });
  }
});

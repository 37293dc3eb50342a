import { screen, within } from '@testing-library/react';
import type { Verdict, ViewBase } from '@meshdeck/plugin-mesh-common';
import { renderOnEntityPage } from '../../__testUtils__/renderOnEntityPage';
import { VerdictLine } from './VerdictLine';

const BROKEN: Verdict = {
  level: 'error',
  sentence: '20 % of requests fail with 503: subset canary has no ready pods.',
  tab: 'routes',
};
const FIRES: Verdict = {
  level: 'warning',
  sentence: 'The alert CartBurns is firing.',
  tab: 'overview',
};
const OPEN: Verdict = {
  level: 'warning',
  sentence: 'batch calls without encryption.',
  tab: 'security',
};

function show(
  view: Pick<ViewBase, 'verdict' | 'also' | 'remark'>,
  on: 'routes' | 'canary' = 'canary',
) {
  renderOnEntityPage(<VerdictLine of={view} on={on} />);
}

/** Beside it the page has a place for what is going on. */
async function findBox(): Promise<HTMLElement> {
  const sentence = await screen.findByText(/20 % of requests fail with 503/);
  return sentence.closest<HTMLElement>('[role="status"]')!;
}

describe('VerdictLine', () => {
  it('says the worst first, of which time, and below it what else is wrong, each with the tab that shows why', async () => {
    show({ verdict: BROKEN, also: [FIRES, OPEN] });
    const box = await findBox();
    expect(box).toHaveTextContent(/^Broken\. 20 % of requests fail/);
    expect(box).toHaveTextContent('Last 5 min');
    const others = within(
      within(box).getByRole('list', { name: 'What else is wrong' }),
    ).getAllByRole('listitem');
    expect(others.map(({ textContent }) => textContent?.trim())).toEqual([
      'The alert CartBurns is firing.',
      'batch calls without encryption. See mTLS',
    ]);
    expect(
      within(box)
        .getAllByRole('link')
        .map(link => link.textContent),
    ).toEqual(['See Routes', 'See mTLS']);
  });

  it('leads to no tab that the reader is on, and has no list where nothing else is wrong', async () => {
    show({ verdict: BROKEN, also: [] }, 'routes');
    const box = await findBox();
    expect(within(box).queryByRole('link')).toBeNull();
    expect(within(box).queryByRole('list')).toBeNull();
  });

  it.each([
    ['ok', false],
    ['warning', true],
    ['unknown', true],
  ] as const)(
    'marks a remark of the tab that is %s: %s',
    async (level, isMarked) => {
      const sentence = 'canary gets 10 % beside stable.';
      show({ verdict: BROKEN, also: [], remark: { level, sentence } });
      const remark = (await screen.findByText(sentence)).closest('p')!;
      expect(await findBox()).not.toContainElement(remark);
      expect(remark.querySelector('svg') !== null).toBe(isMarked);
    },
  );
});

import { screen, within } from '@testing-library/react';
import type { CanaryView } from '@meshdeck/plugin-mesh-common';
import {
  mockMeshApi,
  renderOnEntityPage,
} from '../../__testUtils__/renderOnEntityPage';
import { virtualService } from '../../__fixtures__/objects';
import { canaryView, flaggerRollout } from '../../__fixtures__/views';
import { CanaryTab } from '../CanaryTab';

const OBSTACLE = 'Flagger drives this canary (Canary orion/auth-service).';

function show(more: Partial<CanaryView>) {
  return renderOnEntityPage(<CanaryTab />, {
    api: mockMeshApi({
      canary: jest.fn(async () => ({ ...canaryView(), ...more })),
    }),
  });
}

const rowsOf = (table: HTMLElement) =>
  within(table)
    .getAllByRole('row')
    .slice(1)
    .map(row => row.textContent);

describe('a canary that a tool drives', () => {
  it('says who drives, which step is now, and which gate fails', async () => {
    show({ rollout: flaggerRollout(), cannotChange: OBSTACLE });
    const steps = await screen.findByRole('list', { name: 'Steps' });
    const [now, ...later] = within(steps).getAllByRole('listitem');
    expect(now).toHaveTextContent('10 % now');
    expect(now).toHaveAttribute('aria-current', 'step');
    expect(later.map(({ textContent }) => textContent)).toEqual([
      '20 % to come',
      'promotion to come',
    ]);
    expect(rowsOf(screen.getByRole('table', { name: 'Gates' }))).toEqual([
      expect.stringMatching(
        /^request-success-rateat least 99 % succeedinterval 1m99.7 %97.9 %FAILS97.9 %, measured by Istio\./,
      ),
      expect.stringMatching(/^lagat most 9––not knownFlagger asks/),
    ]);
    expect(screen.getByText('10 %, next 20 %')).toBeVisible();
    expect(screen.getByText('2; 5 end in a rollback')).toBeVisible();
  });

  it('keeps hands off the weights, and opens its object', async () => {
    const { user } = show({
      rollout: flaggerRollout(),
      cannotChange: OBSTACLE,
    });
    expect(await screen.findByText(OBSTACLE)).toBeVisible();
    expect(
      screen.getByRole('button', { name: 'Preview change' }),
    ).toBeDisabled();
    await user.click(
      screen.getByRole('button', { name: 'Canary orion/auth-service' }),
    );
    expect(
      await screen.findByRole('region', {
        name: /Canary orion\/auth-service/,
      }),
    ).toHaveTextContent('kind: Canary');
  });

  it('shows nothing of it where nobody drives', async () => {
    show({});
    await screen.findByRole('table', { name: 'Versions' });
    expect(screen.queryByRole('list', { name: 'Steps' })).toBeNull();
  });
});

describe('the history', () => {
  it('tells what moved, who moved it and why, and since when it knows', async () => {
    show({
      history: {
        since: '2026-01-05T10:00:00Z',
        moves: [
          {
            at: '2026-01-05T11:00:00Z',
            object: virtualService,
            what: 'rule 1: canary from 10 % to 25 %',
            who: 'user:default/jo',
            why: 'v2 is well',
          },
          {
            at: '2026-01-05T10:30:00Z',
            object: virtualService,
            what: 'rule 1: canary from 5 % to 10 %',
          },
        ],
      },
    });
    const table = await screen.findByRole('table', { name: 'History' });
    expect(rowsOf(table)).toEqual([
      expect.stringMatching(/canary from 10 % to 25 %.*jo.*v2 is well$/),
      expect.stringMatching(/canary from 5 % to 10 %.*not known–$/),
    ]);
    expect(within(table).getByRole('link', { name: /jo/ })).toBeVisible();
    expect(screen.getByText(/^Since the portal started, /)).toBeVisible();
  });

  it('says that nothing moved', async () => {
    show({});
    expect(
      await screen.findByText(/^Nothing has moved since then\./),
    ).toBeVisible();
  });
});

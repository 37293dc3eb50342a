import { screen, waitFor, within } from '@testing-library/react';
import type { RememberedEnd } from '@meshdeck/plugin-mesh-common';
import { changesView } from '../__fixtures__/changes';
import {
  mockMeshApi,
  renderOnEntityPage,
} from '../__testUtils__/renderOnEntityPage';
import { SecurityTab } from '../security/SecurityTab';

const SENTENCE = 'No more than 10 connections.';

/** The panel with one change that ends, as the backend tells of its end. */
async function panelWith(end: RememberedEnd, more: { undone?: true } = {}) {
  const view = changesView();
  const page = renderOnEntityPage(<SecurityTab />, {
    api: mockMeshApi({
      changes: async () => ({
        ...view,
        changes: view.changes.map(change => ({
          ...change,
          canUndo: !more.undone,
          ...more,
          end,
        })),
      }),
    }),
  });
  return {
    ...page,
    panel: within(await screen.findByRole('table', { name: 'Changes' })),
  };
}

const inMs = (ms: number) => ({
  at: new Date(Date.now() + ms).toISOString(),
  lastsMs: 300_000,
});

describe('ChangesPanel', () => {
  it('says when a change ends, and lets it end now', async () => {
    const { user, api, panel } = await panelWith({
      ...inMs(245_000),
      state: 'waiting',
    });
    expect(panel.getByText(/^ends by itself in 4 min, at /)).toBeVisible();
    expect(panel.queryByRole('button', { name: /^Undo/ })).toBeNull();
    await user.click(
      panel.getByRole('button', { name: `End now: ${SENTENCE}` }),
    );
    await screen.findByRole('dialog', { name: 'Preview of the change' });
    expect(api.previewChange.mock.calls[0][1].what).toEqual({
      intent: 'undo',
      change: '6f4d8a1e-3b1a-4a43-9c1a-2f6f0a7a1b2c',
    });
  });

  it('says so where it is ending this moment', async () => {
    const { panel } = await panelWith({ ...inMs(-1_000), state: 'waiting' });
    expect(panel.getByText('is ending')).toBeVisible();
  });

  it('does not say so of an old answer', async () => {
    const { panel } = await panelWith({ ...inMs(-60_000), state: 'waiting' });
    expect(
      panel.getByText(/^was to end at .+ the portal has not said since$/),
    ).toBeVisible();
    expect(panel.queryByText('is ending')).toBeNull();
  });

  it.each([
    [
      'Cluster c cannot be reached.',
      /^should have ended at .+ has\. Cluster c/,
    ],
    [undefined, /^should have ended at .+ has\. The portal has not got to it/],
  ])(
    'says since when a change should have ended: %s',
    async (problem, says) => {
      const { panel } = await panelWith({
        ...inMs(-60_000),
        state: 'late',
        problem,
      });
      expect(panel.getByText(says)).toBeVisible();
      expect(
        panel.getByRole('button', { name: `End now: ${SENTENCE}` }),
      ).toBeVisible();
    },
  );

  it('shows both where somebody made something else of it', async () => {
    const { panel } = await panelWith({
      ...inMs(-60_000),
      state: 'changed',
      left: 'percentage:\n  value: 10\n',
      found: 'percentage:\n  value: 77\n',
    });
    expect(
      panel.getByText(/somebody changed it since, so it was left as it is/),
    ).toBeVisible();
    const diff = within(
      panel.getByLabelText(/as this change left it, and as it was found$/),
    );
    expect(diff.getByText('value: 10')).toBeVisible();
    expect(diff.getByText('value: 77')).toBeVisible();
    expect(
      panel.getByRole('button', { name: `Undo: ${SENTENCE}` }),
    ).toBeVisible();
  });

  it('says that it ended, and offers no way back', async () => {
    const { panel } = await panelWith(
      { ...inMs(-60_000), state: 'ended' },
      { undone: true },
    );
    expect(panel.getByText('ended')).toBeVisible();
    expect(panel.queryByRole('button')).toBeNull();
  });

  it('asks again soon while something is to end', async () => {
    const { api } = await panelWith({ ...inMs(1_000), state: 'waiting' });
    await waitFor(
      () => expect(api.changes.mock.calls.length).toBeGreaterThan(3),
      { timeout: 30_000 },
    );
  });
});

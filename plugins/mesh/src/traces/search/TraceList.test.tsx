import { screen, within } from '@testing-library/react';
import type { TraceSummary } from '@meshdeck/plugin-mesh-common';
import {
  mockMeshApi,
  renderOnEntityPage,
} from '../../__testUtils__/renderOnEntityPage';
import { tracesView } from '../../__fixtures__/views';
import { TracesTab } from '../TracesTab';

const [newest] = tracesView().traces;

function renderFound(...traces: TraceSummary[]) {
  return renderOnEntityPage(<TracesTab />, {
    api: mockMeshApi({ traces: async () => ({ ...tracesView(), traces }) }),
  });
}

async function foundRow(): Promise<HTMLElement> {
  const list = await screen.findByRole('table', { name: 'Traces found' });
  return within(list).getAllByRole('row')[1];
}

describe('a row of the trace list', () => {
  it('says in a row what was asked, where it failed and how often, in short names', async () => {
    renderFound({
      ...newest,
      operation: 'auth-service.orion.svc.cluster.local:8080/*',
      method: 'POST',
      path: '/api/auth/login',
      services: ['gateway.istio-system', 'auth-service.orion'],
      outcome: 'error',
      status: 503,
      failure: {
        service: 'user-db.orion.svc.cluster.local',
        version: 'canary',
        caller: 'auth-service.orion',
        status: 503,
        flags: ['UH'],
        times: 9,
      },
    });
    const row = await foundRow();
    expect(within(row).getByRole('link')).toHaveAccessibleName(
      'POST /api/auth/login → user-db [canary] 503 UH ×9',
    );
    expect(row).toHaveTextContent('gateway.istio-system, auth-service');
    expect(row).toHaveTextContent('error 503');
  });

  it('names the slowest other service where nothing failed', async () => {
    renderFound({
      ...newest,
      operation: 'auth-service.orion.svc.cluster.local:8080/*',
      slowest: { service: 'user-db.orion', version: 'v2' },
    });
    expect(
      await screen.findByRole('link', {
        name: 'auth-service/* → user-db [v2]',
      }),
    ).toBeVisible();
  });

  it.each([
    ['ok', 200, 'ok 200'],
    ['ok', 404, 'client error 404'],
    ['error', 200, '200, a call failed'],
    ['error', 500, 'error 500'],
    ['error', undefined, 'error'],
  ] as const)(
    'says of outcome %s with %s: %s',
    async (outcome, status, words) => {
      renderFound({ ...newest, outcome, status });
      const [last] = within(await foundRow())
        .getAllByRole('cell')
        .slice(-1);
      expect(last).toHaveTextContent(new RegExp(`^${words}$`));
    },
  );

  it('opens a trace by a click anywhere in its row, but not while one chooses it', async () => {
    const { user, addressHas } = renderFound(newest);
    const row = await foundRow();
    await user.click(within(row).getByRole('checkbox'));
    expect(screen.queryByRole('treegrid')).toBeNull();
    await user.click(within(row).getByText('4'));
    await addressHas(`trace=${newest.traceId}`);
    expect(await screen.findByRole('treegrid')).toBeVisible();
  });
});

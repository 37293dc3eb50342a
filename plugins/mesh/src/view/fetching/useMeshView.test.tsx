import { cleanup, screen, waitFor } from '@testing-library/react';
import type { PlacementsView, RoutesView } from '@meshdeck/plugin-mesh-common';
import {
  deferred,
  mockMeshApi,
  renderOnEntityPage,
  responseError,
} from '../../__testUtils__/renderOnEntityPage';
import {
  NOON,
  noAnnotationView,
  placementsView,
  production,
  routesView,
  staging,
} from '../../__fixtures__/views';
import { useMeshView } from './useMeshView';
import { ViewFrame } from '../frame/ViewFrame';

function Probe() {
  const mesh = useMeshView('routes');
  return (
    <ViewFrame view={mesh}>
      {view => (
        <p>
          {view.placement.cluster}, {view.window}
        </p>
      )}
    </ViewFrame>
  );
}

describe('useMeshView', () => {
  it('shows nothing of one placement under the name of another', async () => {
    const ofStaging = deferred<RoutesView>();
    const page = renderOnEntityPage(<Probe />, {
      api: mockMeshApi({
        routes: ({ placement }) =>
          placement === production.id
            ? Promise.resolve(routesView())
            : ofStaging.promise,
      }),
    });
    expect(await screen.findByText('production, 15m')).toBeVisible();
    await page.choose(/Placement/, /staging/);
    await page.addressHas('placement=staging');
    await waitFor(() =>
      expect(screen.queryByText('production, 15m')).not.toBeInTheDocument(),
    );
    expect(screen.getByText('Loading')).toBeInTheDocument();

    ofStaging.resolve(routesView(NOON, staging));
    expect(await screen.findByText('staging, 15m')).toBeVisible();
  });

  it('goes on with the placement and time chosen before where a link forgot them', async () => {
    const asked = () => {
      const api = mockMeshApi();
      return { api, page: renderOnEntityPage(<Probe />, { api }) };
    };
    const at = (id: string) => expect.objectContaining({ placement: id });
    renderOnEntityPage(<Probe />, {
      search: `?placement=${staging.id}&window=1h`,
    });
    await screen.findByText('production, 15m');
    cleanup();

    const { api, page } = asked();
    await waitFor(() =>
      expect(api.routes).toHaveBeenCalledWith(at(staging.id), { window: '1h' }),
    );
    expect(api.routes).not.toHaveBeenCalledWith(at(production.id), {
      window: '15m',
    });
    await page.addressHas('window=1h');
    cleanup();

    sessionStorage.setItem(
      'meshdeck.where.component:default/auth-service',
      'nonsense',
    );
    const { api: fresh } = asked();
    await waitFor(() =>
      expect(fresh.routes).toHaveBeenCalledWith(at(production.id), {
        window: '15m',
      }),
    );
  });

  it('keeps the last view, marked as busy, while another time window is asked for', async () => {
    const ofHour = deferred<RoutesView>();
    const page = renderOnEntityPage(<Probe />, {
      api: mockMeshApi({
        routes: (_, { window }) =>
          window === '15m' ? Promise.resolve(routesView()) : ofHour.promise,
      }),
    });
    const old = await screen.findByText('production, 15m');
    expect(old.parentElement).toHaveAttribute('aria-busy', 'false');
    await page.choose(/Time window/, 'Last hour');
    await waitFor(() =>
      expect(old.parentElement).toHaveAttribute('aria-busy', 'true'),
    );
    expect(old).toBeVisible();
    expect(
      screen.getByRole('progressbar', { name: 'Loading' }),
    ).toBeInTheDocument();

    ofHour.resolve({ ...routesView(), window: '1h' });
    expect(await screen.findByText('production, 1h')).toBeVisible();
    expect(screen.queryByRole('progressbar')).not.toBeInTheDocument();
  });

  it('finds the placement of an entity that was mended meanwhile', async () => {
    const placements = jest
      .fn<Promise<PlacementsView>, []>()
      .mockRejectedValueOnce(responseError(503, 'starting'))
      .mockResolvedValueOnce({
        ...noAnnotationView,
        problems: [
          {
            code: 'not-ready',
            message: 'The clusters are being read.',
            fix: 'Wait a moment.',
          },
        ],
      })
      .mockResolvedValue(placementsView);
    const page = renderOnEntityPage(<Probe />, {
      api: mockMeshApi({ placements }),
    });
    expect(await screen.findByRole('alert')).toHaveTextContent('starting');
    await page.refresh();
    expect(
      await screen.findByText('The clusters are being read.'),
    ).toBeVisible();
    // It asks again by itself: this state has no refresh button to press.
    expect(
      await screen.findByText('production, 15m', {}, { timeout: 10_000 }),
    ).toBeVisible();
  }, 20_000);
});

import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import type { FleetPage, FleetQuery } from '@meshdeck/plugin-mesh-common';
import { controlPlanes, fleetPage, fleetRow } from '../__fixtures__/fleet';
import { NOON, prometheusDown } from '../__fixtures__/views';
import {
  mockMeshApi,
  renderOnEntityPage,
  responseError,
} from '../__testUtils__/renderOnEntityPage';
import { MeshFleet } from './MeshFleet';
import { saveFile } from './services/saveFile';

jest.mock('./services/saveFile');

const rowOf = (name: RegExp) =>
  within(screen.getByRole('table', { name: 'Services' })).getByRole('row', {
    name,
  });

/** Ends of certificates are told from now. */
const planesNow = async () => controlPlanes(Date.now());

function pageWith(more: Partial<FleetPage>) {
  return mockMeshApi({
    fleet: async () => ({ ...fleetPage(), ...more }),
    controlPlanes: planesNow,
  });
}

describe('MeshFleet', () => {
  it('answers first, then has every service with its health in words', async () => {
    renderOnEntityPage(<MeshFleet />, { api: pageWith({}) });
    await waitFor(() =>
      expect(
        screen.getByRole('status', { name: 'The mesh' }),
      ).toHaveTextContent(
        '3 services · 2 need attention · mTLS 96.4 % of requests · 1 certificate ends this week · control plane in sync',
      ),
    );
    expect(screen.getByRole('tab', { name: 'Services' })).toHaveAttribute(
      'aria-selected',
      'true',
    );
    const billing = rowOf(/billing/);
    expect(billing).toHaveTextContent(
      'Broken. 12 % of requests fail, most of them from gateway-service.',
    );
    // The word of the service's own pages.
    expect(rowOf(/legacy-batch/)).toHaveTextContent(
      'Needs attention. Not in the mesh',
    );
    expect(billing).toHaveTextContent('1 error, 2 warnings');
    expect(billing).toHaveTextContent('1 of 2 pods ready');
    expect(
      within(billing).getByRole('link', { name: 'billing' }),
    ).toHaveAttribute(
      'href',
      '/catalog/default/component/billing/mesh-routes?placement=production%3Aorion%3Abilling',
    );
    expect(
      within(billing).getByRole('link', { name: 'See Traces' }),
    ).toHaveAttribute(
      'href',
      '/catalog/default/component/billing/mesh-traces?placement=production%3Aorion%3Abilling&errors=true',
    );
    expect(
      within(billing).getByRole('link', { name: 'team-identity' }),
    ).toHaveAttribute('href', '/catalog/default/group/team-identity');
    const legacy = rowOf(/legacy-batch/);
    expect(within(legacy).queryByRole('link')).toBeNull();
    expect(legacy).toHaveTextContent('orion · outside the mesh');
    expect(legacy).toHaveTextContent('–');
    expect(rowOf(/auth-service/)).toHaveTextContent('canary 10 %');
    expect(screen.getByText(/^as of \d\d:\d\d:\d\d$/)).toBeVisible();
  });

  it('asks again on demand, and keeps what it has where that fails', async () => {
    const { api, refresh } = renderOnEntityPage(<MeshFleet />, {
      api: pageWith({}),
    });
    await screen.findByRole('table', { name: 'Services' });
    api.fleet.mockRejectedValueOnce(responseError(503, 'down'));
    await refresh();
    expect(
      await screen.findByText(/Shown is the last known state/),
    ).toBeVisible();
    expect(rowOf(/billing/)).toBeVisible();
  });

  it('keeps search, filters and order in the address', async () => {
    const { api, user, choose, addressHas } = renderOnEntityPage(
      <MeshFleet />,
      {
        search: '?after=somewhere',
      },
    );
    expect(api.fleet).toHaveBeenLastCalledWith(
      expect.objectContaining({ cursor: 'somewhere', sort: 'health' }),
    );
    const search = await screen.findByRole('searchbox', {
      name: 'Search services',
    });
    // Without a pause between the letters, however slow the machine is.
    for (const typed of ['b', 'bill', 'bill ', 'bill ing']) {
      fireEvent.change(search, { target: { value: typed } });
    }
    await addressHas('?q=bill+ing');
    await choose(/Any health/, 'Broken or needs attention');
    await addressHas('level=attention');
    await choose(/Any namespace/, 'orion');
    await choose(/Any owner/, 'team-deals');
    await choose(/Any cluster/, 'staging');
    await user.click(screen.getByRole('button', { name: /^Requests/ }));
    await addressHas('sort=requests&order=desc');
    await user.click(screen.getByRole('button', { name: /^Requests/ }));
    await addressHas('order=asc');
    await waitFor(() =>
      expect(api.fleet).toHaveBeenLastCalledWith({
        text: 'bill ing',
        level: 'attention',
        namespace: 'orion',
        owner: 'group:default/team-deals',
        cluster: 'staging',
        sort: 'requests',
        descending: false,
        limit: 50,
      } satisfies FleetQuery),
    );
    expect(
      screen.getByRole('columnheader', { name: /^Requests/ }),
    ).toHaveAttribute('aria-sort', 'ascending');
    // What was typed last counts: a search is not asked for letter by letter.
    expect(
      new Set(api.fleet.mock.calls.flatMap(([{ text }]) => text || [])),
    ).toEqual(new Set(['bill ing']));
    await user.click(screen.getByRole('button', { name: 'Clear filters' }));
    await waitFor(() => expect(screen.getByRole('searchbox')).toHaveValue(''));
    await addressHas('?sort=requests&order=asc');
  });

  it('begins again at the first page when the order changes', async () => {
    const { api, user } = renderOnEntityPage(<MeshFleet />, {
      search: '?after=somewhere',
    });
    await user.click(await screen.findByRole('button', { name: /^Owner/ }));
    await waitFor(() =>
      expect(api.fleet).toHaveBeenLastCalledWith(
        expect.objectContaining({ sort: 'owner' }),
      ),
    );
    await waitFor(() =>
      expect(api.fleet).toHaveBeenLastCalledWith(
        expect.not.objectContaining({ cursor: expect.anything() }),
      ),
    );
  });

  it('turns the pages there and back', async () => {
    const pages: Record<string, Partial<FleetPage>> = {
      first: { next: 'after-50', rows: [fleetRow('first')] },
      'after-50': {
        offset: 50,
        next: 'after-100',
        previous: 'before-50',
        rows: [fleetRow('second')],
      },
      'after-100': {
        offset: 100,
        previous: 'before-100',
        rows: [fleetRow('third')],
      },
      'before-100': {
        offset: 50,
        next: 'after-100',
        previous: 'before-50',
        rows: [fleetRow('second')],
      },
    };
    const { user, addressHas } = renderOnEntityPage(<MeshFleet />, {
      api: mockMeshApi({
        fleet: async ({ cursor = 'first' }) => ({
          ...fleetPage(),
          total: 101,
          ...pages[cursor],
        }),
      }),
    });
    expect(await screen.findByText('1 - 50 of 101')).toBeVisible();
    await user.click(screen.getByRole('button', { name: /next/i }));
    expect(await screen.findByText('51 - 100 of 101')).toBeVisible();
    await user.click(screen.getByRole('button', { name: /next/i }));
    expect(await screen.findByText('third')).toBeVisible();
    await user.click(screen.getByRole('button', { name: /previous/i }));
    await addressHas('after=before-100');
    await user.click(screen.getByRole('button', { name: /previous/i }));
    expect(await screen.findByText('first')).toBeVisible();
    await waitFor(() =>
      expect(screen.getByLabelText('address')).not.toHaveTextContent('after'),
    );
  });

  it('downloads all rows that fit, not only those of the page', async () => {
    const { api, user } = renderOnEntityPage(<MeshFleet />, {
      search: '?namespace=orion&after=somewhere',
    });
    await user.click(
      await screen.findByRole('button', { name: 'Download CSV' }),
    );
    await waitFor(() =>
      expect(saveFile).toHaveBeenCalledWith(
        'mesh-services.csv',
        'text/csv',
        'cluster,namespace,service\r\n',
      ),
    );
    expect(api.fleetCsv).toHaveBeenCalledWith(
      expect.not.objectContaining({ cursor: expect.anything() }),
    );
    api.fleetCsv.mockRejectedValueOnce(responseError(500, 'broken'));
    await user.click(screen.getByRole('button', { name: 'Download CSV' }));
    expect(await screen.findByText('Nothing was downloaded')).toBeVisible();
  });

  it.each<[string, Partial<FleetPage>, RegExp]>([
    ['nothing fits', { rows: [], total: 0 }, /No service fits these filters/],
    [
      'there is nothing',
      {
        rows: [],
        total: 0,
        summary: {
          services: 0,
          needAttention: 0,
          broken: 0,
          notKnown: 0,
          outsideMesh: 0,
          pending: 0,
        },
      },
      /No cluster has a Service with a selector/,
    ],
    [
      'the portal has just started',
      {
        rows: [],
        total: 0,
        summary: {
          services: 12,
          needAttention: 0,
          broken: 0,
          notKnown: 0,
          outsideMesh: 0,
          pending: 12,
        },
      },
      /No service was looked at yet/,
    ],
    [
      'one source fails',
      {
        sources: prometheusDown(NOON).map(source => ({
          cluster: 'production',
          ...source,
        })),
      },
      /Prometheus does not answer/,
    ],
    [
      'a source has something to say',
      {
        sources: [
          {
            cluster: 'production',
            id: 'prometheus',
            status: 'ok',
            message: 'The numbers follow by themselves.',
          },
        ],
      },
      /The numbers follow by themselves/,
    ],
  ])('says so where %s', async (_name, more, words) => {
    renderOnEntityPage(<MeshFleet />, { api: pageWith(more) });
    expect(await screen.findByText(words)).toBeVisible();
  });

  it('names the permission to whoever lacks it', async () => {
    const forbidden = async () => {
      throw responseError(403, 'no');
    };
    renderOnEntityPage(<MeshFleet />, {
      api: mockMeshApi({ fleet: forbidden, controlPlanes: forbidden }),
    });
    expect(await screen.findByText(/mesh\.fleet\.read/)).toBeVisible();
  });
});

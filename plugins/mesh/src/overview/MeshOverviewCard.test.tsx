import { screen, waitFor, within } from '@testing-library/react';
import type { OverviewView } from '@meshdeck/plugin-mesh-common';
import {
  mockMeshApi,
  renderOnEntityPage,
  responseError,
} from '../__testUtils__/renderOnEntityPage';
import {
  NOON,
  noAnnotationView,
  overviewView,
  prometheusDown,
  staging,
} from '../__fixtures__/views';
import { MeshOverviewCard } from './MeshOverviewCard';

/** The tab that a link leads to. */
function tabOf(link: HTMLElement): string | undefined {
  return /mesh-\w+/.exec(link.getAttribute('href') ?? '')?.[0];
}

describe('MeshOverviewCard', () => {
  it('answers first, then shows four figures with their history', async () => {
    renderOnEntityPage(<MeshOverviewCard />);
    expect(
      await screen.findByText(/canary fails seven times as often/),
    ).toBeVisible();
    for (const [name, value] of [
      ['Requests', '120 req/s'],
      ['Errors', '0.3 %'],
      ['p99', '84 ms'],
      ['mTLS', '99.8 %'],
    ]) {
      const figure = screen
        .getAllByRole('term')
        .find(term => term.textContent === name)!.parentElement!;
      expect(figure).toHaveTextContent(value);
      expect(
        within(figure).getByRole('img', {
          name: new RegExp(`^${name} over the time window: from .* lowest`),
        }),
      ).toBeVisible();
    }
    expect(
      within(screen.getByRole('list', { name: 'Configuration' }))
        .getAllByRole('link')
        .map(link => [link.textContent, tabOf(link)]),
    ).toEqual([
      ['3 routes', 'mesh-routes'],
      ['canary 10 %', 'mesh-canary'],
      ['1 warning', 'mesh-routes'],
    ]);
    expect(
      screen.getByText(/auth-service 3 ready · auth-service-canary 1 ready/),
    ).toBeVisible();
  });

  it('leads to the tabs at the same placement', async () => {
    renderOnEntityPage(<MeshOverviewCard />, {
      search: `?placement=${staging.id}&trace=x`,
    });
    const tabs = await screen.findByRole('navigation', { name: 'Mesh tabs' });
    const hrefs = within(tabs)
      .getAllByRole('link')
      .map(link => [link.textContent, link.getAttribute('href')]);
    const page = '/catalog/default/component/auth-service';
    const kept = '?placement=staging%3Aorion%3Aauth-service';
    expect(hrefs).toEqual([
      ['Routes', `${page}/mesh-routes${kept}`],
      ['mTLS', `${page}/mesh-security${kept}`],
      ['Traces', `${page}/mesh-traces${kept}`],
      ['Canary', `${page}/mesh-canary${kept}`],
      ['Topology', `${page}/mesh-topology${kept}`],
    ]);
  });

  it('leads from each figure to the tab that says more, and shows the day before behind it', async () => {
    renderOnEntityPage(<MeshOverviewCard />);
    await screen.findByText('120 req/s');
    const links = screen
      .getAllByRole('term')
      .map(term => within(term).getByRole('link'))
      .map(link => [link.textContent, tabOf(link)]);
    expect(links).toEqual([
      ['Requests', 'mesh-topology'],
      ['Errors', 'mesh-traces'],
      ['p99', 'mesh-traces'],
      ['mTLS', 'mesh-security'],
    ]);
    expect(
      screen.getByRole('img', { name: /^Requests.*; a day before, 10\d req/ }),
    ).toBeVisible();
    expect(screen.getByText(/dashed line is the day before/)).toBeVisible();
  });

  it('leads from errors, and from a verdict about them, to the traces that failed', async () => {
    renderOnEntityPage(<MeshOverviewCard />, {
      api: mockMeshApi({
        overview: async () => ({
          ...overviewView(),
          verdict: {
            level: 'error',
            sentence: '12 % of requests fail.',
            tab: 'traces',
          },
        }),
      }),
    });
    for (const name of ['See Traces', 'Errors']) {
      expect(
        (await screen.findByRole('link', { name })).getAttribute('href'),
      ).toMatch(/mesh-traces\?(.*&)?errors=true$/);
    }
  });

  it('names three alerts and counts the rest', async () => {
    const alerts = ['A', 'B', 'C', 'D', 'E'].map(name => ({
      name,
      state: 'pending' as const,
      level: 'error' as const,
    }));
    renderOnEntityPage(<MeshOverviewCard />, {
      api: mockMeshApi({
        overview: async () => ({ ...overviewView(), alerts }),
      }),
    });
    const list = await screen.findByRole('list', { name: 'Alerts' });
    expect(
      within(list)
        .getAllByRole('listitem')
        .map(item => item.textContent),
    ).toEqual([
      'A may fire soon',
      'B may fire soon',
      'C may fire soon',
      'and 2 more alerts',
    ]);
  });

  it('names its owner and the alerts that fire', async () => {
    renderOnEntityPage(<MeshOverviewCard />);
    const alerts = await screen.findByRole('list', { name: 'Alerts' });
    expect(alerts).toHaveTextContent(
      /ServiceErrorRateHigh firing for .*: More than 1 %/,
    );
    expect(screen.getByRole('link', { name: /team-identity/ })).toHaveAttribute(
      'href',
      '/catalog/default/group/team-identity',
    );
  });

  it('tells workloads of one name apart by their version', async () => {
    const view = overviewView();
    view.workloads = view.workloads.map(workload => ({
      ...workload,
      name: 'auth-service',
    }));
    renderOnEntityPage(<MeshOverviewCard />, {
      api: mockMeshApi({ overview: async () => view }),
    });
    expect(
      await screen.findByText(
        'auth-service v1.8.2 3 ready · auth-service v2.0.0-canary 1 ready',
        { exact: false },
      ),
    ).toBeVisible();
  });

  it('says that nothing fires, and nothing where nobody could be asked', async () => {
    const { refresh } = renderOnEntityPage(<MeshOverviewCard />, {
      api: mockMeshApi({
        overview: jest
          .fn<Promise<OverviewView>, []>()
          .mockResolvedValueOnce({ ...overviewView(), alerts: [] })
          .mockResolvedValue({ ...overviewView(), alerts: undefined }),
      }),
    });
    const nothing = await screen.findByText('No alert about it is firing.');
    await refresh();
    await waitFor(() => expect(nothing).not.toBeInTheDocument());
  });

  it('says what it means to be outside the mesh', async () => {
    renderOnEntityPage(<MeshOverviewCard />, {
      api: mockMeshApi({
        overview: jest.fn(async () => ({
          ...overviewView(),
          inMesh: false,
          outsideBecause: ['namespace orion is not labelled'],
        })),
      }),
    });
    expect(await screen.findByText('Not in the mesh')).toBeVisible();
    expect(screen.getByText('namespace orion is not labelled')).toBeVisible();
    expect(
      screen.getByRole('link', { name: 'Bring a service into the mesh' }),
    ).toHaveAttribute('href', '/create/templates/default/onboard-to-mesh');
  });

  it('shows what it does not know as not known', async () => {
    const view = {
      ...overviewView(),
      sources: prometheusDown(NOON),
      requestsPerSecond: { points: [] },
    };
    renderOnEntityPage(<MeshOverviewCard />, {
      api: mockMeshApi({ overview: jest.fn(async () => view) }),
    });
    expect(await screen.findByRole('alert')).toHaveTextContent('Prometheus');
    const requests = screen
      .getAllByRole('term')
      .find(term => term.textContent === 'Requests')!.parentElement!;
    expect(requests).toHaveTextContent('Requests–no data yet');
  });

  it('recovers from an error', async () => {
    const overview = jest
      .fn<Promise<OverviewView>, []>()
      .mockRejectedValueOnce(responseError(500, 'boom'))
      .mockResolvedValue(overviewView());
    const page = renderOnEntityPage(<MeshOverviewCard />, {
      api: mockMeshApi({ overview }),
    });
    expect(await screen.findByRole('alert')).toHaveTextContent('boom');
    await page.refresh();
    expect(await screen.findByText('120 req/s')).toBeVisible();
  });

  it('says which lines an entity without annotation lacks', async () => {
    renderOnEntityPage(<MeshOverviewCard />, {
      api: mockMeshApi({ placements: jest.fn(async () => noAnnotationView) }),
    });
    expect(
      await screen.findByRole('button', { name: 'Copy these lines' }),
    ).toBeVisible();
  });
});

import { screen, within } from '@testing-library/react';
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

describe('MeshOverviewCard', () => {
  it('answers first, then shows four figures with their course', async () => {
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
      screen.getByText(/3 routes · canary 10 % · 1 warning/),
    ).toBeVisible();
    expect(
      screen.getByText(/auth-service 3 ready · auth-service-canary 1 ready/),
    ).toBeVisible();
  });

  it('leads to the four tabs at the same placement', async () => {
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
    ]);
  });

  it('says what it means to be outside the mesh', async () => {
    renderOnEntityPage(<MeshOverviewCard />, {
      api: mockMeshApi({
        overview: jest.fn(async () => ({ ...overviewView(), inMesh: false })),
      }),
    });
    expect(await screen.findByText('Not in the mesh')).toBeVisible();
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
    expect(requests).toHaveTextContent('Requests–no course yet');
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

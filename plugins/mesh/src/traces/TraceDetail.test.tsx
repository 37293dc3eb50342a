import { screen, within } from '@testing-library/react';
import type { TraceView } from '@meshdeck/plugin-mesh-common';
import { loginTrace } from '../__fixtures__/traces';
import { tracesView } from '../__fixtures__/views';
import {
  mockMeshApi,
  renderOnEntityPage,
  responseError,
} from '../__testUtils__/renderOnEntityPage';
import { TracesTab } from './TracesTab';

function renderTrace(more: Partial<TraceView> = {}) {
  return renderOnEntityPage(<TracesTab />, {
    search: '?trace=x',
    api: mockMeshApi({ trace: async () => ({ ...loginTrace(), ...more }) }),
  });
}

describe('a trace in place of the list', () => {
  it('leads to the same trace in the tracing system', async () => {
    renderTrace({
      externalUrl: 'https://jaeger.example.com/trace/x',
      externalName: 'Jaeger',
    });
    const link = await screen.findByRole('link', { name: 'Open in Jaeger' });
    expect(link).toHaveAttribute('href', 'https://jaeger.example.com/trace/x');
    expect(link).toHaveAttribute('target', '_blank');
    expect(link).toHaveAttribute('rel', expect.stringContaining('noopener'));
  });

  it('says how many spans are left out because of their times', async () => {
    renderTrace({ omittedSpans: 3 });
    expect(await screen.findByText(/^3 spans are left out/)).toBeVisible();
  });

  it('leads nowhere else where no address is known', async () => {
    renderTrace();
    await screen.findByRole('treegrid');
    expect(screen.queryByRole('link', { name: /^Open in/ })).toBeNull();
    expect(screen.queryByText(/left out/)).toBeNull();
  });

  it('has the whole of a long name, which the list shows on one line', async () => {
    const operation = 'x'.repeat(253);
    const { user } = renderOnEntityPage(<TracesTab />, {
      api: mockMeshApi({
        traces: async () => ({
          ...tracesView(),
          traces: [{ ...tracesView().traces[0], operation }],
        }),
        trace: async () => ({
          ...loginTrace(),
          spans: [{ ...loginTrace().spans[0], operation }],
        }),
      }),
    });
    const link = await screen.findByRole('link', { name: operation });
    expect(within(link).getByTitle(operation)).toHaveClass('name');
    await user.click(link);
    expect(
      await screen.findByRole('heading', { name: `Trace: ${operation}` }),
    ).toBeVisible();
  });

  it('leads from a span to the routes that sent it', async () => {
    const { user } = renderOnEntityPage(<TracesTab />, { search: '?trace=x' });
    await screen.findByRole('treegrid');
    screen.getByRole('treegrid').focus();
    await user.keyboard('{Enter}');
    const drawer = await screen.findByRole('dialog');
    expect(drawer).toHaveTextContent(
      'A route of the mesh sent it to subset stable of auth-service.orion.',
    );
    expect(
      within(drawer).getByRole('link', { name: 'See Routes' }),
    ).toHaveAttribute('href', expect.stringContaining('/mesh-routes'));
  });

  it('shows the tags of a span', async () => {
    const { user } = renderOnEntityPage(<TracesTab />, { search: '?trace=x' });
    const grid = await screen.findByRole('treegrid');
    await user.click(
      within(grid).getAllByRole('button', { name: /SELECT users/ })[0],
    );
    const drawer = await screen.findByRole('dialog', {
      name: 'user-db: SELECT users',
    });
    expect(drawer).toHaveTextContent('deadlock detected');
    expect(drawer).toHaveTextContent('takes 22 ms');
  });

  it('says so where a trace is gone', async () => {
    renderOnEntityPage(<TracesTab />, {
      search: '?trace=gone',
      api: mockMeshApi({
        trace: jest.fn<Promise<TraceView>, []>(async () => {
          throw responseError(404, 'trace gone is no longer stored');
        }),
      }),
    });
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('This trace cannot be shown');
    expect(alert).toHaveTextContent('trace gone is no longer stored');
  });
});

import { screen, within } from '@testing-library/react';
import type { TraceView } from '@meshdeck/plugin-mesh-common';
import { failedTrace, loginTrace } from '../__fixtures__/traces';
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
      'A route of the mesh sent it to subset stable of auth-service.',
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

  it('says first where and why it failed, and what came of that', async () => {
    renderTrace(failedTrace());
    expect(
      await screen.findByText(
        'The call from deals to stock [canary] failed first, with 503 UH. The destination had no healthy pod (UH). That happened 9 times. 2 more spans failed only because of that.',
      ),
    ).toBeVisible();
    expect(
      screen.getByRole('heading', { name: 'Trace: POST /api/deals' }),
    ).toBeVisible();
    expect(screen.queryByText(/longest gap/)).toBeNull();
  });

  it('says that a failure was made good', async () => {
    const trace = failedTrace();
    const [root, ...rest] = trace.spans;
    renderTrace({
      ...trace,
      spans: [
        {
          ...root,
          error: false,
          failed: undefined,
          tags: { ...root.tags, 'http.status_code': '200' },
        },
        ...rest,
      ],
    });
    expect(
      await screen.findByText(/answered with 200 all the same\.$/),
    ).toBeVisible();
  });

  it('shows of a span what matters first: asked, answered, sent to whom; the rest is folded', async () => {
    const { user } = renderTrace(failedTrace());
    const grid = await screen.findByRole('treegrid');
    grid.focus();
    await user.keyboard('{End}{ArrowRight}{ArrowDown}{Enter}');
    const drawer = await screen.findByRole('dialog', {
      name: 'deals: → stock [canary] GET /items',
    });
    const facts = within(drawer)
      .getAllByRole('term')
      .map(
        term => `${term.textContent}: ${term.nextElementSibling?.textContent}`,
      );
    expect(facts).toEqual([
      'Asked: GET /items',
      'Answer: 503 UH. The destination had no healthy pod (UH).',
      'Sent by: deals',
      'Sent to: stock [canary]',
    ]);
    expect(drawer).toHaveTextContent(
      'A route of the mesh sent it to subset canary of stock.',
    );
    expect(drawer).toHaveTextContent('failed first');
    const tags = within(drawer).getByRole('table', { name: 'Tags' });
    expect(tags).not.toBeVisible();
    await user.click(within(drawer).getByText('All of it: 6 tags'));
    expect(tags).toBeVisible();
  });

  it('says what the mesh did on each span that a proxy wrote, and how often it tried', async () => {
    const trace = failedTrace();
    const [root, server] = trace.spans;
    const { user } = renderTrace({
      ...trace,
      spans: [root, server, { ...server, spanId: 'second try' }],
    });
    const grid = await screen.findByRole('treegrid');
    grid.focus();
    await user.keyboard('{Enter}');
    const drawer = await screen.findByRole('dialog');
    expect(drawer).toHaveTextContent('2 tries; the last one decided');
    await user.keyboard('{Escape}');
    grid.focus();
    await user.keyboard('{ArrowDown}{Enter}');
    const next = await screen.findByRole('dialog', { name: /^deals:/ });
    expect(next).toHaveTextContent(
      'The proxy let it in and handed it to the application on port 8080.',
    );
    expect(next).toHaveTextContent('Versionv3');
  });

  it('says first that a trace has expired, not that the plugin may be missing', async () => {
    renderOnEntityPage(<TracesTab />, {
      search: '?trace=gone',
      api: mockMeshApi({
        trace: jest.fn<Promise<TraceView>, []>(async () => {
          throw responseError(404, 'There is no trace gone.');
        }),
      }),
    });
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent(
      /^This trace has expired, or is not in the store/,
    );
    expect(alert).toHaveTextContent('There is no trace gone.');
    expect(alert).not.toHaveTextContent(/installed/);
  });

  it('says otherwise why a trace cannot be shown', async () => {
    renderOnEntityPage(<TracesTab />, {
      search: '?trace=x',
      api: mockMeshApi({
        trace: jest.fn<Promise<TraceView>, []>(async () => {
          throw responseError(502, 'bad gateway');
        }),
      }),
    });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      /^This trace cannot be shown.*bad gateway/,
    );
  });
});

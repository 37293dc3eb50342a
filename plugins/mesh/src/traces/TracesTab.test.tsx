import { screen, waitFor, within } from '@testing-library/react';
import type { TracesView } from '@meshdeck/plugin-mesh-common';
import {
  mockMeshApi,
  renderOnEntityPage,
  responseError,
} from '../__testUtils__/renderOnEntityPage';
import { loginTrace } from '../__fixtures__/traces';
import {
  NOON,
  noAnnotationView,
  opinionView,
  production,
  staging,
  tracesView,
} from '../__fixtures__/views';
import { TracesTab } from './TracesTab';

const [newest] = tracesView().traces;

describe('TracesTab', () => {
  it('shows the traces in a list and as points, errors with another shape', async () => {
    renderOnEntityPage(<TracesTab />);
    const list = await screen.findByRole('table', { name: 'Traces found' });
    expect(within(list).getAllByRole('row')).toHaveLength(61);
    expect(
      screen.getByText(/the newest 60 traces of auth-service; there/),
    ).toBeVisible();

    const failed = screen.getAllByRole('button', { name: /, error, / });
    const well = screen.getAllByRole('button', { name: /, ok, / });
    expect([failed.length, well.length]).toEqual([3, 57]);
    expect(failed[0].querySelector('path')).not.toBeNull();
    expect(well[0].querySelector('path')).toBeNull();
    expect(within(list).getAllByText(/error 503/)).toHaveLength(3);
  });

  it('asks with the filters a person set and keeps them in the address', async () => {
    const page = renderOnEntityPage(<TracesTab />);
    const { user, api } = page;
    await page.choose(/Operation/, 'GET /api/auth/me');
    await user.type(screen.getByLabelText('Tags'), 'x-user-id=u-4711, a=b');
    await user.type(screen.getByLabelText('Min. duration, ms'), '250');
    await user.click(screen.getByLabelText('Errors only'));
    await page.choose(/At most/, '100');
    await user.click(screen.getByRole('button', { name: 'Find traces' }));

    await waitFor(() =>
      expect(api.traces).toHaveBeenLastCalledWith(
        {
          entityRef: 'component:default/auth-service',
          placement: production.id,
        },
        {
          window: '15m',
          operation: 'GET /api/auth/me',
          tags: { 'x-user-id': 'u-4711', a: 'b' },
          minDurationMs: 250,
          errorsOnly: true,
          limit: 100,
        },
      ),
    );
    await page.addressHas('min=250');
    await page.addressHas('tags=x-user-id%3Du-4711%2C+a%3Db');
  });

  it.each([
    ['Slow (1 s and more)', { minDurationMs: 1000, limit: 50 }],
    ['Errors', { errorsOnly: true, limit: 50 }],
    ['All', { limit: 50 }],
  ])('has the saved search %s', async (name, query) => {
    const { user, api } = renderOnEntityPage(<TracesTab />, {
      search: '?operation=old',
    });
    await user.click(await screen.findByRole('button', { name }));
    await waitFor(() =>
      expect(api.traces.mock.lastCall?.[1]).toEqual({
        window: '15m',
        ...query,
      }),
    );
  });

  it('asks for the traces of one version', async () => {
    const page = renderOnEntityPage(<TracesTab />);
    await page.choose(/Version/, 'canary');
    await page.user.click(screen.getByRole('button', { name: 'Find traces' }));
    await waitFor(() =>
      expect(page.api.traces.mock.lastCall?.[1]).toEqual({
        window: '15m',
        version: 'canary',
        limit: 50,
      }),
    );
    await page.addressHas('version=canary');
  });

  it('offers no version where there is one only', async () => {
    renderOnEntityPage(<TracesTab />, {
      api: mockMeshApi({
        traces: async () => ({ ...tracesView(), versions: ['v1'] }),
      }),
    });
    await screen.findByRole('table', { name: 'Traces found' });
    expect(screen.queryByLabelText(/Version/)).toBeNull();
  });

  it('says what the traces are a sample of, and never that the service is all right', async () => {
    renderOnEntityPage(<TracesTab />, {
      api: mockMeshApi({
        traces: async () => ({
          ...tracesView(),
          remark: {
            level: 'ok',
            sentence: '50 traces of the last 4 s; 0 failed.',
          },
        }),
      }),
    });
    expect(
      await screen.findByText('50 traces of the last 4 s; 0 failed.'),
    ).toBeVisible();
    expect(screen.queryByText(/All right/)).toBeNull();
  });

  it.each([
    ['By user…', 'x-user-id='],
    ['By tenant…', 'x-tenant-id='],
  ])('prepares the search %s and waits for the value', async (name, tags) => {
    const { user, api } = renderOnEntityPage(<TracesTab />);
    await user.click(await screen.findByRole('button', { name }));
    const field = screen.getByLabelText('Tags');
    expect(field).toHaveValue(tags);
    expect(field).toHaveFocus();
    await user.type(field, '7{Enter}');
    const key = tags.slice(0, -1);
    await waitFor(() =>
      expect(api.traces.mock.lastCall?.[1].tags).toEqual({ [key]: '7' }),
    );
  });

  it('does not search with what it cannot read', async () => {
    const { user } = renderOnEntityPage(<TracesTab />);
    await user.type(await screen.findByLabelText('Tags'), 'nothing');
    await user.type(screen.getByLabelText('Min. duration, ms'), 'long');
    expect(screen.getByText(/"nothing" is not of the form/)).toBeVisible();
    expect(screen.getByText('A number of milliseconds.')).toBeVisible();
    expect(screen.getByRole('button', { name: 'Find traces' })).toBeDisabled();
  });

  it('opens a trace in place from the list, and goes back', async () => {
    const { user, api, addressHas } = renderOnEntityPage(<TracesTab />);
    const list = await screen.findByRole('table', { name: 'Traces found' });
    await user.click(
      within(list).getAllByRole('link', { name: newest.operation })[0],
    );
    expect(await screen.findByRole('treegrid')).toBeVisible();
    await addressHas(`trace=${newest.traceId}`);
    expect(api.trace).toHaveBeenCalledWith(
      expect.objectContaining({ placement: production.id }),
      { traceId: newest.traceId },
    );
    expect(screen.getByText('8 spans')).toBeVisible();

    await user.click(screen.getByRole('button', { name: 'Back to the list' }));
    expect(
      await screen.findByRole('table', { name: 'Traces found' }),
    ).toBeVisible();
  });

  it('opens a trace from its point with the keyboard', async () => {
    const { user, addressHas } = renderOnEntityPage(<TracesTab />);
    await screen.findByRole('table', { name: 'Traces found' });
    const points = screen.getAllByRole('button', { name: /, (ok|error), / });
    expect(points.filter(point => point.tabIndex === 0)).toHaveLength(1);
    points[0].focus();
    await user.keyboard('{ArrowRight}{ArrowRight}{ArrowLeft}');
    expect(points[1]).toHaveFocus();
    await user.keyboard('{Enter}');
    // Points stand in the order of time, the list has the newest first.
    await addressHas(`trace=${tracesView().traces[58].traceId}`);
  });

  it('selects several points with the keyboard, and searches for what takes as long', async () => {
    const { user, addressHas } = renderOnEntityPage(<TracesTab />);
    const list = await screen.findByRole('table', { name: 'Traces found' });
    const points = screen.getAllByRole('button', { name: /, (ok|error), / });
    points[0].focus();
    await user.keyboard('{Shift>}{ArrowRight}{ArrowRight}{/Shift}');
    expect(screen.getByText(/^\d+ selected: /)).toBeVisible();
    expect(within(list).getAllByRole('row').length).toBeLessThan(10);

    await user.keyboard('{Escape}');
    expect(screen.queryByText(/selected: /)).not.toBeInTheDocument();
    expect(within(list).getAllByRole('row')).toHaveLength(61);

    await user.keyboard('{Shift>}{ArrowRight}{/Shift}');
    await user.click(
      screen.getByRole('button', { name: /^Search .* and more/ }),
    );
    await addressHas('min=');
  });

  it('sets two traces of the list against each other', async () => {
    const { user, addressHas } = renderOnEntityPage(<TracesTab />, {
      api: mockMeshApi({
        trace: jest.fn(async (_, { traceId }) => ({
          ...loginTrace(),
          durationMs: traceId === newest.traceId ? 184 : 200,
        })),
      }),
    });
    const list = await screen.findByRole('table', { name: 'Traces found' });
    const boxes = within(list).getAllByRole('checkbox');
    await user.click(boxes[0]);
    await user.click(boxes[1]);
    expect(boxes[2]).toBeDisabled();
    await user.click(screen.getByRole('button', { name: 'Compare the two' }));

    const table = await screen.findByRole('table', {
      name: 'Operations of both traces',
    });
    expect(
      within(table).getByRole('row', { name: /^The whole trace/ }),
    ).toHaveTextContent('16 ms longer');
    expect(
      within(table).getByRole('row', { name: /SELECT users/ }),
    ).toHaveTextContent('40 ms in 2 spans');
    await addressHas(`trace=${newest.traceId}&with=`);
    await user.click(screen.getByRole('button', { name: 'Back to the list' }));
    await screen.findByRole('table', { name: 'Traces found' });
  });

  it('shows callers and callees of the traces, and where to look further', async () => {
    renderOnEntityPage(<TracesTab />);
    const table = await screen.findByRole('table', {
      name: 'Callers and callees',
    });
    expect(
      within(table).getByRole('row', { name: /gateway-service/ }),
    ).toHaveTextContent('calls this service605 %');
    expect(
      await screen.findByRole('link', { name: 'Istio Service Dashboard' }),
    ).toHaveAttribute('href', 'https://grafana.example.com/d/LJ_uJAvmk');
    expect(screen.queryByLabelText('Second opinion')).not.toBeInTheDocument();
  });

  it('says what Kiali sees otherwise', async () => {
    renderOnEntityPage(<TracesTab />, {
      api: mockMeshApi({
        opinion: jest.fn(async () => ({
          ...opinionView(),
          differs: 'Kiali says Healthy, Meshdeck says a warning.',
          validations: [
            {
              code: 'KIA1107',
              object: { kind: 'VirtualService', name: 'auth-service' },
              path: 'spec.http[0]',
              severity: 'warning' as const,
              message: 'Subset not found',
            },
          ],
        })),
      }),
    });
    const opinion = await screen.findByLabelText('Second opinion');
    expect(opinion).toHaveTextContent(
      'Kiali says Healthy, Meshdeck says a warning. Open in Kiali',
    );
    expect(opinion).toHaveTextContent(
      'KIA1107 Subset not found VirtualService auth-service, spec.http[0]',
    );
  });

  it('says what to do where nothing is found', async () => {
    renderOnEntityPage(<TracesTab />, {
      api: mockMeshApi({
        traces: jest.fn(async () => ({ ...tracesView(), traces: [] })),
      }),
    });
    expect(
      await screen.findByText(/No trace of auth-service fits/),
    ).toBeVisible();
  });

  it('names the tracing system where it is down or not configured', async () => {
    const traces = jest
      .fn<Promise<TracesView>, []>()
      .mockResolvedValueOnce({
        ...tracesView(),
        sources: [{ id: 'traces', status: 'down', message: 'Timeout.' }],
      })
      .mockResolvedValue({
        ...tracesView(),
        sources: [{ id: 'traces', status: 'absent' }],
      });
    const page = renderOnEntityPage(<TracesTab />, {
      api: mockMeshApi({ traces }),
    });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'The tracing system does not answer',
    );
    await page.refresh();
    expect(
      await screen.findByText('The tracing system is not configured'),
    ).toBeVisible();
  });

  it('recovers from an error', async () => {
    const traces = jest
      .fn<Promise<TracesView>, []>()
      .mockRejectedValueOnce(responseError(502, 'bad gateway'))
      .mockResolvedValue(tracesView());
    const page = renderOnEntityPage(<TracesTab />, {
      api: mockMeshApi({ traces }),
    });
    expect(await screen.findByRole('alert')).toHaveTextContent('bad gateway');
    await page.refresh();
    expect(
      await screen.findByRole('table', { name: 'Traces found' }),
    ).toBeVisible();
  });

  it('says which lines an entity without annotation lacks', async () => {
    renderOnEntityPage(<TracesTab />, {
      api: mockMeshApi({ placements: jest.fn(async () => noAnnotationView) }),
    });
    expect(
      await screen.findByRole('button', { name: 'Copy these lines' }),
    ).toBeVisible();
  });

  it('leaves a trace behind when the placement is switched', async () => {
    const traces = jest.fn(async ({ placement }: { placement: string }) => ({
      ...tracesView(NOON, placement === staging.id ? staging : production),
      serviceName: placement,
    }));
    const page = renderOnEntityPage(<TracesTab />, {
      search: '?trace=x',
      api: mockMeshApi({ traces, trace: jest.fn(async () => loginTrace()) }),
    });
    await screen.findByRole('treegrid');
    await page.choose(/Placement/, /staging/);
    expect(
      await screen.findByText(/traces of staging:orion:auth-service/),
    ).toBeVisible();
    expect(screen.queryByRole('treegrid')).not.toBeInTheDocument();
  });
});

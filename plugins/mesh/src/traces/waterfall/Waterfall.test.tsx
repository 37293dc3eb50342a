import { fireEvent, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { failedTrace, largeTrace, loginTrace } from '../../__fixtures__/traces';
import { renderInEnglish } from '../../__testUtils__/renderInEnglish';
import { ROW_HEIGHT } from './useVirtualRows';
import { Waterfall } from './Waterfall';

function names(): (string | null)[] {
  return screen.getAllByRole('row').map(row => row.getAttribute('aria-label'));
}

describe('Waterfall', () => {
  it('shows spans where they stand in time and in the tree', () => {
    renderInEnglish(
      <Waterfall trace={loginTrace()} namespace="orion" onOpen={() => {}} />,
    );
    expect(names()).toEqual([
      'orion-gateway, → auth-service [stable] POST /api/auth/login, 184 ms, on the critical path',
      'gateway-service, POST /api/auth/login, 180 ms',
      'gateway-service, rate-limit, 4 ms',
      'auth-service, POST /api/auth/login, 171 ms, on the critical path',
      'auth-service, verify password, 96 ms, on the critical path',
      'user-db, SELECT users, 22 ms, error',
      'user-db, SELECT users, 18 ms, on the critical path',
      'auth-service, sign token, 24 ms, on the critical path',
    ]);
    const rows = screen.getAllByRole('row');
    expect(rows.map(row => row.getAttribute('aria-level'))).toEqual([
      '1',
      '2',
      '3',
      '3',
      '4',
      '4',
      '4',
      '4',
    ]);
    const bar = rows[4].querySelector<HTMLElement>('[style*="width"]')!;
    expect(parseFloat(bar.style.left)).toBeCloseTo((12 / 184) * 100);
    expect(parseFloat(bar.style.width)).toBeCloseTo((96 / 184) * 100);
  });

  it('keeps only the visible rows in the page, for ten thousand spans', () => {
    renderInEnglish(
      <Waterfall
        trace={largeTrace(10_000)}
        namespace="orion"
        onOpen={() => {}}
      />,
    );
    const grid = screen.getByRole('treegrid');
    expect(grid).toHaveAttribute('aria-rowcount', '10000');
    expect(screen.getAllByRole('row').length).toBeLessThan(60);
    expect(names()[0]).toMatch('step 0');

    fireEvent.scroll(grid, { target: { scrollTop: 5_000 * ROW_HEIGHT } });
    expect(screen.getAllByRole('row').length).toBeLessThan(60);
    expect(screen.getByRole('row', { name: /step 5005,/ })).toHaveAttribute(
      'aria-rowindex',
      '5006',
    );
    expect(screen.queryByRole('row', { name: /step 0,/ })).toBeNull();
  });

  it('goes through the spans with the keyboard, to the last one and back', async () => {
    const user = userEvent.setup();
    const onOpen = jest.fn();
    renderInEnglish(
      <Waterfall
        trace={largeTrace(10_000)}
        namespace="orion"
        onOpen={onOpen}
      />,
    );
    const grid = screen.getByRole('treegrid');
    const active = () =>
      document.getElementById(grid.getAttribute('aria-activedescendant')!);
    grid.focus();
    await user.keyboard('{ArrowDown}{ArrowDown}{ArrowUp}');
    expect(active()).toHaveAccessibleName(/step 1,/);
    await user.keyboard('{End}');
    expect(active()).toHaveAccessibleName(/step 9999,/);
    await user.keyboard('{Enter}');
    expect(onOpen).toHaveBeenCalledWith(
      expect.objectContaining({ spanId: 'span-9999' }),
    );
    await user.keyboard('{Home}');
    expect(active()).toHaveAccessibleName(/step 0,/);
  });

  it('folds what is below a span and unfolds it again', async () => {
    const user = userEvent.setup();
    const onOpen = jest.fn();
    renderInEnglish(
      <Waterfall trace={loginTrace()} namespace="orion" onOpen={onOpen} />,
    );
    const service = screen.getByRole('row', { name: /^auth-service, POST/ });
    await user.click(within(service).getByRole('button', { name: 'Fold' }));
    expect(screen.getAllByRole('row')).toHaveLength(4);
    expect(
      screen.getByRole('row', { name: /^auth-service, POST/ }),
    ).toHaveAttribute('aria-expanded', 'false');

    screen.getByRole('treegrid').focus();
    await user.keyboard('{End}{ArrowRight}');
    expect(screen.getAllByRole('row')).toHaveLength(8);
    expect(onOpen).not.toHaveBeenCalled();
  });

  it('opens the span whose row is clicked, wherever, and keeps the focus for the keyboard', async () => {
    const user = userEvent.setup();
    const onOpen = jest.fn();
    renderInEnglish(
      <Waterfall
        trace={largeTrace(10_000)}
        namespace="orion"
        onOpen={onOpen}
      />,
    );
    const grid = screen.getByRole('treegrid');
    fireEvent.scroll(grid, { target: { scrollTop: 5_000 * ROW_HEIGHT } });
    const row = screen.getByRole('row', { name: /step 5005,/ });
    for (const place of [row, within(row).getByText('step 5005')]) {
      await user.click(place);
      expect(onOpen).toHaveBeenLastCalledWith(
        expect.objectContaining({ spanId: 'span-5005' }),
      );
    }
    expect(grid).toHaveFocus();
    expect(row).toHaveAttribute('aria-selected', 'true');
  });

  it('marks what failed first, mutes what failed because of it, and puts repeated calls together', async () => {
    const user = userEvent.setup();
    const onOpen = jest.fn();
    renderInEnglish(
      <Waterfall trace={failedTrace()} namespace="orion" onOpen={onOpen} />,
    );
    expect(names()).toEqual([
      'gateway.istio-system, → deals POST /api/deals, 536 ms, failed only because of another',
      'deals, POST /api/deals, 536 ms, failed only because of another',
      'deals, → stock [canary] GET /items, ×9, 63 ms together, failed first',
    ]);
    expect(screen.getByText('failed first 503 UH')).toBeVisible();
    expect(screen.getByText(/Filled red bars failed first/)).toBeVisible();
    expect(screen.getByText('100 ms')).toBeVisible();
    const [outer, , group] = screen.getAllByRole('row');
    expect(outer.querySelectorAll('.because')).toHaveLength(1);
    expect(group.querySelectorAll('.because')).toHaveLength(0);

    await user.click(group);
    expect(onOpen).not.toHaveBeenCalled();
    expect(screen.getAllByRole('row')).toHaveLength(12);
    await user.keyboard('{ArrowDown}{Enter}');
    expect(onOpen).toHaveBeenCalledWith(
      expect.objectContaining({ spanId: 'call-0' }),
    );
    await user.keyboard('{Home}{ArrowDown}{ArrowDown}{Enter}');
    expect(screen.getAllByRole('row')).toHaveLength(3);
  });

  it('does not fold away what failed first below calls that repeat each other', () => {
    const trace = failedTrace();
    const [root, server, ...calls] = trace.spans;
    renderInEnglish(
      <Waterfall
        trace={{
          ...trace,
          spans: [
            root,
            server,
            ...calls,
            { ...server, spanId: 'try 2' },
            { ...server, spanId: 'try 3' },
          ],
        }}
        namespace="orion"
        onOpen={() => {}}
      />,
    );
    const levels = screen
      .getAllByRole('row')
      .map(row => row.getAttribute('aria-level'));
    expect(levels).toEqual(['1', '2', '3', '4', '3', '3']);
    expect(screen.getByText('failed first 503 UH')).toBeVisible();
  });

  it('finds spans by a text, counts them and goes from one to the next, also where they are folded', async () => {
    const user = userEvent.setup();
    renderInEnglish(
      <Waterfall trace={failedTrace()} namespace="orion" onOpen={() => {}} />,
    );
    const grid = screen.getByRole('treegrid');
    const active = () =>
      document.getElementById(grid.getAttribute('aria-activedescendant')!);
    await user.type(screen.getByLabelText('Find in this trace'), 'CANARY');
    expect(await screen.findByText('9 spans')).toBeVisible();
    expect(screen.getByRole('row', { name: /×9.*found/ })).toHaveClass('match');
    await user.keyboard('{Enter}');
    expect(screen.getByText('1 of 9 spans')).toBeVisible();
    expect(active()).toHaveAttribute('aria-rowindex', '4');
    await user.click(screen.getByRole('button', { name: 'Next' }));
    expect(active()).toHaveAttribute('aria-rowindex', '5');
    await user.click(screen.getByRole('button', { name: 'Previous' }));
    await user.click(screen.getByRole('button', { name: 'Previous' }));
    expect(screen.getByText('9 of 9 spans')).toBeVisible();
    expect(active()).toHaveAttribute('aria-rowindex', '12');

    await user.clear(screen.getByLabelText('Find in this trace'));
    await user.type(screen.getByLabelText('Find in this trace'), 'nowhere');
    expect(await screen.findByText('0 spans')).toBeVisible();
    expect(screen.getByRole('button', { name: 'Next' })).toBeDisabled();
  });
});

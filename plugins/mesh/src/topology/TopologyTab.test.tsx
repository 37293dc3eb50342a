import { fireEvent, screen, within } from '@testing-library/react';
import type {
  TopologyEdge,
  TopologyNode,
  TopologyView,
} from '@meshdeck/plugin-mesh-common';
import {
  mockMeshApi,
  renderOnEntityPage,
} from '../__testUtils__/renderOnEntityPage';
import { NOON, prometheusDown, topologyView } from '../__fixtures__/views';
import { TopologyTab } from './TopologyTab';
import { zoomed } from './usePanZoom';

const graph = () =>
  screen.getByRole('application', { name: /^Graph of calls/ });
const transform = () =>
  graph().querySelector('svg > g')!.getAttribute('transform')!;
const table = (name: string) => screen.getByRole('table', { name });

function largeView(): TopologyView {
  const nodes = Array.from(
    { length: 199 },
    (_, at): TopologyNode => ({
      id: `n${at}`,
      kind: 'service',
      name: `caller-${at}`,
      namespace: 'many',
      isSubject: false,
      versions: [],
    }),
  );
  return {
    ...topologyView(),
    nodes: [topologyView().nodes[0], ...nodes],
    edges: nodes.map(
      ({ id }, at): TopologyEdge => ({
        from: id,
        to: topologyView().nodes[0].id,
        protocol: 'http',
        requestsPerSecond: 200 - at,
        errorShare: 0,
        p99Ms: 5,
        mtls: 'yes',
      }),
    ),
  };
}

describe('TopologyTab', () => {
  it('answers first, then shows nodes with their versions and edges with their numbers', async () => {
    renderOnEntityPage(<TopologyTab />);
    expect(
      await screen.findByText(/legacy-batch calls auth-service without/),
    ).toBeVisible();
    const drawing = within(graph());
    for (const words of [
      'auth-service',
      'v2.0.0-can…',
      '1 pod · 12 req/s · ⚠ 2.1 %',
      'gateway-service',
      'unknown callers',
      '119 req/s · 0.4 % err',
      'p99 84 ms',
      '96 req/s · ⚠ 2.3 % err',
      'plain',
      'not known',
    ]) {
      expect(drawing.getAllByText(words)[0]).toBeInTheDocument();
    }
  });

  it('marks a version that fails, or of which no pod answers, and its node', async () => {
    renderOnEntityPage(<TopologyTab />);
    await screen.findByText('Who calls whom');
    const marked = (name: string) => [
      ...new Set(
        [...graph().querySelectorAll(`.${name}`)].map(
          element => element.querySelector('text')!.textContent,
        ),
      ),
    ];
    expect(marked('failingNode')).toEqual(['legacy-batch', 'auth-service']);
    expect(marked('failingVersion')).toEqual(['latest', 'v2.0.0-can…']);
  });

  it('has its buttons beside the drawing, where they hide no node', async () => {
    renderOnEntityPage(<TopologyTab />);
    const zoom = await screen.findByRole('button', { name: 'Zoom in' });
    expect(zoom.closest('.foot')).toBeInTheDocument();
    expect(zoom.closest('.area')).not.toBeInTheDocument();
  });

  it('says in the tables all that the graph shows', async () => {
    renderOnEntityPage(<TopologyTab />);
    await screen.findByText('Who calls whom');
    const rows = within(table('Calls'))
      .getAllByRole('row')
      .slice(1)
      .map(row => [...row.children].map(cell => cell.textContent));
    expect(rows).toEqual(
      [
        [
          'gateway-service',
          'auth-service',
          '119 req/s',
          '0.4 %',
          '84 ms',
          'mTLS',
        ],
        ['auth-service', 'user-service', '96 req/s', '2.3 %', '31 ms', 'mTLS'],
        ['legacy-batch', 'auth-service', '0.2 req/s', '0 %', '120 ms', 'plain'],
        [
          'unknown callers',
          'auth-service',
          '0.5 conn/s · 12 kB/s (TCP)',
          '–',
          '–',
          'not known',
        ],
      ].map(row => row.map(text => expect.stringContaining(text))),
    );
    const marked = within(table('Calls'))
      .getAllByRole('row')
      .filter(row => row.children[3].querySelector('.warning'));
    expect(marked.map(row => row.children[3].textContent)).toEqual(['2.3 %']);
    const services = within(table('Services'))
      .getAllByRole('rowheader')
      .map(header => within(header).getByRole('button').textContent);
    expect(services).toEqual(topologyView().nodes.map(({ name }) => name));
    expect(
      within(table('Services')).getByRole('link', { name: /team-edge/ }),
    ).toBeInTheDocument();
  });

  it('opens a node from the graph and from the table, with the way to its own page', async () => {
    const { user } = renderOnEntityPage(<TopologyTab />);
    await screen.findByText('Who calls whom');
    await user.click(within(graph()).getByText('gateway-service'));
    const drawer = await screen.findByRole('dialog', {
      name: 'gateway-service',
    });
    expect(
      within(drawer).getByRole('link', { name: /gateway-service/ }),
    ).toHaveAttribute('href', '/catalog/default/component/gateway-service');
    expect(drawer).toHaveTextContent('119 req/s');
    expect(drawer).not.toHaveTextContent('96 req/s');
    await user.click(within(drawer).getByRole('button', { name: 'Close' }));

    const [batch] = within(table('Calls')).getAllByRole('button', {
      name: 'legacy-batch',
    });
    await user.click(batch);
    expect(
      await screen.findByRole('dialog', { name: 'legacy-batch' }),
    ).toHaveTextContent('no proxy');
  });

  it('moves and zooms by keyboard and by buttons', async () => {
    const { user } = renderOnEntityPage(<TopologyTab />);
    await screen.findByText('Who calls whom');
    const start = transform();
    graph().focus();
    await user.keyboard('{ArrowRight}{ArrowDown}');
    expect(transform()).not.toBe(start);
    await user.keyboard('0');
    expect(transform()).toBe(start);
    await user.keyboard('+');
    const near = transform();
    await user.keyboard('0');
    await user.click(screen.getByRole('button', { name: 'Zoom in' }));
    expect(transform()).toBe(near);
    await user.click(screen.getByRole('button', { name: 'Zoom out' }));
    expect(transform()).toMatch(/scale\(/);
    fireEvent.wheel(graph(), { deltaY: 100 });
    const unmoved = transform();
    fireEvent.wheel(graph(), { deltaY: 100, ctrlKey: true });
    expect(transform()).not.toBe(unmoved);
  });

  it('draws 200 nodes, and moves them without drawing them again', async () => {
    const { user } = renderOnEntityPage(<TopologyTab />, {
      api: mockMeshApi({ topology: jest.fn(async () => largeView()) }),
    });
    await screen.findByText('Who calls whom');
    expect(graph().querySelectorAll('svg > g rect')).toHaveLength(200);
    expect(within(table('Calls')).getAllByRole('row')).toHaveLength(51);
    await user.click(
      screen.getByRole('button', { name: 'Show all 199 calls' }),
    );
    expect(within(table('Calls')).getAllByRole('row')).toHaveLength(200);
    graph().focus();
    const changes: MutationRecord[] = [];
    const observer = new MutationObserver(records => changes.push(...records));
    observer.observe(graph().querySelector('svg')!, {
      subtree: true,
      childList: true,
      attributes: true,
    });
    await user.keyboard('{ArrowRight}{ArrowRight}{ArrowRight}');
    changes.push(...observer.takeRecords());
    expect(changes).toHaveLength(3);
  });

  it('asks for the system where the address says so, and keeps the choice there', async () => {
    const { api, addressHas, choose } = renderOnEntityPage(<TopologyTab />);
    await screen.findByText('Who calls whom');
    expect(api.topology).toHaveBeenLastCalledWith(expect.anything(), {
      window: '15m',
      scope: 'service',
    });
    await choose(/Scope/, 'All of orion');
    await addressHas('scope=system');
    expect(api.topology).toHaveBeenLastCalledWith(expect.anything(), {
      window: '15m',
      scope: 'system',
    });
  });

  it('says so where nobody calls, and what is missing without Prometheus', async () => {
    const view = topologyView();
    renderOnEntityPage(<TopologyTab />, {
      api: mockMeshApi({
        topology: jest.fn(async () => ({
          ...view,
          sources: prometheusDown(NOON),
          nodes: view.nodes.slice(0, 1),
          edges: [],
        })),
      }),
    });
    expect(await screen.findByText(/No calls were seen/)).toBeVisible();
    expect(screen.getByRole('alert')).toHaveTextContent('Prometheus');
  });
});

describe('zoomed', () => {
  it('keeps what is under the pointer there, within bounds', () => {
    const pose = { scale: 1, x: 10, y: 20 };
    const at = { x: 100, y: 50 };
    for (const factor of [0.0001, 0.5, 1.3, 1000]) {
      const next = zoomed(pose, factor, at);
      expect((at.x - next.x) / next.scale).toBeCloseTo(90);
      expect((at.y - next.y) / next.scale).toBeCloseTo(30);
      expect(next.scale).toBeGreaterThanOrEqual(0.1);
      expect(next.scale).toBeLessThanOrEqual(2);
    }
  });
});

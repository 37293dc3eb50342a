import type { TopologyEdge, TopologyNode } from '@meshdeck/plugin-mesh-common';
import { layoutTopology } from './layoutTopology';
import { fitScale, LABEL_WIDTH, NODE_WIDTH } from './placeColumns';

const node = (id: string, versions = 1): TopologyNode => ({
  id,
  kind: 'service',
  name: id,
  isSubject: false,
  versions: Array.from({ length: versions }, (_, at) => ({
    version: `v${at}`,
    pods: 1,
    readyPods: 1,
  })),
});

const edge = (line: string): TopologyEdge => {
  const [from, to] = line.split('>');
  return { from, to, protocol: 'http', mtls: 'yes', requestsPerSecond: 1 };
};

const graphOf = (...lines: string[]) => {
  const edges = lines.map(edge);
  const ids = new Set(edges.flatMap(({ from, to }) => [from, to]));
  return { nodes: [...ids].map(id => node(id)), edges };
};

const columnOf = (layout: ReturnType<typeof layoutTopology>) => {
  const xs = [...new Set(layout.nodes.map(({ x }) => x))].sort((a, b) => a - b);
  return Object.fromEntries(
    layout.nodes.map(placed => [placed.node.id, xs.indexOf(placed.x)]),
  );
};

/** Calls of 200 services at random, the same each time. */
function largeGraph() {
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed % below;
  };
  return {
    nodes: Array.from({ length: 200 }, (_, at) => node(`n${at}`, at % 4)),
    edges: Array.from({ length: 600 }, () =>
      edge(`n${random(200)}>n${random(200)}`),
    ),
  };
}

describe('layoutTopology', () => {
  it.each([
    [
      'callers left, those called right',
      graphOf('web>auth', 'batch>auth', 'auth>users'),
      { web: 0, batch: 0, auth: 1, users: 2 },
    ],
    [
      'a caller of one deep inside beside it',
      graphOf('a>b', 'b>c', 'late>c'),
      { a: 0, b: 1, late: 1, c: 2 },
    ],
    ['a circle somewhere', graphOf('a>b', 'b>a'), { a: 0, b: 1 }],
    ['who calls itself', graphOf('a>a', 'a>b'), { a: 0, b: 1 }],
  ])('puts %s', (_name, graph, columns) => {
    expect(columnOf(layoutTopology(graph))).toEqual(columns);
  });

  it('lets an edge to a node that is not there out', () => {
    const layout = layoutTopology({ nodes: [node('a')], edges: [edge('a>b')] });
    expect(layout.edges).toEqual([]);
  });

  it('draws 200 nodes and 600 edges within half a second, none over another, all inside', () => {
    const graph = largeGraph();
    const began = performance.now();
    const layout = layoutTopology(graph);
    expect(performance.now() - began).toBeLessThan(500);
    expect(layout.nodes).toHaveLength(200);
    for (const a of layout.nodes) {
      expect(a.x).toBeGreaterThanOrEqual(0);
      expect(a.x + NODE_WIDTH).toBeLessThanOrEqual(layout.width);
      expect(a.y + a.height).toBeLessThanOrEqual(layout.height);
      for (const b of layout.nodes) {
        const apart =
          a === b ||
          a.x !== b.x ||
          a.y + a.height <= b.y ||
          b.y + b.height <= a.y;
        expect(apart).toBe(true);
      }
    }
    for (const { path } of layout.edges) {
      expect(path).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  it('never lays the words of one edge over those of another', () => {
    const callers = Array.from({ length: 9 }, (_, at) => `c${at}>auth`);
    const oneHub = graphOf(...callers, 'auth>x', 'auth>y', 'auth>z');
    // Words of some edges at this end, of others at the other.
    const mixed = graphOf(
      ...['x', 'w'].flatMap(to => ['b', 'c', 'd'].map(from => `${from}>${to}`)),
      'a>x',
      'a>w',
      'a>y',
    );
    for (const graph of [oneHub, mixed]) {
      const { edges } = layoutTopology(graph);
      for (const a of edges) {
        for (const b of edges) {
          const apart =
            a === b ||
            Math.abs(a.label.x - b.label.x) >= LABEL_WIDTH ||
            Math.abs(a.label.y - b.label.y) >= 30;
          expect(apart).toBe(true);
        }
      }
    }
  });

  describe('of a whole system', () => {
    /** Six services in a row, four of them with a second caller. */
    const system = graphOf(
      'way>gateway',
      'gateway>auth',
      'auth>users',
      'users>billing',
      'billing>mail',
      'batch>users',
      'probe>billing',
      'gateway>users',
      'way>auth',
    );
    const room = { width: 1_090, height: 720 };

    it('is readable as a whole where it is too wide for one row', () => {
      expect(fitScale(layoutTopology(system), room)).toBeLessThan(0.5);
      const layout = layoutTopology(system, room);
      expect(fitScale(layout, room)).toBeGreaterThan(0.75);
      const bands = new Set(layout.nodes.map(({ band }) => band));
      expect([...bands]).toEqual([0, 1]);
      for (const a of layout.nodes) {
        expect(a.y + a.height).toBeLessThanOrEqual(layout.height);
        expect(a.x + NODE_WIDTH).toBeLessThanOrEqual(layout.width);
      }
      for (const { label, path } of layout.edges) {
        expect(label.x).toBeGreaterThanOrEqual(0);
        expect(path).not.toMatch(/[HV, M]-/);
      }
      const bottomOfFirst = Math.max(
        ...layout.nodes
          .filter(({ band }) => band === 0)
          .map(({ y, height }) => y + height),
      );
      const topOfSecond = Math.min(
        ...layout.nodes.filter(({ band }) => band === 1).map(({ y }) => y),
      );
      expect(bottomOfFirst).toBeLessThan(topOfSecond);
    });

    it('stays one row where that is readable, and where the window is too narrow for two columns', () => {
      const small = graphOf('way>gateway', 'gateway>auth');
      expect(layoutTopology(small, room)).toEqual(layoutTopology(small));
      const narrow = { width: 320, height: 720 };
      const { nodes } = layoutTopology(small, narrow);
      expect(new Set(nodes.map(({ y }) => y)).size).toBeLessThanOrEqual(3);
    });
  });
});

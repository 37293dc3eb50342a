import type { TopologyEdge, TopologyNode } from '@meshdeck/plugin-mesh-common';
import {
  LABEL_WIDTH,
  NODE_HEAD,
  NODE_WIDTH,
  placeColumns,
  VERSION_HEIGHT,
  type PlacedNode,
  type Size,
} from './placeColumns';

/** A node shows so many versions; the rest are in the table. */
export const MOST_VERSIONS = 4;
const LABEL_PITCH = 36;
/** For lines between two bands. */
const LANES = 8;
const LANE_PITCH = 6;
const LEAST_PER_COLUMN = 10;
/** More than these are not read at once anyhow. */
const MOST_IN_BANDS = 60;

export interface PlacedEdge {
  edge: TopologyEdge;
  path: string;
  /** Where the words stand: from here to the right, over and under the line. */
  label: { x: number; y: number };
}

/** Where everything stands. */
export interface TopologyLayout extends Size {
  nodes: PlacedNode[];
  edges: PlacedEdge[];
}

interface Graph {
  nodes: TopologyNode[];
  edges: TopologyEdge[];
}

type Side = 'left' | 'right';

/** Callers to the left of whom they call; takes time in proportion to the number of edges. Where it is told how much room there is, many columns are broken into bands. */
export function layoutTopology(graph: Graph, room?: Size): TopologyLayout {
  const known = new Set(graph.nodes.map(({ id }) => id));
  const edges = graph.edges.filter(
    ({ from, to }) => known.has(from) && known.has(to),
  );
  const columns = columnsOf({ nodes: graph.nodes, edges });
  const isLarge = graph.nodes.length > MOST_IN_BANDS;
  const labelEnds = new Map<TopologyEdge, Side>(
    edges.map(edge => [edge, isLarge ? quieterEnd(edge, edges) : 'left']),
  );
  const heights = heightsOf(graph.nodes, edges, labelEnds);
  const { nodes, gutters, ...size } = placeColumns(
    columns,
    heights,
    isLarge ? undefined : room,
  );
  return {
    ...size,
    nodes: [...nodes.values()],
    edges: placeEdges(edges, nodes, labelEnds, gutters),
  };
}

/** How high each node is drawn: so that the words at one side of it do not touch each other. */
function heightsOf(
  nodes: TopologyNode[],
  edges: TopologyEdge[],
  labelEnds: Map<TopologyEdge, Side>,
): Map<string, number> {
  const heights = new Map(nodes.map(node => [node.id, heightOf(node)]));
  const ends = [
    ['left', 'to'],
    ['right', 'from'],
  ] as const;
  for (const [side, end] of ends) {
    const met = new Map<string, { count: number; hasWords: boolean }>();
    for (const edge of edges) {
      const { count, hasWords } = met.get(edge[end]) ?? {
        count: 0,
        hasWords: false,
      };
      met.set(edge[end], {
        count: count + 1,
        hasWords: hasWords || labelEnds.get(edge) === side,
      });
    }
    for (const [id, { count, hasWords }] of met) {
      if (hasWords) {
        heights.set(id, Math.max(heights.get(id)!, count * LABEL_PITCH));
      }
    }
  }
  return heights;
}

function heightOf({ versions }: TopologyNode): number {
  const shown = Math.min(versions.length, MOST_VERSIONS);
  return NODE_HEAD + shown * VERSION_HEIGHT + (shown > 0 ? 8 : 0);
}

/** The end at which fewer edges meet: there is room for words. With all of them at one end none lie over others, but a node that many call would be very high. */
function quieterEnd(edge: TopologyEdge, edges: TopologyEdge[]): Side {
  const out = edges.filter(({ from }) => from === edge.from).length;
  const into = edges.filter(({ to }) => to === edge.to).length;
  return out < into ? 'right' : 'left';
}

/** Nodes by column, each column in an order that crosses few lines; a long column is broken into several. */
function columnsOf(graph: Graph): TopologyNode[][] {
  const ranks = ranksOf(graph);
  const layers: TopologyNode[][] = [];
  for (const node of graph.nodes) {
    const rank = ranks.get(node.id) ?? 0;
    layers[rank] = [...(layers[rank] ?? []), node];
  }
  const filled = layers.filter(Boolean);
  for (let sweep = 0; sweep < 3; sweep++) {
    filled.forEach((layer, index) => orderBy(layer, filled[index - 1], graph));
    for (let index = filled.length - 2; index >= 0; index--) {
      orderBy(filled[index], filled[index + 1], graph);
    }
  }
  return filled.flatMap(broken);
}

function broken(layer: TopologyNode[]): TopologyNode[][] {
  const perColumn = Math.max(
    LEAST_PER_COLUMN,
    Math.ceil(Math.sqrt(layer.length * 5)),
  );
  const count = Math.ceil(layer.length / perColumn);
  const even = Math.ceil(layer.length / count);
  return Array.from({ length: count }, (_, index) =>
    layer.slice(index * even, (index + 1) * even),
  );
}

/** How far right a node stands: beyond all who call it. Calls that close a circle don't count. */
function ranksOf({ nodes, edges }: Graph): Map<string, number> {
  const out = new Map<string, string[]>();
  const called = new Set<string>();
  for (const { from, to } of edges) {
    if (from !== to) {
      out.set(from, [...(out.get(from) ?? []), to]);
      called.add(to);
    }
  }
  const order: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const forward = new Map<string, string[]>();
  const visit = (start: string) => {
    // Without recursion: a chain may be as long as there are nodes.
    const stack: { id: string; next: number }[] = [{ id: start, next: 0 }];
    state.set(start, 'open');
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      const target = out.get(top.id)?.[top.next];
      if (target === undefined) {
        state.set(top.id, 'done');
        order.push(top.id);
        stack.pop();
      } else {
        top.next += 1;
        if (state.get(target) !== 'open') {
          forward.set(top.id, [...(forward.get(top.id) ?? []), target]);
        }
        if (!state.has(target)) {
          state.set(target, 'open');
          stack.push({ id: target, next: 0 });
        }
      }
    }
  };
  const first = nodes.filter(({ id }) => !called.has(id));
  for (const { id } of [...first, ...nodes]) {
    if (!state.has(id)) visit(id);
  }
  const ranks = new Map(nodes.map(({ id }) => [id, 0]));
  for (const id of order.reverse()) {
    for (const target of forward.get(id) ?? []) {
      ranks.set(target, Math.max(ranks.get(target)!, ranks.get(id)! + 1));
    }
  }
  // Who calls one deep inside stands beside it, not at the far left.
  for (const { id } of first) {
    const targets = (out.get(id) ?? []).map(target => ranks.get(target)!);
    if (targets.length > 0) ranks.set(id, Math.min(...targets) - 1);
  }
  return ranks;
}

/** Sorts a layer by where in the other its neighbours stand. */
function orderBy(
  layer: TopologyNode[],
  other: TopologyNode[] | undefined,
  { edges }: Graph,
): void {
  if (!other) return;
  const places = new Map(other.map(({ id }, index) => [id, index]));
  const sums = new Map<string, { sum: number; count: number }>();
  const add = (id: string, neighbour: string) => {
    const place = places.get(neighbour);
    if (place === undefined) return;
    const { sum, count } = sums.get(id) ?? { sum: 0, count: 0 };
    sums.set(id, { sum: sum + place, count: count + 1 });
  };
  for (const { from, to } of edges) {
    add(from, to);
    add(to, from);
  }
  const keys = new Map(
    layer.map(({ id }, index) => {
      const found = sums.get(id);
      return [
        id,
        found ? found.sum / found.count : (index / layer.length) * other.length,
      ];
    }),
  );
  layer.sort((a, b) => keys.get(a.id)! - keys.get(b.id)!);
}

function placeEdges(
  edges: TopologyEdge[],
  placed: Map<string, PlacedNode>,
  labelEnds: Map<TopologyEdge, Side>,
  gutters: number[],
): PlacedEdge[] {
  const start = portsOf(edges, placed, 'right');
  const end = portsOf(edges, placed, 'left');
  let crossings = 0;
  return edges.map(edge => {
    const from = placed.get(edge.from)!;
    const to = placed.get(edge.to)!;
    const x1 = from.x + NODE_WIDTH;
    const x2 = to.x;
    const y1 = start.get(edge)!;
    const y2 = end.get(edge)!;
    const side = labelEnds.get(edge)!;
    const straight = LABEL_WIDTH + 12;
    const [a, b] = side === 'right' ? [x1 + straight, x2] : [x1, x2 - straight];
    const bend = Math.max(50, (b - a) / 2);
    const head = side === 'right' ? `M${x1},${y1} H${a}` : `M${x1},${y1}`;
    const tail = side === 'left' ? ` H${x2}` : '';
    const label = {
      x: side === 'right' ? x1 + 8 : x2 - straight,
      y: side === 'right' ? y1 : y2,
    };
    if (from.band !== to.band) {
      // Below the upper of both bands there is room for lines, and no node; each has a lane of its own there.
      const lane = crossings++ % LANES;
      const y = gutters[Math.min(from.band, to.band)] + lane * LANE_PITCH;
      const down = x1 + 5 + 2 * lane;
      const back = x2 - straight - 4 - 2 * lane;
      const path = `M${x1},${y1} H${down} V${y} H${back} V${y2} H${x2}`;
      return { edge, path, label };
    }
    return {
      edge,
      path: `${head} C${a + bend},${y1} ${b - bend},${y2} ${b},${y2}${tail}`,
      label,
    };
  });
}

/** Heights at which edges leave or reach their nodes, in the order of their other ends. */
function portsOf(
  edges: TopologyEdge[],
  placed: Map<string, PlacedNode>,
  side: Side,
): Map<TopologyEdge, number> {
  const ports = new Map<TopologyEdge, number>();
  const byNode = new Map<string, TopologyEdge[]>();
  for (const edge of edges) {
    const id = side === 'right' ? edge.from : edge.to;
    byNode.set(id, [...(byNode.get(id) ?? []), edge]);
  }
  for (const [id, own] of byNode) {
    const { y, height } = placed.get(id)!;
    const otherY = (edge: TopologyEdge) =>
      placed.get(side === 'right' ? edge.to : edge.from)!.y;
    own.sort((a, b) => otherY(a) - otherY(b));
    own.forEach((edge, index) =>
      ports.set(edge, y + (height * (index + 0.5)) / own.length),
    );
  }
  return ports;
}

import type { TopologyEdge, TopologyNode } from '@meshdeck/plugin-mesh-common';
import type { Graph } from './buildGraph';

/** A graph of at most `most` nodes: the busiest stay, the others become one node on each side. */
export function foldGraph(graph: Graph, most: number): Graph {
  const { nodes, edges } = graph;
  if (nodes.length <= most) {
    return graph;
  }
  const weights = new Map<string, number>();
  for (const edge of edges) {
    for (const id of [edge.from, edge.to]) {
      weights.set(id, (weights.get(id) ?? 0) + weightOf(edge));
    }
  }
  const ranked = [...nodes].sort(
    (a, b) =>
      Number(b.isSubject) - Number(a.isSubject) ||
      (weights.get(b.id) ?? 0) - (weights.get(a.id) ?? 0),
  );
  // Two places are left for those that are folded.
  const kept = ranked.slice(0, most - 2);
  const keptIds = new Set(kept.map(({ id }) => id));
  const callers = new Set(
    edges.filter(({ to }) => keptIds.has(to)).map(({ from }) => from),
  );
  const folded = ranked.slice(most - 2);
  const sides = new Map(
    folded.map(({ id }) => [
      id,
      callers.has(id) ? 'more-callers' : 'more-called',
    ]),
  );
  const names = new Map([...kept.map(({ id }) => [id, id] as const), ...sides]);
  return {
    nodes: [
      ...kept,
      ...['more-callers', 'more-called'].flatMap(side =>
        overflowNode(
          side,
          folded.filter(({ id }) => sides.get(id) === side).length,
        ),
      ),
    ],
    edges: merged(
      edges
        .filter(({ from, to }) => keptIds.has(from) || keptIds.has(to))
        .map(edge => ({
          ...edge,
          from: names.get(edge.from)!,
          to: names.get(edge.to)!,
        })),
    ),
  };
}

function weightOf({ requestsPerSecond, connectionsPerSecond }: TopologyEdge) {
  return (requestsPerSecond ?? 0) + (connectionsPerSecond ?? 0);
}

function overflowNode(id: string, count: number): TopologyNode[] {
  return count > 0
    ? [
        {
          id,
          kind: 'more',
          name: `and ${count} more`,
          isSubject: false,
          versions: [],
        },
      ]
    : [];
}

function merged(edges: TopologyEdge[]): TopologyEdge[] {
  const byEnds = new Map<string, TopologyEdge>();
  for (const edge of edges) {
    const key = `${edge.from} ${edge.to} ${edge.protocol}`;
    const known = byEnds.get(key);
    byEnds.set(key, known ? joined(known, edge) : edge);
  }
  return [...byEnds.values()];
}

function joined(a: TopologyEdge, b: TopologyEdge): TopologyEdge {
  const requests = sum(a.requestsPerSecond, b.requestsPerSecond);
  const failing = [a, b].reduce(
    (all, { requestsPerSecond = 0, errorShare = 0 }) =>
      all + requestsPerSecond * errorShare,
    0,
  );
  return {
    ...a,
    requestsPerSecond: requests,
    errorShare: requests ? failing / requests : undefined,
    p99Ms: largest(a.p99Ms, b.p99Ms),
    connectionsPerSecond: sum(a.connectionsPerSecond, b.connectionsPerSecond),
    bytesPerSecond: sum(a.bytesPerSecond, b.bytesPerSecond),
    mtls: joinedMtls(a.mtls, b.mtls),
  };
}

/** Whatever is not known of a part is not known of the whole, save that some of it is plain for certain. */
function joinedMtls(
  a: TopologyEdge['mtls'],
  b: TopologyEdge['mtls'],
): TopologyEdge['mtls'] {
  if (a === b) {
    return a;
  }
  return [a, b].includes('unknown') && [a, b].includes('yes')
    ? 'unknown'
    : 'partly';
}

function sum(a: number | undefined, b: number | undefined) {
  return a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0);
}

function largest(a: number | undefined, b: number | undefined) {
  return a === undefined || (b !== undefined && b > a) ? b : a;
}

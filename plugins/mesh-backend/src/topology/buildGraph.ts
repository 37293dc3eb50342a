import type { MeshObjects, Workload } from '@meshdeck/istio-config';
import type {
  TopologyEdge,
  TopologyNode,
  TopologyVersion,
} from '@meshdeck/plugin-mesh-common';
import type { CallSeries } from '../metrics/MetricsService';
import type { Series } from '../sources/prometheus/PrometheusSource';
import { Traffic } from '../metrics/Traffic';
import { encryptionOf } from '../facts/callers';
import { Place, PlaceNames } from './PlaceNames';

export interface Graph {
  nodes: TopologyNode[];
  edges: TopologyEdge[];
}

interface Call {
  from: Place;
  to: Place;
  requests: Series[];
  latencies: Series[];
  connections: Series[];
  bytes: Series[];
}

const KINDS = ['requests', 'latencies', 'connections', 'bytes'] as const;

/** Who calls whom, from what the proxies saw and what the objects say of the two sides. */
export function buildGraph(
  set: MeshObjects,
  subjects: readonly { namespace: string; name: string }[],
  series: Partial<CallSeries>,
): Graph {
  const names = PlaceNames.create({ set, subjects });
  const own = subjects.map(({ namespace, name }) =>
    names.service(namespace, name),
  );
  const ids = new Set(own.map(({ id }) => id));
  const calls = callsBetween(names, series).filter(
    ({ from, to }) => ids.has(from.id) || ids.has(to.id),
  );
  const measured = calls.map(call => ({ call, traffic: trafficOf(call) }));
  const edges = measured
    .flatMap(({ call, traffic }) => edgesOf(call, traffic))
    .sort(byWeight);
  const drawn = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const places = new Map(
    [...own, ...calls.flatMap(({ from, to }) => [from, to])]
      .filter(({ id }) => ids.has(id) || drawn.has(id))
      .map(place => [place.id, place]),
  );
  const incoming = new Map<string, Traffic[]>();
  for (const { call, traffic } of measured) {
    const known = incoming.get(call.to.id) ?? [];
    incoming.set(call.to.id, known);
    known.push(traffic);
  }
  const nodes = [...places.values()].map(place =>
    toNode(place, ids.has(place.id), incoming.get(place.id) ?? []),
  );
  return { nodes, edges };
}

function callsBetween(names: PlaceNames, series: Partial<CallSeries>): Call[] {
  const calls = new Map<string, Call>();
  for (const kind of KINDS) {
    for (const one of series[kind] ?? []) {
      const from = names.caller(one.labels);
      const to = names.called(one.labels);
      const key = `${from.id} ${to.id}`;
      const call = calls.get(key) ?? {
        from,
        to,
        requests: [],
        latencies: [],
        connections: [],
        bytes: [],
      };
      calls.set(key, call);
      call[kind].push(one);
    }
  }
  return [...calls.values()];
}

/** A sidecar reports what arrives; where there is none, only the callers' proxies tell. */
function trafficOf({ to, requests }: Call): Traffic {
  const atServer = requests.some(({ labels }) => labels.reporter !== 'source');
  return atServer || dataPlaneOf(to.workloads) === 'sidecar'
    ? Traffic.fromReports(requests)
    : Traffic.fromCallers(requests);
}

function edgesOf(call: Call, traffic: Traffic): TopologyEdge[] {
  const { from, to } = call;
  const ends = { from: from.id, to: to.id };
  const edges: TopologyEdge[] = [];
  if (traffic.requestsPerSecond > 0) {
    edges.push({
      ...ends,
      protocol: 'http',
      requestsPerSecond: traffic.requestsPerSecond,
      errorShare: traffic.errorShare,
      p99Ms: p99Of(call.latencies),
      mtls: mtlsOf(to, traffic.mtlsShare),
    });
  }
  const bytes = asSeenOnce(call.bytes);
  const connections = asSeenOnce(call.connections);
  // ztunnel counts the connections under requests that a waypoint or a sidecar has counted.
  const isUnderHttp =
    edges.length > 0 &&
    [from, to].some(({ workloads }) => dataPlaneOf(workloads) === 'ambient');
  if (!isUnderHttp && total(bytes) + total(connections) > 0) {
    edges.push({
      ...ends,
      protocol: 'tcp',
      connectionsPerSecond: total(connections),
      bytesPerSecond: total(bytes),
      mtls: mtlsOf(to, encryptedShare(total(bytes) > 0 ? bytes : connections)),
    });
  }
  return edges;
}

/** Both ends report the same connection: the server's word counts, it knows of the encryption. */
function asSeenOnce(reports: Series[]): Series[] {
  const atServer = reports.filter(({ labels }) => labels.reporter !== 'source');
  return atServer.length > 0 ? atServer : reports;
}

function encryptedShare(reports: Series[]): number | undefined {
  const known = reports.filter(
    ({ labels }) =>
      labels.connection_security_policy === 'mutual_tls' ||
      labels.connection_security_policy === 'none',
  );
  const all = total(known);
  return all > 0
    ? total(
        known.filter(
          ({ labels }) => labels.connection_security_policy === 'mutual_tls',
        ),
      ) / all
    : undefined;
}

/** Nobody can tell of mTLS who has no proxy to end it. */
function mtlsOf(to: Place, share: number | undefined): TopologyEdge['mtls'] {
  return share === undefined &&
    to.workloads.length > 0 &&
    dataPlaneOf(to.workloads) === 'none'
    ? 'no'
    : encryptionOf(share);
}

function p99Of(latencies: Series[]): number | undefined {
  const atServer = latencies.filter(
    ({ labels }) => labels.reporter !== 'source',
  );
  const values = (atServer.length > 0 ? atServer : latencies).flatMap(
    ({ points }) => points.at(-1)?.[1] ?? [],
  );
  return values.length > 0 ? Math.max(...values) : undefined;
}

function total(series: Series[]): number {
  return series.reduce((sum, { points }) => sum + (points.at(-1)?.[1] ?? 0), 0);
}

function byWeight(a: TopologyEdge, b: TopologyEdge): number {
  return (
    (b.requestsPerSecond ?? 0) - (a.requestsPerSecond ?? 0) ||
    (b.bytesPerSecond ?? 0) - (a.bytesPerSecond ?? 0) ||
    `${a.from} ${a.to}`.localeCompare(`${b.from} ${b.to}`)
  );
}

function toNode(
  place: Place,
  isSubject: boolean,
  incoming: Traffic[],
): TopologyNode {
  const { workloads, ...named } = place;
  const versions = new Map<string, TopologyVersion>();
  for (const { canonicalRevision, pods, readyPods } of workloads) {
    const known = versions.get(canonicalRevision);
    versions.set(canonicalRevision, {
      version: canonicalRevision,
      pods: (known?.pods ?? 0) + pods.length,
      readyPods: (known?.readyPods ?? 0) + readyPods,
      ...loadOf(canonicalRevision, incoming),
    });
  }
  return {
    ...named,
    isSubject,
    dataPlane: workloads.length > 0 ? dataPlaneOf(workloads) : undefined,
    versions: [...versions.values()],
  };
}

function loadOf(version: string, incoming: Traffic[]) {
  const own = incoming.map(traffic =>
    traffic.where(edge => edge.version === version),
  );
  const requestsPerSecond = own.reduce(
    (sum, traffic) => sum + traffic.requestsPerSecond,
    0,
  );
  const failing = own.reduce(
    (sum, traffic) =>
      sum + traffic.requestsPerSecond * (traffic.errorShare ?? 0),
    0,
  );
  return requestsPerSecond > 0
    ? { requestsPerSecond, errorShare: failing / requestsPerSecond }
    : {};
}

function dataPlaneOf(
  workloads: readonly Workload[],
): NonNullable<TopologyNode['dataPlane']> {
  const planes = new Set(workloads.map(({ dataPlane }) => dataPlane));
  const [only = 'none'] = planes;
  return planes.size > 1 ? 'mixed' : only;
}

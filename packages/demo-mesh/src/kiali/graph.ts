import { createHash } from 'node:crypto';
import type { MeshObjects } from '@meshdeck/istio-config';
import type { Queries } from '../prometheus/Queries';
import type { Labels } from '../traffic/metrics/labels';

const CLUSTER = 'Kubernetes';
const GROUPING = [
  'source_workload',
  'source_workload_namespace',
  'source_canonical_service',
  'source_canonical_revision',
  'source_principal',
  'destination_principal',
  'destination_service_name',
  'destination_service_namespace',
  'destination_workload',
  'destination_workload_namespace',
  'destination_canonical_service',
  'destination_canonical_revision',
  'request_protocol',
  'response_code',
  'response_flags',
  'connection_security_policy',
].join(',');

export interface GraphQuery {
  namespaces: readonly string[];
  /** Only the edges around this Service. */
  service?: { namespace: string; name: string };
  graphType: string;
  injectsServices: boolean;
  durationS: number;
  atMs: number;
}

interface Edge {
  source: string;
  target: string;
  rates: Map<string, number>;
  flags: Map<string, number>;
  encrypted: number;
  total: number;
  labels: Labels;
}

/** Kiali's traffic graph over the same series that its Prometheus would give it. */
export function buildGraph(
  queries: Queries,
  set: MeshObjects,
  query: GraphQuery,
): object {
  const nodes = new Map<string, Record<string, unknown>>();
  const edges = new Map<string, Edge>();
  for (const { labels, rate } of trafficOf(queries, query)) {
    const from = sideNode(labels, 'source', query);
    const to = sideNode(labels, 'destination', query);
    const service = serviceNode(labels);
    const path = pathOf(query, { labels, from, service, to });
    path.forEach(node => nodes.set(idOf(node), node));
    for (let index = 1; index < path.length; index++) {
      if (path[index].workload !== 'unknown') {
        addTraffic(edges, path[index - 1], path[index], labels, rate);
      }
    }
  }
  return {
    timestamp: Math.floor(query.atMs / 1000),
    duration: query.durationS,
    graphType: query.graphType,
    elements: {
      nodes: [...nodes]
        .filter(([, node]) => node.workload !== 'unknown')
        .map(([id, node]) => ({
          data: {
            id,
            ...node,
            ...nodeTraffic(id, edges),
            ...flagsOf(set, node),
          },
        })),
      edges: [...edges.values()].map(edgeData),
    },
  };
}

/** Rates by all labels: from both reporters, those of the destination where both tell of the same requests. */
function trafficOf(
  queries: Queries,
  query: GraphQuery,
): { labels: Labels; rate: number }[] {
  const names = query.namespaces
    .map(name => name.replace(/[^a-z0-9-]/g, ''))
    .join('|');
  const only = query.service
    ? `,destination_service_name="${query.service.name}",destination_service_namespace="${query.service.namespace}"`
    : '';
  const window = `[${query.durationS}s]`;
  const selectors = [
    `reporter="destination",destination_workload_namespace=~"${names}"${only}`,
    `reporter="source",destination_workload="unknown",destination_service_namespace=~"${names}"${only}`,
    `reporter="source",source_workload_namespace=~"${names}",destination_workload_namespace!~"${names}|unknown"${only}`,
  ];
  return selectors.flatMap(selector => {
    const data = queries.instant(
      `sum(rate(istio_requests_total{${selector}}${window})) by (${GROUPING}) > 0`,
      query.atMs,
    );
    return data.resultType === 'vector'
      ? data.result.map(({ metric, value }) => ({
          labels: metric,
          rate: Number(value[1]),
        }))
      : [];
  });
}

type Node = Record<string, unknown>;

/** The nodes that traffic runs along, by the kind of graph. */
function pathOf(
  { graphType, injectsServices }: GraphQuery,
  ends: { labels: Labels; from: Node; service: Node; to: Node },
): Node[] {
  const { labels, from, service, to } = ends;
  if (graphType === 'service') {
    return [serviceOfSource(labels, from), service];
  }
  if (injectsServices) {
    return [from, service, to];
  }
  return [from, to.workload === 'unknown' ? service : to];
}

function sideNode(
  labels: Labels,
  side: 'source' | 'destination',
  { graphType }: GraphQuery,
): Node {
  const namespace = labels[`${side}_workload_namespace`];
  const app = labels[`${side}_canonical_service`];
  const version = labels[`${side}_canonical_revision`];
  const workload = labels[`${side}_workload`];
  const base = { cluster: CLUSTER, namespace };
  switch (graphType) {
    case 'app':
      return { ...base, nodeType: 'app', app, workload: unknownOnly(workload) };
    case 'workload':
      return { ...base, nodeType: 'workload', workload };
    default:
      return { ...base, nodeType: 'app', app, version, workload };
  }
}

function unknownOnly(workload: string): string | undefined {
  return workload === 'unknown' ? workload : undefined;
}

function serviceNode(labels: Labels): Node {
  return {
    nodeType: 'service',
    cluster: CLUSTER,
    namespace: labels.destination_service_namespace,
    service: labels.destination_service_name,
  };
}

/** In a service graph a caller is shown as the Service of its name. */
function serviceOfSource(labels: Labels, from: Node): Node {
  return {
    nodeType: 'service',
    cluster: CLUSTER,
    namespace: from.namespace,
    service: labels.source_canonical_service,
  };
}

function idOf(node: Node): string {
  const text = JSON.stringify([
    node.nodeType,
    node.namespace,
    node.app,
    node.version,
    node.workload,
    node.service,
  ]);
  return createHash('sha256').update(text).digest('hex');
}

function addTraffic(
  edges: Map<string, Edge>,
  from: Node,
  to: Node,
  labels: Labels,
  rate: number,
): void {
  const source = idOf(from);
  const target = idOf(to);
  const key = `${source}>${target}`;
  const edge = edges.get(key) ?? {
    source,
    target,
    rates: new Map(),
    flags: new Map(),
    encrypted: 0,
    total: 0,
    labels,
  };
  edges.set(key, edge);
  const code = labels.response_code === '0' ? '-' : labels.response_code;
  edge.rates.set(code, (edge.rates.get(code) ?? 0) + rate);
  const flag = `${code} ${labels.response_flags}`;
  edge.flags.set(flag, (edge.flags.get(flag) ?? 0) + rate);
  edge.total += rate;
  if (labels.connection_security_policy === 'mutual_tls') {
    edge.encrypted += rate;
  }
}

function edgeData(edge: Edge): object {
  const { source, target, total, labels } = edge;
  const errors = [...edge.rates]
    .filter(([code]) => /^[45]|^-$/.test(code))
    .reduce((sum, [, rate]) => sum + rate, 0);
  const responses: Record<string, { flags: Record<string, string> }> = {};
  for (const [key, rate] of edge.flags) {
    const [code, flag] = key.split(' ');
    (responses[code] ??= { flags: {} }).flags[flag] = percent(rate / total);
  }
  return {
    data: {
      id: createHash('sha256').update(`${source}.${target}.http`).digest('hex'),
      source,
      target,
      sourcePrincipal: principal(labels.source_principal),
      destPrincipal: principal(labels.destination_principal),
      isMTLS: edge.encrypted > 0 ? percent(edge.encrypted / total) : undefined,
      traffic: {
        protocol: 'http',
        rates: {
          http: total.toFixed(2),
          httpPercentErr: errors > 0 ? percent(errors / total) : undefined,
        },
        responses,
      },
    },
  };
}

function percent(share: number): string {
  return (share * 100).toFixed(1);
}

function principal(value: string): string | undefined {
  return value === 'unknown' ? undefined : value;
}

function nodeTraffic(id: string, edges: Map<string, Edge>): object {
  const sum = (which: 'source' | 'target') =>
    [...edges.values()]
      .filter(edge => edge[which] === id)
      .reduce((total, edge) => total + edge.total, 0);
  const rates = {
    ...(sum('target') > 0 ? { httpIn: sum('target').toFixed(2) } : {}),
    ...(sum('source') > 0 ? { httpOut: sum('source').toFixed(2) } : {}),
  };
  return {
    traffic: [{ protocol: 'http', rates }],
    isRoot: sum('target') > 0 ? undefined : true,
  };
}

function flagsOf(set: MeshObjects, node: Node): object {
  if (node.nodeType !== 'service') {
    return {};
  }
  const namespace = String(node.namespace);
  const name = String(node.service);
  const isAbout = (host: unknown) =>
    host === name || String(host).startsWith(`${name}.${namespace}.`);
  const hosts = set
    .inNamespace('VirtualService', namespace)
    .filter(({ spec }) => (spec?.hosts ?? []).some(isAbout))
    .flatMap(({ spec }) => spec.hosts);
  const breaks = set
    .inNamespace('DestinationRule', namespace)
    .some(
      ({ spec }) =>
        isAbout(spec?.host) && spec?.trafficPolicy?.outlierDetection,
    );
  return {
    ...(hosts.length > 0 ? { hasVS: { hostnames: hosts } } : {}),
    ...(breaks ? { hasCB: true } : {}),
  };
}

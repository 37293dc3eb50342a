import { Config } from '@backstage/config';
import { readFileSync } from 'fs';

/** Where a source answers, and what is sent along. */
export interface SourceEndpoint {
  url: string;
  headers: Record<string, string>;
  /** PEM of the certificate authorities to trust, where the usual ones do not do. */
  ca?: string;
}

export interface PrometheusEndpoint extends SourceEndpoint {
  /** A PromQL duration. */
  rateInterval: string;
  /** The label that tells the clusters apart of which this Prometheus has series. */
  clusterLabel?: string;
  /** Its value for this cluster, where that is not the cluster's name. */
  clusterName?: string;
}

export interface TracingEndpoint extends SourceEndpoint {
  type: 'jaeger' | 'tempo';
  /** With `{app}`, `{service}` and `{namespace}` to fill in. */
  serviceName: string;
  /** Where a person opens a trace; `{traceId}` is filled in. */
  traceLink?: string;
}

export interface KialiEndpoint extends SourceEndpoint {
  /** A service account's token, for a Kiali that asks for one. */
  token?: string;
  /** How Kiali names this cluster. */
  clusterName?: string;
  /** Where a person opens it. */
  publicUrl: string;
}

/** A dashboard of Grafana's, by its own uid or found by its title. */
export interface GrafanaDashboard {
  title: string;
  uid?: string;
  /** Names of the dashboard's variables for the service and its namespace. */
  variables: { service: string; namespace: string };
}

export interface GrafanaEndpoint extends SourceEndpoint {
  /** Where a person opens it. */
  publicUrl: string;
  dashboards: GrafanaDashboard[];
}

/** The sources of one cluster; absent where none is configured. */
export interface ClusterSources {
  prometheus?: PrometheusEndpoint;
  tracing?: TracingEndpoint;
  kiali?: KialiEndpoint;
  grafana?: GrafanaEndpoint;
}

/** What `mesh:` in app-config.yaml says. */
export interface MeshSettings {
  /** How long a view waits for its slowest source. */
  deadlineMs: number;
  /** How long an answer of a source is good for. */
  refreshMs: number;
  /** Whether Backstage's cache is one for all replicas; kept in memory, it would only be asked what is known already. */
  sharesAnswers: boolean;
  /** For clusters that have one: the entry under `kubernetes:` that writes go through. */
  writers: ReadonlyMap<string, string>;
  sourcesOf(cluster: string): ClusterSources;
}

const DEADLINE_MS = { least: 100, most: 60_000, usual: 4000 };
/** Below, sources would be asked at each request; above, a page would show the past. */
const REFRESH_SECONDS = { least: 0.05, most: 3600, usual: 15 };
const RATE_INTERVAL_SECONDS = { least: 1, most: 86_400 };
const UNIT_SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600 };

/** Reads `mesh:`. @throws where a value cannot be what its key means, naming the key. */
export function readMeshSettings(root: Config): MeshSettings {
  const config = root.getOptionalConfig('mesh');
  const common = config ? readSources(config) : {};
  if (common.prometheus?.clusterName) {
    throw new Error(
      'mesh.prometheus.clusterName would be the same for every cluster: set it in mesh.clusters, beside the name of the cluster',
    );
  }
  const perCluster = new Map(
    (config?.getOptionalConfigArray('clusters') ?? []).map(cluster => [
      cluster.getString('name'),
      { ...common, ...readSources(cluster) },
    ]),
  );
  return {
    deadlineMs: readNumber(config, 'deadlineMs', DEADLINE_MS),
    refreshMs: readNumber(config, 'refreshSeconds', REFRESH_SECONDS) * 1000,
    sharesAnswers:
      (root.getOptionalString('backend.cache.store') ?? 'memory') !== 'memory',
    writers: readWriters(config?.getOptionalConfigArray('clusters') ?? []),
    sourcesOf: cluster => perCluster.get(cluster) ?? common,
  };
}

/** A writer that served two clusters would write to one of them what was meant for the other. */
function readWriters(clusters: readonly Config[]): Map<string, string> {
  const writers = new Map<string, string>();
  const taken = new Set(clusters.map(cluster => cluster.getString('name')));
  for (const cluster of clusters) {
    const name = cluster.getString('name');
    const writer = cluster.getOptionalString('writeThrough');
    if (writer === undefined) {
      continue;
    }
    if (taken.has(writer)) {
      throw new Error(
        `mesh.clusters: writeThrough of ${name} is "${writer}", which is a cluster of its own here or writes to another one: expected an entry under kubernetes for this alone`,
      );
    }
    taken.add(writer);
    writers.set(name, writer);
  }
  return writers;
}

/** @throws where it is no number, or none that makes sense: a portal that starts with it would be ill in ways that name nothing. */
function readNumber(
  config: Config | undefined,
  key: string,
  range: { least: number; most: number; usual: number },
): number {
  const value = config?.getOptionalNumber(key) ?? range.usual;
  // Also false for what is not a number.
  if (!(value >= range.least && value <= range.most)) {
    throw new Error(
      `mesh.${key} is ${value}: expected a number from ${range.least} to ${range.most}`,
    );
  }
  return value;
}

function readSources(config: Config): ClusterSources {
  const sources: ClusterSources = {
    prometheus: readPrometheus(config.getOptionalConfig('prometheus')),
    tracing: readTracing(config.getOptionalConfig('tracing')),
    kiali: readKiali(config.getOptionalConfig('kiali')),
    grafana: readGrafana(config.getOptionalConfig('grafana')),
  };
  return Object.fromEntries(
    Object.entries(sources).filter(([, source]) => source !== undefined),
  );
}

function readPrometheus(
  own: Config | undefined,
): PrometheusEndpoint | undefined {
  if (!own) {
    return undefined;
  }
  const rateInterval = own.getOptionalString('rateInterval') ?? '1m';
  const [, count, unit] = /^(\d{1,6})([smh])$/.exec(rateInterval) ?? [];
  const seconds = Number(count) * UNIT_SECONDS[unit];
  const { least, most } = RATE_INTERVAL_SECONDS;
  if (!(seconds >= least && seconds <= most)) {
    throw new Error(
      `mesh.prometheus.rateInterval is "${rateInterval}": expected a duration such as 1m, from 1s to 24h`,
    );
  }
  const clusterLabel = own.getOptionalString('clusterLabel');
  if (clusterLabel && !/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(clusterLabel)) {
    throw new Error(
      `mesh.prometheus.clusterLabel is "${clusterLabel}": expected the name of a label such as cluster`,
    );
  }
  return {
    ...readEndpoint(own, 'prometheus'),
    rateInterval,
    clusterLabel,
    clusterName: own.getOptionalString('clusterName'),
  };
}

function readTracing(own: Config | undefined): TracingEndpoint | undefined {
  if (!own) {
    return undefined;
  }
  const type = own.getOptionalString('type') ?? 'jaeger';
  if (type !== 'jaeger' && type !== 'tempo') {
    throw new Error(`mesh.tracing.type is "${type}": expected jaeger or tempo`);
  }
  const endpoint = readEndpoint(own, 'tracing');
  // Jaeger answers persons where it answers programs; Tempo has no pages of its own.
  const ownPage =
    type === 'jaeger' ? `${endpoint.url}/trace/{traceId}` : undefined;
  return {
    ...endpoint,
    type,
    serviceName: own.getOptionalString('serviceName') ?? '{app}.{namespace}',
    traceLink: own.has('traceLink') ? readTraceLink(own) : ownPage,
  };
}

function readTraceLink(own: Config): string {
  const link = readUrl(own, 'tracing', 'traceLink');
  if (!link.includes('{traceId}')) {
    throw new Error(
      `mesh.tracing.traceLink is "${link}": expected {traceId} where the id belongs`,
    );
  }
  return link;
}

function readKiali(own: Config | undefined): KialiEndpoint | undefined {
  return (
    own && {
      ...readEndpoint(own, 'kiali'),
      publicUrl: readPublicUrl(own, 'kiali'),
      token: own.getOptionalString('token'),
      clusterName: own.getOptionalString('clusterName'),
    }
  );
}

function readGrafana(own: Config | undefined): GrafanaEndpoint | undefined {
  return (
    own && {
      ...readEndpoint(own, 'grafana'),
      publicUrl: readPublicUrl(own, 'grafana'),
      dashboards: (own.getOptionalConfigArray('dashboards') ?? []).map(
        dashboard => ({
          title: dashboard.getString('title'),
          uid: dashboard.getOptionalString('uid'),
          variables: {
            service:
              dashboard.getOptionalString('variables.service') ?? 'service',
            namespace:
              dashboard.getOptionalString('variables.namespace') ?? 'namespace',
          },
        }),
      ),
    }
  );
}

/** Inside a cluster a source often has another address than people know it by. */
function readPublicUrl(config: Config, key: string): string {
  const name = config.has('publicUrl') ? 'publicUrl' : 'url';
  return readUrl(config, key, name);
}

function readUrl(config: Config, key: string, name: string): string {
  const url = config.getString(name);
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new Error(
      `mesh.${key}.${name} is "${url}": expected http(s)://host…`,
    );
  }
  return url.replace(/\/+$/, '');
}

function readEndpoint(config: Config, key: string): SourceEndpoint {
  const url = readUrl(config, key, 'url');
  const tenant = config.getOptionalString('tenant');
  const headers = config.getOptional<Record<string, unknown>>('headers') ?? {};
  const broken = Object.keys(headers).find(
    name => typeof headers[name] !== 'string',
  );
  if (broken !== undefined) {
    throw new Error(
      `mesh.${key}.headers has a value for ${broken} that is no text: put it in quotes`,
    );
  }
  const caFile = config.getOptionalString('caFile');
  return {
    url,
    headers: {
      ...(tenant ? { 'X-Scope-OrgID': tenant } : {}),
      ...(headers as Record<string, string>),
    },
    ca: caFile && readCa(caFile, key),
  };
}

function readCa(file: string, key: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(
      `mesh.${key}.caFile cannot be read: ${(error as Error).message}`,
    );
  }
}

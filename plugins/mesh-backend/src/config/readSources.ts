import { Config } from '@backstage/config';
import { parseDurationMs } from '@meshdeck/istio-config';
import { readFileSync } from 'fs';
import type {
  ClusterSources,
  GrafanaEndpoint,
  KialiEndpoint,
  PrometheusEndpoint,
  SourceEndpoint,
  TracingEndpoint,
} from './MeshSettings';

const RATE_INTERVAL_MS = { least: 1000, most: 86_400_000 };

/** The sources of one cluster, or of all. @throws where a value cannot be what its key means, naming the key. */
export function readSources(config: Config): ClusterSources {
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
  // Of Go's durations, PromQL takes those that are whole.
  const ms = /^\d{1,6}[smh]$/.test(rateInterval)
    ? parseDurationMs(rateInterval)
    : undefined;
  const { least, most } = RATE_INTERVAL_MS;
  if (ms === undefined || ms < least || ms > most) {
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

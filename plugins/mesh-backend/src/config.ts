import { Config } from '@backstage/config';

/** Where a source answers, and what is sent along. */
export interface SourceEndpoint {
  url: string;
  headers: Record<string, string>;
}

export interface PrometheusEndpoint extends SourceEndpoint {
  /** A PromQL duration. */
  rateInterval: string;
}

export interface TracingEndpoint extends SourceEndpoint {
  /** With `{app}`, `{service}` and `{namespace}` to fill in. */
  serviceName: string;
}

/** What `mesh:` in app-config.yaml says. */
export interface MeshSettings {
  deadlineMs: number;
  prometheusOf(cluster: string): PrometheusEndpoint | undefined;
  tracingOf(cluster: string): TracingEndpoint | undefined;
}

/** Reads `mesh:`. @throws where a URL or an interval is none, naming the key. */
export function readMeshSettings(root: Config): MeshSettings {
  const config = root.getOptionalConfig('mesh');
  const perCluster = new Map(
    (config?.getOptionalConfigArray('clusters') ?? []).map(cluster => [
      cluster.getString('name'),
      {
        prometheus: readPrometheus(cluster),
        tracing: readTracing(cluster),
      },
    ]),
  );
  const prometheus = config && readPrometheus(config);
  const tracing = config && readTracing(config);
  return {
    deadlineMs: config?.getOptionalNumber('deadlineMs') ?? 4000,
    prometheusOf: cluster => perCluster.get(cluster)?.prometheus ?? prometheus,
    tracingOf: cluster => perCluster.get(cluster)?.tracing ?? tracing,
  };
}

function readPrometheus(config: Config): PrometheusEndpoint | undefined {
  const own = config.getOptionalConfig('prometheus');
  if (!own) {
    return undefined;
  }
  const rateInterval = own.getOptionalString('rateInterval') ?? '1m';
  if (!/^\d+[smh]$/.test(rateInterval)) {
    throw new Error(
      `mesh.prometheus.rateInterval is "${rateInterval}": expected a duration such as 1m`,
    );
  }
  return { ...readEndpoint(own, 'prometheus'), rateInterval };
}

function readTracing(config: Config): TracingEndpoint | undefined {
  const own = config.getOptionalConfig('tracing');
  return (
    own && {
      ...readEndpoint(own, 'tracing'),
      serviceName: own.getOptionalString('serviceName') ?? '{app}.{namespace}',
    }
  );
}

function readEndpoint(config: Config, key: string): SourceEndpoint {
  const url = config.getString('url');
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new Error(`mesh.${key}.url is "${url}": expected http(s)://host…`);
  }
  return {
    url: url.replace(/\/+$/, ''),
    headers: config.getOptional<Record<string, string>>('headers') ?? {},
  };
}

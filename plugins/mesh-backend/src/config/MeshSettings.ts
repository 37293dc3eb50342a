import type { RepositoryPatterns } from './repositoryPattern';

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
  gitOps: {
    /** Whether what Argo CD or Flux delivers is changed by pull request only. */
    isRequestOnly: boolean;
    /** Where Argo CD itself runs. */
    argoNamespace: string;
    /** The repositories in which pull requests may be made; undefined for all that the portal's integrations reach. */
    repositories?: RepositoryPatterns;
  };
  /** How long an answer of a source is good for. */
  refreshMs: number;
  /** Whether Backstage's cache is one for all replicas; kept in memory, it would only be asked what is known already. */
  sharesAnswers: boolean;
  /** For clusters that have one: the entry under `kubernetes:` that writes go through. */
  writers: ReadonlyMap<string, string>;
  sourcesOf(cluster: string): ClusterSources;
}

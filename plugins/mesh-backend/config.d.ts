/** A source of data. */
interface MeshSourceConfig {
  /** Base URL. */
  url: string;
  /** Sent with each request, as for a token. @deepVisibility secret */
  headers?: { [name: string]: string };
  /** Sent as X-Scope-OrgID: the tenant of a Mimir, Cortex, Thanos or Tempo. */
  tenant?: string;
  /** A file with the certificate authorities (PEM) to trust for this source. */
  caFile?: string;
}

interface MeshSourcesConfig {
  /** Where the metrics of Istio's proxies are: Prometheus, or anything that speaks its API, without `/api/v1`. */
  prometheus?: MeshSourceConfig & {
    /** Interval for rates of "now"; at least four scrape intervals, from 1s to 24h. Default: 1m */
    rateInterval?: string;
    /**
     * Where it has series of several clusters (Thanos, Mimir): the label that tells them apart, such as cluster. Then only series
     * and alerts with this cluster's name in it are asked for.
     */
    clusterLabel?: string;
    /** The label's value for this cluster; only in `clusters`. Default: the cluster's name */
    clusterName?: string;
  };
  /** Where the traces are. */
  tracing?: MeshSourceConfig & {
    /** Default: jaeger */
    type?: 'jaeger' | 'tempo';
    /** How a service is named in the traces; `{app}`, `{service}` and `{namespace}` are filled in. Default: {app}.{namespace} */
    serviceName?: string;
    /** Where a person opens a trace; `{traceId}` is filled in. Default for Jaeger: its url, with /trace/{traceId} */
    traceLink?: string;
  };
  /** A second opinion, and a link; nothing depends on it. */
  kiali?: MeshSourceConfig & {
    /** Of a service account, for a Kiali with the token strategy. @visibility secret */
    token?: string;
    /** How Kiali names the cluster. Default: its home cluster */
    clusterName?: string;
    /** Where a person opens it, with its /kiali path. Default: url */
    publicUrl?: string;
  };
  /** Dashboards to link to. */
  grafana?: MeshSourceConfig & {
    /** Where a person opens it. Default: url */
    publicUrl?: string;
    dashboards?: Array<{
      /** Found by this title where no uid is given. */
      title: string;
      uid?: string;
      /** The dashboard's variables to fill in. Default: service and namespace */
      variables?: { service?: string; namespace?: string };
    }>;
  };
}

export interface Config {
  mesh?: MeshSourcesConfig & {
    /** Where a cluster has sources of its own: they replace those above. */
    clusters?: Array<
      MeshSourcesConfig & {
        /** As under `kubernetes`. */
        name: string;
        /**
         * Another entry under `kubernetes` for the same cluster, whose account may write: what is changed goes through it, and
         * everything else through the cluster's own. It is shown nowhere.
         */
        writeThrough?: string;
      }
    >;
    /** How what Argo CD or Flux delivers may be changed. */
    gitOps?: {
      /** `never`: only by pull request. Default: `confirmed`, also in the cluster, by whoever confirms that it will be reverted */
      directChanges?: 'confirmed' | 'never';
      /** Where Argo CD itself runs. Default: argocd */
      argoNamespace?: string;
      /**
       * The repositories in which pull requests may be made, such as `github.com/acme/*`: host and path without `.git`; `*` stands for
       * one part, or what is left of it, and `**` for several. Default: all that the portal's integrations reach
       */
      repositories?: string[];
    };
    /** How long a view waits for its slowest source, in milliseconds, from 100 to 60000. Default: 4000 */
    deadlineMs?: number;
    /** How long an answer of a source is shown before it is asked again, in seconds, at most 3600. Default: 15, as often as Prometheus usually scrapes */
    refreshSeconds?: number;
  };
}

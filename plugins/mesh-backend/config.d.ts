export interface Config {
  mesh?: {
    /** Where the metrics of Istio's proxies are: Prometheus, or anything that speaks its API. */
    prometheus?: {
      /** Base URL, without `/api/v1`. */
      url: string;
      /** Sent with each query, as for a tenant or a token. @deepVisibility secret */
      headers?: { [name: string]: string };
      /** Interval for rates of "now"; at least four scrape intervals. Default: 1m */
      rateInterval?: string;
    };
    /** Where the traces are. */
    tracing?: {
      /** Base URL of Jaeger's query service. */
      url: string;
      /** @deepVisibility secret */
      headers?: { [name: string]: string };
      /** How a service is named in the traces; `{app}`, `{service}` and `{namespace}` are filled in. Default: {app}.{namespace} */
      serviceName?: string;
    };
    /** Where a cluster has sources of its own: they replace those above. */
    clusters?: Array<{
      /** As under `kubernetes`. */
      name: string;
      prometheus?: {
        url: string;
        /** @deepVisibility secret */
        headers?: { [name: string]: string };
        rateInterval?: string;
      };
      tracing?: {
        url: string;
        /** @deepVisibility secret */
        headers?: { [name: string]: string };
        serviceName?: string;
      };
    }>;
    /** How long a view waits for its slowest source, in milliseconds. Default: 4000 */
    deadlineMs?: number;
  };
}

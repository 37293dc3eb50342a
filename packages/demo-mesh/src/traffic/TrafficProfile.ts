/** `namespace/name` of a Service. */
export interface ServiceName {
  namespace: string;
  name: string;
}

/** One kind of request, as `POST /login` with its headers. */
export interface Operation {
  method: string;
  path: string;
}

/** How one version of a service answers, whoever asks. */
export interface VersionBehaviour {
  version: string;
  /** 0 to 1. */
  errorRate: number;
  p50Ms: number;
  p99Ms: number;
}

/** A call that a service makes while it answers another. */
export interface OnwardCall {
  during: Operation;
  to: ServiceName;
  port?: number;
  request: Operation;
  /** How many of these calls one inbound request causes. */
  times: number;
  /** The inbound request fails if this call does. */
  needed: boolean;
}

export interface ServiceProfile {
  service: ServiceName;
  versions: readonly VersionBehaviour[];
  calls: readonly OnwardCall[];
}

/** Traffic that no other traffic causes: from outside through a gateway, or from a workload of its own accord. */
export interface TrafficEntry {
  from: { namespace: string; workload: string };
  /** Through which Istio gateway (`namespace/name`) and to which host, where the caller is a gateway's proxy. */
  through?: { gateway: string; host: string };
  to: ServiceName;
  port?: number;
  request: Operation;
  /** At the busiest hour. */
  requestsPerSecond: number;
  /** Shares of the requests that carry headers; the rest carries none. */
  headers: readonly { share: number; set: Record<string, string> }[];
}

/** The namespaces that a profile's traffic touches. */
export interface TrafficScope {
  callers: readonly string[];
  called: readonly string[];
}

/** Who calls what on a platform, how often, and how its services answer. */
export interface TrafficProfile {
  platform: string;
  day: { peakHourUtc: number; trough: number };
  tenants: readonly string[];
  users: number;
  /** The services' own code makes spans too, not only their proxies. */
  applicationSpans: boolean;
  /** For each namespace the Service that calls the services which the profile does not name. */
  gateways: Readonly<Record<string, string>>;
  entries: readonly TrafficEntry[];
  services: readonly ServiceProfile[];
  /**
   * Where its traffic stays, whatever the routes say: it is worked out with the objects of these namespaces alone, and
   * only when somebody asks about one of them.
   */
  scope?: TrafficScope;
}

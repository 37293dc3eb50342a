import type { KubeObjectRef } from '../kube/KubeObject';
import type { Place } from '../kube/place';
import type { Workload } from '../workloads/Workload';

/** Where a request comes from: which VirtualServices it meets depends on it. @public */
export type RequestOrigin =
  | {
      type: 'mesh';
      namespace: string;
      labels?: Record<string, string>;
      /** What carries its requests; where not said, what the labels of its pods or its namespace ask for. */
      dataPlane?: 'sidecar' | 'ambient' | 'none';
    }
  | { type: 'gateway'; /** `namespace/name`. */ gateway: string };

/** A request as routing sees it. @public */
export interface HttpRequest {
  method: string;
  /** Path with an optional query string. */
  path: string;
  /** The Host header; by default the service's own name. */
  host?: string;
  headers?: Record<string, string>;
  /** Of a token that the gateway verified: rules may ask for them as for headers. */
  claims?: Record<string, unknown>;
  /** The port that is asked; unknown, any rule for a port may hold. */
  port?: number;
  /** The name in the TLS greeting; by default the host. */
  sni?: string;
  /** Whether it came to a gateway over TLS. */
  isEncrypted?: boolean;
}

/** One `match` of a rule, as the object has it. @public */
export interface RequestMatch {
  uri?: StringMatch;
  method?: StringMatch;
  authority?: StringMatch;
  scheme?: StringMatch;
  headers?: Record<string, StringMatch>;
  withoutHeaders?: Record<string, StringMatch>;
  queryParams?: Record<string, StringMatch>;
  ignoreUriCase?: boolean;
  port?: number;
  sourceLabels?: Record<string, string>;
  sourceNamespace?: string;
  gateways?: string[];
  /** Of a TLS rule: names, with or without a leading wildcard. */
  sniHosts?: string[];
  /** Of a TLS or TCP rule: addresses or CIDR blocks. */
  destinationSubnets?: string[];
}

/** Istio's StringMatch: exactly one is set; none means "is present". @public */
export interface StringMatch {
  exact?: string;
  prefix?: string;
  regex?: string;
  /** The prefix ends where a `/` or the path ends, as the Gateway API has it: `/a` does not take `/ab`. */
  bySegments?: boolean;
}

/** What is done to headers; names in lower case. @public */
export interface HeaderOperations {
  set: readonly (readonly [name: string, value: string])[];
  /** Beside a value that is there already. */
  add: readonly (readonly [name: string, value: string])[];
  remove: readonly string[];
}

/** What a rule or destination does to headers. @public */
export interface HeaderChanges {
  request: HeaderOperations;
  response: HeaderOperations;
}

/** One weighted target of a rule. @public */
export interface RouteDestination {
  /** Fully qualified. */
  host: string;
  subset?: string;
  port?: number;
  /** 0 to 1; the shares of a rule add up to 1. */
  share: number;
  /** As configured; absent where the object gives none. */
  weight?: number;
  state: 'ok' | 'no-such-service' | 'no-such-subset' | 'no-pods';
  workloads: readonly Workload[];
  service?: { namespace: string; name: string };
  /** Of this destination alone. */
  headerChanges?: HeaderChanges;
  /** The proxy answers these requests itself, as for a backend that no ReferenceGrant opens. */
  refused?: { status: number; why: string };
  /** The Service has several ports and the object names none: requests go to the port that the caller asked. */
  portNotNamed?: boolean;
}

/**
 * Where a rule is written: of a delegate's rule the delegate, of a merged list the object that it came from. Whoever changes
 * a rule goes by this; its number in a list says nothing of its place in an object.
 * @public
 */
export interface RuleSource {
  object: KubeObjectRef;
  /** As `['spec', 'http', 0]`. */
  at: Place;
}

/** One rule of the ordered list that a request runs down. @public */
export interface RouteRule {
  /** Its number in the list, for reading; its place in an object is its source. */
  index: number;
  /** Absent for HTTP. */
  protocol?: 'tls' | 'tcp';
  /** What no rule of the mesh takes goes on to the address that was called: past its rules, and without mTLS. */
  isPassthrough?: true;
  name?: string;
  /** Any of them must hold; an empty list takes everything. */
  matches: readonly RequestMatch[];
  destinations: readonly RouteDestination[];
  timeoutMs?: number;
  /** Absent: Istio's default, two retries on connect-failure, refused-stream, unavailable and cancelled. */
  retries?: {
    attempts: number;
    perTryTimeoutMs?: number;
    retryOn?: string;
    backoffMs?: number;
  };
  fault?: {
    delay?: { share: number; fixedDelayMs: number };
    /** Where it has a gRPC status, that says what is wrong, and the HTTP status is 200. */
    abort?: { share: number; httpStatus: number; grpcStatus?: string };
  };
  mirrors: readonly {
    host: string;
    subset?: string;
    /** Absent: that which was asked, or the only one. */
    port?: number;
    share: number;
  }[];
  redirect?: {
    uri?: string;
    /** Instead of `uri`: what takes the place of the prefix that the match names. */
    prefix?: string;
    authority?: string;
    scheme?: string;
    port?: number;
    /** Whether, without a port of its own, it names the one that was asked. */
    keepsPort?: true;
    status: number;
  };
  directResponse?: { status: number };
  /** What the path and host become before the request is sent on. */
  rewrite?: {
    uri?: string;
    authority?: string;
    /** What of the path is replaced; absent: what the match names. */
    replaces?: 'path' | { regex: string };
  };
  /** Headers set, added and removed, in words: "sets x-user on requests". */
  headerOperations?: readonly string[];
  /** The same, to be applied; what sets the host is a rewrite. */
  headerChanges?: HeaderChanges;
  /** Which origins browsers may call from. */
  cors?: { origins: readonly string[] };
  /** Absent for the mesh's own default rule. */
  source?: RuleSource;
}

/** What the mesh does with requests to a service, seen from one origin. @public */
export interface EffectiveRoutes {
  /** The service's fully qualified name. */
  host: string;
  rules: readonly RouteRule[];
  /** The VirtualService, HTTPRoute or GRPCRoute in force, the first where several are; absent where none is. */
  decidedBy?: KubeObjectRef;
  /** Objects for the same host that have no effect, and why. */
  losers: readonly RouteLoser[];
  /** The caller's proxy does not know the host: no object's rules apply. */
  outOfScope?: OutOfScope;
}

/** An object for the same host that has no effect. @public */
export interface RouteLoser {
  object: KubeObjectRef;
  why: string;
}

/** What becomes of requests to a host that the caller's proxy does not know. @public */
export interface OutOfScope {
  /** The Sidecar that leaves it out; absent where it is not exported to the caller, or not registered at all. */
  sidecar?: KubeObjectRef;
  /** `passthrough`: to the address as it is, without rules and mTLS; `blocked`: answered 502, or the connection closed. */
  outcome: 'passthrough' | 'blocked';
  why: string;
}

/** Which rule took a request. No rule: the mesh itself answers 404. @public */
export interface RouteDecision {
  rule?: RouteRule;
  /** The first of its matches that holds; absent where it has none. */
  match?: RequestMatch;
  /** Why it was taken: "because the path starts with /api". */
  why: string;
  /** The rules above it, each with what did not fit. */
  skipped: readonly { rule: RouteRule; why: string }[];
}

/** One way in from outside the mesh. @public */
export interface WayIn {
  /** An Istio Gateway, or one of the Gateway API. */
  gateway: KubeObjectRef;
  hosts: string[];
  /** The TLS mode of the gateway's server; absent for plain HTTP. */
  tls?: string;
  /** The VirtualService, HTTPRoute or GRPCRoute that sends requests on. */
  route: KubeObjectRef;
}

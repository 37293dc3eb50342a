import type { KubeObjectRef } from '../kube/KubeObject';
import type { Workload } from '../workloads/Workload';

/** Where a request comes from: which VirtualServices it meets depends on it. @public */
export type RequestOrigin =
  | { type: 'mesh'; namespace: string; labels?: Record<string, string> }
  | { type: 'gateway'; /** `namespace/name`. */ gateway: string };

/** A request as routing sees it. @public */
export interface HttpRequest {
  method: string;
  /** Path with an optional query string. */
  path: string;
  /** The Host header; by default the service's own name. */
  host?: string;
  headers?: Record<string, string>;
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
}

/** Istio's StringMatch: exactly one is set; none means "is present". @public */
export interface StringMatch {
  exact?: string;
  prefix?: string;
  regex?: string;
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
}

/** One rule of the ordered list that a request runs down. @public */
export interface RouteRule {
  index: number;
  name?: string;
  /** Any of them must hold; an empty list takes everything. */
  matches: readonly RequestMatch[];
  destinations: readonly RouteDestination[];
  timeoutMs?: number;
  /** Absent: Istio's default, two retries on connect-failure, refused-stream, unavailable, cancelled and 503. */
  retries?: { attempts: number; perTryTimeoutMs?: number; retryOn?: string };
  fault?: {
    delay?: { share: number; fixedDelayMs: number };
    abort?: { share: number; httpStatus: number };
  };
  mirrors: readonly { host: string; subset?: string; share: number }[];
  redirect?: { uri?: string; authority?: string; status: number };
  directResponse?: { status: number };
  /** What the path and host become before the request is sent on. */
  rewrite?: { uri?: string; authority?: string };
  /** Headers set, added and removed, in words: "sets x-user on requests". */
  headerOperations?: readonly string[];
  /** Which origins browsers may call from. */
  cors?: { origins: readonly string[] };
  /** The object that wrote the rule, and where in it; absent for the mesh's own default rule. */
  source?: { object: KubeObjectRef; path: string };
}

/** What the mesh does with requests to a service, seen from one origin. @public */
export interface EffectiveRoutes {
  /** The service's fully qualified name. */
  host: string;
  rules: readonly RouteRule[];
  /** The VirtualService in force; absent where none is. */
  decidedBy?: KubeObjectRef;
  /** VirtualServices for the same host that have no effect, and why. */
  losers: readonly { object: KubeObjectRef; why: string }[];
}

/** Which rule took a request. No rule: the mesh itself answers 404. @public */
export interface RouteDecision {
  rule?: RouteRule;
  /** Why it was taken: "because the path starts with /api". */
  why: string;
  /** The rules above it, each with what did not fit. */
  skipped: readonly { rule: RouteRule; why: string }[];
}

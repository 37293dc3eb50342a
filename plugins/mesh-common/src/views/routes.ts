import { ObjectRef, ObjectYaml, RuleName, ViewBase } from './common';

/** Where a rule sends its requests. @public */
export interface RouteDestinationView {
  host: string;
  subset?: string;
  port?: number;
  /** 0 to 1, what the configuration asks for. */
  configuredShare: number;
  /**
   * 0 to 1, of the last minutes' requests to the rule's destinations, whichever rule sent them: metrics do not say
   * which one it was. Absent for a single destination, and without metrics.
   */
  liveShare?: number;
  /** 0 to 1, of the requests that this destination answered. */
  errorShare?: number;
  pods: number;
  readyPods: number;
  state: 'ok' | 'no-such-service' | 'no-such-subset' | 'no-pods';
  /** The proxy answers these requests itself: with which status, and why. */
  refused?: { status: number; why: string };
}

/** One line of the decision list, in the order in which the mesh tries them. @public */
export interface RouteRuleView {
  /** Names the rule in every list of rules that has it, whatever its number there. */
  id: string;
  name?: string;
  /** Which requests: "POST /api/auth/login", "header x-canary = true", "everything else". */
  requests: string[];
  /** What else happens to them: "times out after 10 s", "retries 2×, 5 s each", "10 % are delayed 2 s". */
  treatment: string[];
  destinations: RouteDestinationView[];
  /** For a redirect or a fixed answer instead of destinations. */
  answer?: string;
  object?: ObjectRef;
  /** Where in the object, as `spec.http[0]`. */
  path?: string;
  /** Names it so that it can be changed; absent for the mesh's own default rule. */
  named?: RuleName;
}

/** A way in from outside, or the number of callers inside. @public */
export interface WayIn {
  gateway: string;
  hosts: string[];
  /** In words: "terminates TLS (SIMPLE)"; absent for plain HTTP. */
  tls?: string;
}

/** What protects the service, at work; absent where the callers' proxies do not tell of it. @public */
export interface ProtectionCounters {
  /** Pods that are not called at the moment, as the caller sees it that has ejected most. */
  ejectedPods?: number;
  /** Requests that a full queue turned away. */
  overflowsPerSecond?: number;
}

/** The Routes tab. @public */
export interface RoutesView extends ViewBase {
  host: string;
  rules: RouteRuleView[];
  /** The subsets that DestinationRules define, and the versions that the pods have beside these. */
  versions: string[];
  /** In words: "at most 1,000 requests at once", "ejects a pod after 5 errors in a row for 30 s". */
  protection: string[];
  /** Absent where there is no Prometheus. */
  counters?: ProtectionCounters;
  /** Whether requests stay near the caller, in sentences. */
  locality: string[];
  /** The callers' proxies do not know the service: no rule applies to them. One sentence. */
  outOfScope?: string;
  waysIn: WayIn[];
  /** Names of the workloads seen calling. */
  callers: string[];
  /** The objects behind the rules, for the drawer. */
  objects: ObjectYaml[];
}

/** "Try a request". @public */
export interface TryRouteRequest {
  method: string;
  path: string;
  host?: string;
  headers?: Record<string, string>;
  /** Namespace of the caller; by default the service's own. */
  fromNamespace?: string;
}

/** A rule among those that the request met, which are not those of the page where it comes from elsewhere. @public */
export interface TriedRule {
  id: string;
  /** In the order in which they are tried, from 1. */
  number: number;
}

/** Which rule takes the request, and why the others do not. @public */
export interface TryRouteResult {
  /** Absent where no rule takes it. */
  rule?: TriedRule;
  sentence: string;
  skipped: (TriedRule & { why: string })[];
  destinations: RouteDestinationView[];
}

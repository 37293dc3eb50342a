/**
 * What every view shares. Times are ISO 8601 strings, rates are per second, shares are 0 to 1, durations carry their
 * unit in the name.
 */

/** One (cluster, namespace, Kubernetes Service) of an entity. @public */
export interface Placement {
  /** `cluster:namespace:service`, safe in one URL path segment. */
  id: string;
  cluster: string;
  namespace: string;
  service: string;
}

/** Why an entity has fewer placements than one would expect, and where to mend it. @public */
export interface PlacementProblem {
  code:
    | 'no-annotation'
    | 'bad-annotation'
    | 'no-such-cluster'
    | 'no-such-namespace'
    | 'no-such-service'
    | 'of-another-entity'
    | 'cluster-unreachable'
    | 'not-ready';
  message: string;
  fix: string;
  /** Lines for catalog-info.yaml or a manifest, ready to be copied. */
  snippet?: string;
}

/** @public */
export interface PlacementsView {
  entityRef: string;
  placements: Placement[];
  problems: PlacementProblem[];
}

/** A thing in a cluster. @public */
export interface ObjectRef {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
}

/** An object with the text of it, as the drawer shows it. @public */
export interface ObjectYaml extends ObjectRef {
  yaml: string;
  resourceVersion?: string;
}

/** What a source of data said of itself while the view was built. @public */
export interface SourceStatus {
  id: 'kubernetes' | 'prometheus' | 'traces' | 'kiali';
  /**
   * `partial`: some of what was asked is missing, `message` says what; `stale`: the last known data is shown; `down`: its part
   * is missing; `absent`: not configured.
   */
  status: 'ok' | 'partial' | 'stale' | 'down' | 'absent';
  /** When the data shown was true. */
  asOf?: string;
  /** Since when it fails. */
  since?: string;
  /** What happened, what it means, what to do: one sentence each at most. */
  message?: string;
}

/** The tabs of an entity's page. @public */
export type MeshTab =
  | 'overview'
  | 'routes'
  | 'security'
  | 'traces'
  | 'canary'
  | 'topology';

/** One sentence that answers "is it all right?", worst thing first. @public */
export interface Verdict {
  level: 'ok' | 'warning' | 'error' | 'unknown';
  sentence: string;
  /** The tab that shows why. */
  tab?: MeshTab;
}

/** Something in the configuration that is not as its author will have meant it. @public */
export interface Finding {
  /** Istio's own code (`IST0101`) where it has one, else ours (`MD0101`). */
  code: string;
  level: 'error' | 'warning' | 'info';
  object: ObjectRef;
  /** Where in the object, as `spec.http[0].route[1]`. */
  path?: string;
  message: string;
  fix: string;
  /** What a change from here would do about it, in a sentence; absent where there is no one safe way. */
  mend?: string;
}

/** How far back the numbers of a view look. @public */
export type TimeWindow = '1m' | '5m' | '15m' | '1h' | '6h' | '24h';

/** @public */
export const TIME_WINDOWS: TimeWindow[] = [
  '1m',
  '5m',
  '15m',
  '1h',
  '6h',
  '24h',
];

/** What a service's health and the fleet look back on, whatever window a page shows: they are the same on every page. @public */
export const HEALTH_WINDOW: TimeWindow = '5m';

/** What every view carries beside its own matter. @public */
export interface ViewBase {
  placement: Placement;
  window: TimeWindow;
  /** How the service is: the same on every page, whatever its window. */
  verdict: Verdict;
  /** What else is wrong with the service, the worst first. */
  also: Verdict[];
  /** What the view's own matter comes to, beside the service's health. */
  remark?: Verdict;
  sources: SourceStatus[];
  findings: Finding[];
}

/** A figure with its recent course: `points` are [epoch seconds, value], oldest first; gaps are left out. @public */
export interface Figure {
  value?: number;
  points: [number, number][];
}

/** A workload (Deployment or the like) behind a Service. @public */
export interface WorkloadSummary {
  name: string;
  version: string;
  dataPlane: 'sidecar' | 'ambient' | 'none';
  pods: number;
  readyPods: number;
}

/**
 * Names one rule of an object so that no other can be meant, also when it is said later and the list is another one by then.
 * @public
 */
export interface RuleName {
  object: ObjectRef;
  /** Where in the object, as `spec.http[0]`. */
  path: string;
  /** Of its own name and the requests that it takes. */
  digest: string;
}

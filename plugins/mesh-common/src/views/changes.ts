import type { Finding, ObjectRef, ObjectYaml, RuleName } from './common';
import type { CallerView, StrictBreak } from './security';

/** Names a finding that is to be mended, as the view showed it. @public */
export interface MendIntent {
  code: string;
  object: ObjectRef;
  path?: string;
}

/** An object, in the version in which a person saw it. @public */
export interface SeenObject {
  object: ObjectRef;
  /** Empty where there was no such object. */
  resourceVersion: string;
}

/** What a person saw and agreed to; nothing is written where it is no longer so. @public */
export interface ChangeLock {
  /** Empty where there was no such object. */
  resourceVersion: string;
  /** The others, as the preview named them. */
  first?: SeenObject[];
  /** Why, for the history. */
  reason?: string;
  /** Must be true where the preview named managers or a reverting tool. */
  takeOver?: boolean;
  /** In the file from which Argo CD or Flux delivers the object, rather than in the cluster. */
  asPullRequest?: boolean;
  /** Where the preview said that a pull request would be updated: the head of its branch, as the preview named it. */
  requestHead?: string;
}

/** @public */
export interface MendRequest extends MendIntent, ChangeLock {}

/** Somebody whom a change of policies affects. @public */
export interface AffectedCaller
  extends Pick<
    CallerView,
    'name' | 'namespace' | 'requestsPerSecond' | 'allowed' | 'why'
  > {}

/** What a change does to those who called within the last 24 hours. @public */
export interface ChangeImpact {
  /** False where nobody could say who called. */
  isWatched: boolean;
  /** False where no workload is behind the service: then nobody can say who would be turned away. */
  isServed: boolean;
  /** How many called. */
  callers: number;
  /** Some or all of what they ask would be refused. */
  refused: AffectedCaller[];
  /** Something that was refused would be allowed. */
  letIn: AffectedCaller[];
  /** They come without mTLS, and nothing else would be taken any more. */
  cutOff: StrictBreak[];
  /** The ports of pods that would take mTLS only, where others still take anything: who calls which, nobody knows. */
  cutOffOn?: number[];
  /** The policy also takes workloads that are not behind the service; who calls these was not looked at. */
  concernsOthers: boolean;
}

/** The kinds of objects that can be edited as text, or deleted, from the page of a service. @public */
export const EDITABLE_KINDS: readonly string[] = [
  'VirtualService',
  'DestinationRule',
  'HTTPRoute',
  'GRPCRoute',
  'PeerAuthentication',
  'AuthorizationPolicy',
];

/** An object that a change writes. @public */
export interface ChangedObject {
  object: ObjectRef;
  action: 'create' | 'change' | 'delete';
  /** The version that was compared; `apply` sends it back as the lock. Empty for an object that is to be made. */
  resourceVersion: string;
  /** Empty for an object that is to be made. */
  before: string;
  /** As the API server says that it would store it; empty for one that is to be deleted. */
  after: string;
}

/** A pull request that waits for an earlier change of the same objects, and would be updated. @public */
export interface UpdatedRequest {
  url: string;
  /** What the earlier change does. */
  sentence: string;
  /** The newest commit of its branch; `apply` sends it back as the lock. */
  head: string;
}

/** The pull request that would be opened or updated, or why there can be none. @public */
export interface PullRequestPreview {
  /** Why there can be none; else the rest is there. */
  refused?: string;
  repository?: string;
  /** The branch that it is for. */
  base?: string;
  files?: { path: string; before: string; after: string }[];
  /** Absent where a new one would be opened. */
  updates?: UpdatedRequest;
}

/** What would happen, before anything does: to the object that is written last, and to those before it. @public */
export interface ChangePreview extends ChangedObject {
  /** What has to be written before it, in that order; mostly nothing. */
  first: ChangedObject[];
  /** What the API server said to a dry run. */
  dryRun: { ok: boolean; message?: string };
  findingsNew: Finding[];
  findingsFixed: Finding[];
  /** Field managers that own what would be changed; applying takes the fields over from them. */
  takesOverFrom: string[];
  /** Argo CD or Flux, where one of them will revert a direct change. */
  revertedBy?: string;
  /** Where Argo CD or Flux delivers an object of it. */
  pullRequest?: PullRequestPreview;
  /** The portal changes such objects by pull request only: nobody can confirm to write in the cluster. */
  isRequestOnly?: boolean;
  /** In words: "10 % of requests move from stable to canary." */
  sentence: string;
  /** The cluster would store something else than what is meant: what, and what does such things. */
  remark?: string;
  /** Whom it would turn away or let in; absent where it is not about who may call. */
  impact?: ChangeImpact;
  /** Applied now, it would end by itself at a time (ISO 8601). */
  ends?: { at: string; lastsMs: number };
}

/** @public */
export interface ApplyResult {
  object: ObjectYaml;
  sentence: string;
  /** What is not as usual: the cluster stored something else, or its answer was lost and the object was read again. */
  remark?: string;
  /** The URL of the pull request, where that is what was asked for: the cluster is as it was. */
  request?: string;
}

/** The body of a 409: somebody changed the object since the preview. @public */
export interface ConflictDetails {
  current: ObjectYaml;
  /** The resourceVersion that was previewed. */
  seen: string;
  message: string;
}

/** On a rule of the service; without one, on the mesh's own default rule. */
interface OnRule {
  rule?: RuleName;
}

/** How long a request may take in all; absent: for ever. @public */
export interface TimeoutIntent extends OnRule {
  intent: 'timeout';
  timeoutMs?: number;
}

/** Some requests wait, or fail, on purpose and for a time: that ends by itself. @public */
export interface FaultIntent extends OnRule {
  intent: 'fault';
  delay?: { percent: number; delayMs: number };
  abort?: { percent: number; httpStatus: number };
  /** From a second to an hour. */
  lastsMs: number;
}

/** How often a failed request is tried again; absent: as Istio does by default. @public */
export interface RetriesIntent extends OnRule {
  intent: 'retries';
  attempts?: number;
  perTryTimeoutMs?: number;
  /** As Envoy names conditions: `5xx,reset`. */
  retryOn?: string;
}

/** Copies of requests to a version; absent: none. @public */
export interface MirrorIntent extends OnRule {
  intent: 'mirror';
  to?: { subset: string; percent: number };
}

/** Requests with a header or a cookie to a version. @public */
export interface ConditionalRouteIntent extends OnRule {
  intent: 'conditionalRoute';
  on: { header: string; value: string } | { cookie: string; value: string };
  subset: string;
}

/** Limits of what callers send; `null` takes one away, and what is absent stays. @public */
export interface BreakerIntent {
  intent: 'breaker';
  maxConnections?: number | null;
  maxPendingRequests?: number | null;
  maxRequests?: number | null;
  maxRequestsPerConnection?: number | null;
  consecutiveErrors?: number | null;
  intervalMs?: number | null;
  ejectionMs?: number | null;
  maxEjectionPercent?: number | null;
}

/** By which rule callers choose a pod. @public */
export interface BalancingIntent {
  intent: 'balancing';
  /** Absent: as it is now. All but `simple`: the same pod for the same value. */
  by?:
    | { simple: 'ROUND_ROBIN' | 'LEAST_REQUEST' | 'RANDOM' }
    | { header: string }
    | { cookie: string; ttlMs: number }
    | { sourceIp: true };
  /** Whether pods near the caller are preferred; absent: as it is now. */
  nearFirst?: boolean;
}

/** Whether plaintext is let in; `UNSET`: what the wider policy says. @public */
export interface MtlsIntent {
  intent: 'mtls';
  scope: 'namespace' | 'workload' | 'port';
  /** The Service's. */
  port?: number;
  mode: 'STRICT' | 'PERMISSIVE' | 'DISABLE' | 'UNSET';
}

/** One more caller is let in. @public */
export interface AllowCallerIntent {
  intent: 'allowCaller';
  principal: string;
  methods?: string[];
  paths?: string[];
}

/** Every caller but these is refused. @public */
export interface DenyByDefaultIntent {
  intent: 'denyByDefault';
  /** Principals. */
  callers: string[];
}

/** How many requests are traced, in per cent. @public */
export interface SamplingIntent {
  intent: 'sampling';
  percent: number;
}

/** What sidecars ask for and may use, as Kubernetes quantities; without any, the mesh's defaults. @public */
export interface ProxyResourcesIntent {
  intent: 'proxyResources';
  workload: string;
  cpu?: string;
  cpuLimit?: string;
  memory?: string;
  memoryLimit?: string;
}

/** Into the mesh or out of it; without a workload, all of the namespace. @public */
export interface EnrolmentIntent {
  intent: 'enrolment';
  workload?: string;
  mode: 'sidecar' | 'ambient' | 'none';
  revision?: string;
}

/** New pods, one after the other. @public */
export interface RestartIntent {
  intent: 'restart';
  workload: string;
}

/** An object becomes what somebody wrote. @public */
export interface EditObjectIntent {
  intent: 'editObject';
  object: ObjectRef;
  /** The resourceVersion of the object whose text was changed. */
  seen: string;
  /** The whole object, without what the API server adds. */
  yaml: string;
}

/** @public */
export interface DeleteObjectIntent {
  intent: 'deleteObject';
  object: ObjectRef;
  /** Its resourceVersion. */
  seen: string;
}

/** What an earlier change did is taken back. @public */
export interface UndoIntent {
  intent: 'undo';
  /** A {@link RememberedChange} id. */
  change: string;
}

/** What somebody wants to be changed; the backend works out the objects. @public */
export type ServiceIntent =
  | TimeoutIntent
  | FaultIntent
  | RetriesIntent
  | MirrorIntent
  | ConditionalRouteIntent
  | BreakerIntent
  | BalancingIntent
  | MtlsIntent
  | AllowCallerIntent
  | DenyByDefaultIntent
  | SamplingIntent
  | ProxyResourcesIntent
  | EnrolmentIntent
  | RestartIntent
  | EditObjectIntent
  | DeleteObjectIntent
  | UndoIntent;

/** @public */
export interface ServiceChangeRequest extends ChangeLock {
  what: ServiceIntent;
}

/** The body of a preview. @public */
export interface ServiceChangeIntent {
  what: ServiceIntent;
}

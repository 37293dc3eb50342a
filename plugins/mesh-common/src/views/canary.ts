import { Figure, ObjectRef, ObjectYaml, ViewBase, Finding } from './common';

/** One version of the service in the comparison. @public */
export interface CanaryVersion {
  subset: string;
  labels: Record<string, string>;
  /** 0 to 100. */
  weight: number;
  /** 0 to 1, as the last minutes show it. */
  liveShare?: number;
  pods: number;
  readyPods: number;
  requestsPerSecond: Figure;
  errorShare: Figure;
  p99Ms: Figure;
}

/** A rule whose weights can be moved. @public */
export interface CanaryRule {
  index: number;
  requests: string[];
  /** Subset name to weight, 0 to 100, in the order of the subsets. */
  weights: Record<string, number>;
}

/** The Canary tab. @public */
export interface CanaryView extends ViewBase {
  /** `none`: no object splits traffic between versions; the verdict says what is missing. */
  provider: 'virtualservice' | 'none';
  object?: ObjectYaml;
  versions: CanaryVersion[];
  rules: CanaryRule[];
  /** Absent where the person may move weights; else why not, and who can change that. */
  cannotChange?: string;
}

/** What a person wants: the weights of one rule, adding up to 100. @public */
export interface WeightIntent {
  ruleIndex: number;
  weights: Record<string, number>;
}

/** What would happen, before anything does. @public */
export interface ChangePreview {
  object: ObjectRef;
  /** The version that was compared; `apply` sends it back as the lock. */
  resourceVersion: string;
  before: string;
  after: string;
  /** What the API server said to a dry run. */
  dryRun: { ok: boolean; message?: string };
  findingsNew: Finding[];
  findingsFixed: Finding[];
  /** Field managers that own what would be changed; applying takes the fields over from them. */
  takesOverFrom: string[];
  /** Argo CD or Flux, where one of them will revert a direct change. */
  revertedBy?: string;
  /** In words: "10 % of requests move from stable to canary." */
  sentence: string;
}

/** @public */
export interface ApplyRequest extends WeightIntent {
  resourceVersion: string;
  /** Must be true where the preview named managers or a reverting tool. */
  takeOver?: boolean;
}

/** @public */
export interface ApplyResult {
  object: ObjectYaml;
  sentence: string;
}

/** The body of a 409: somebody changed the object since the preview. @public */
export interface ConflictDetails {
  current: ObjectYaml;
  /** The resourceVersion that was previewed. */
  seen: string;
  message: string;
}

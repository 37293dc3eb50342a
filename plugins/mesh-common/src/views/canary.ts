import type { ChangeLock } from './changes';
import { Figure, ObjectRef, ObjectYaml, RuleName, ViewBase } from './common';

/** What a version's containers use of one resource, set against what they may. @public */
export interface ResourceUse {
  resource: 'cpu' | 'memory';
  /**
   * `known`: there is a share. `unlimited`: no container has a limit, or, of CPU, a request, that use could be compared with.
   * `unmeasured`: Prometheus has no such series of these pods. `unknown`: it did not answer, or there are no pods.
   */
  state: 'known' | 'unlimited' | 'unmeasured' | 'unknown';
  /** Of the fullest container; over 1 where more than the request is used. */
  share?: number;
  container?: string;
  /** What the share is of: the limit, or, of CPU without a limit, the request. */
  of?: 'limit' | 'request';
  /** Whether the limit is near; a request may be exceeded. */
  nearlyFull: boolean;
  /** Containers that nothing bounds. */
  unlimited: string[];
}

/** How full the pods of a version are. @public */
export interface Saturation {
  /** Of the fuller of CPU and memory, at each time. */
  share: Figure;
  /** The fuller one first. */
  uses: ResourceUse[];
  /** As many pods were looked at. */
  podsAsked: number;
}

/** One version of the service in the comparison. @public */
export interface CanaryVersion {
  /** Of a Service that is a version its name, as `namespace/name` where it is in another namespace than its route. */
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
  p50Ms: Figure;
  p99Ms: Figure;
  saturation: Saturation;
}

/** A rule whose weights can be moved. @public */
export interface CanaryRule {
  rule: RuleName;
  /** For people: its number in the order in which the rules are tried, from 1, as Routes shows it. It names nothing. */
  number: number;
  requests: string[];
  /** Version to weight, 0 to 100, in the order of the versions. */
  weights: Record<string, number>;
}

/** One step of a rollout, as its object plans it. @public */
export interface RolloutStep {
  /** "20 %", "waits 10 min", "promotion". */
  words: string;
  state: 'done' | 'current' | 'next';
}

/** What has to hold before a rollout goes on. @public */
export interface RolloutGate {
  name: string;
  /** "at least 99 % succeed". */
  words: string;
  /** How often it is asked, or how far back it looks, as the object says it: `1m`. */
  interval?: string;
  /** With its unit; absent where it is not known. */
  stable?: string;
  canary?: string;
  verdict: 'ok' | 'failed' | 'unknown';
  /** What the verdict rests on, or why there is none. */
  reason: string;
}

/** Flagger's Canary or Argo's Rollout, read from its spec and status. @public */
export interface RolloutView {
  provider: 'flagger' | 'argo';
  /** Flagger's Canary or Argo's Rollout; of a Rollout without its pod template. */
  object: ObjectYaml;
  /** In words: "analysing", "waiting", "rolled back". */
  phase: string;
  /** Why it does not move, where it waits. */
  paused?: string;
  /** What the tool gives the canary now, 0 to 100. */
  weight?: number;
  /** What it gives it next, where the analysis goes well. */
  nextWeight?: number;
  /** The step that it is at, counted from 1. */
  step?: { number: number; of: number };
  steps: RolloutStep[];
  gates: RolloutGate[];
  failedChecks?: number;
  /** As many failed checks end in a rollback. */
  failedChecksAllowed?: number;
  lastMovedAt?: string;
  /** The tool's own last word. */
  message?: string;
  /** Whether it writes the weights of the mesh's routes. */
  movesWeights: boolean;
}

/** A move that the portal saw. @public */
export interface CanaryMove {
  at: string;
  object: ObjectRef;
  /** "rule 1: canary from 10 % to 25 %". */
  what: string;
  /** An entity ref, or the field manager that owns what was changed; absent where the object does not say. */
  who?: string;
  /** What the person or the tool gave as the reason. */
  why?: string;
}

/** The moves of weights and phases, newest first, as far as the portal was there to see them. @public */
export interface CanaryHistory {
  /** When the portal began to look. */
  since: string;
  moves: CanaryMove[];
}

/** The Canary tab. @public */
export interface CanaryView extends ViewBase {
  /** `none`: no object splits traffic between versions; the verdict says what is missing. */
  provider: 'virtualservice' | 'gatewayapi' | 'none';
  object?: ObjectYaml;
  versions: CanaryVersion[];
  rules: CanaryRule[];
  /** Who moves the weights, where that is Flagger or Argo Rollouts. */
  rollout?: RolloutView;
  history: CanaryHistory;
  /** Absent where the person may move weights; else why not, and who can change that. */
  cannotChange?: string;
}

/** What a person wants: the weights of one rule, adding up to 100. @public */
export interface WeightIntent {
  rule: RuleName;
  weights: Record<string, number>;
}

/** @public */
export interface ApplyRequest extends WeightIntent, ChangeLock {}

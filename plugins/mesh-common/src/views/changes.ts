import type { Finding, ObjectRef, ObjectYaml } from './common';

/** Names a finding that is to be mended, as the view showed it. @public */
export interface MendIntent {
  code: string;
  object: ObjectRef;
  path?: string;
}

/** What a person saw and agreed to; nothing is written where it is no longer so. @public */
export interface ChangeLock {
  resourceVersion: string;
  /** Why, for the history. */
  reason?: string;
  /** Must be true where the preview named managers or a reverting tool. */
  takeOver?: boolean;
}

/** @public */
export interface MendRequest extends MendIntent, ChangeLock {}

/** What would happen, before anything does. @public */
export interface ChangePreview {
  object: ObjectRef;
  /** The version that was compared; `apply` sends it back as the lock. */
  resourceVersion: string;
  before: string;
  /** As the API server says that it would store it. */
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
  /** The cluster would store something else than what is meant: what, and what does such things. */
  remark?: string;
}

/** @public */
export interface ApplyResult {
  object: ObjectYaml;
  sentence: string;
  /** What is not as usual: the cluster stored something else, or its answer was lost and the object was read again. */
  remark?: string;
}

/** The body of a 409: somebody changed the object since the preview. @public */
export interface ConflictDetails {
  current: ObjectYaml;
  /** The resourceVersion that was previewed. */
  seen: string;
  message: string;
}

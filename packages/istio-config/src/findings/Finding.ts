import type { KubeObject, KubeObjectRef } from '../kube/KubeObject';
import type { MeshObjects } from '../MeshObjects';
import type { Mend } from './Mend';

/** @public */
export type FindingLevel = 'error' | 'warning' | 'info';

/** Something that is not as its author will have meant it. @public */
export interface Finding {
  code: string;
  level: FindingLevel;
  resource: KubeObjectRef;
  /** Where in the object, as `spec.http[0].route[1]`. */
  path?: string;
  message: string;
  fix: string;
  mend?: Mend;
}

/** What a rule yields; the code comes from the rule, and so does the level where the draft has none of its own. */
export interface FindingDraft {
  level?: FindingLevel;
  resource: KubeObject;
  path?: string;
  message: string;
  fix: string;
  mend?: Mend;
}

/** A rule with its meaning beside it. @public */
export interface FindingRule {
  code: string;
  level: FindingLevel;
  /** Kinds whose objects the rule judges. */
  inputs: readonly string[];
  source: string;
  /**
   * `mesh`: the rule compares objects of several namespaces, and gets them all at once. By default it gets those of one,
   * and says something only of those.
   */
  scope?: 'namespace' | 'mesh';
  /** Kinds that must be known for the rule to say that something is missing. */
  needs?: readonly string[];
  /** True but seldom useful; said only where all is asked for. */
  detail?: boolean;
  find(
    inputs: Record<string, readonly KubeObject[]>,
    set: MeshObjects,
  ): Iterable<FindingDraft>;
}

/** Names a rule so that its type is inferred. */
export function defineFinding(rule: FindingRule): FindingRule {
  return rule;
}

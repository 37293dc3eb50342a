import {
  afterOf,
  type ChangePlan,
  type KubeObject,
  type KubeObjectRef,
  type MeshObjects,
  type ObjectEdit,
} from '@meshdeck/istio-config';
import type { Placement } from '@meshdeck/plugin-mesh-common';
import type { ChangeTerm } from '../memory/ChangeTerm';

/** Whose change it is, of which service. */
export interface Asked {
  placement: Placement;
  entityRef: string;
}

/** What somebody wants to be changed, whichever button it came from. It knows its objects and what to do to them; the pipeline does the rest. */
export interface Change {
  /** Kinds without which nobody knows whether it is safe, beside those without which nothing is known of a cluster. */
  needs: readonly string[];
  /** It makes its objects where there are none; every other change needs them. */
  mayCreate?: true;
  /** It gives back what was there: also what is found to be wrong with that keeps nobody from it. */
  givesBack?: true;
  /** When it ends by itself. */
  term?: ChangeTerm;
  /** Kinds of which all objects in the namespace decide it, also those that came a moment ago. */
  lists?: readonly string[];
  /**
   * The objects that it writes, in the order of its edits, as far as the store knows: at least one.
   *
   * @throws NotFoundError, ConflictError where there is no such thing, with what to do instead.
   */
  targets(set: MeshObjects, placement: Placement): readonly KubeObjectRef[];
  /** The other objects that decide it. All of them are read from the API server before it is planned. */
  restsOn(set: MeshObjects, placement: Placement): readonly KubeObjectRef[];
  /**
   * What to do, in the order in which it is written: at no moment in between may callers be worse off than before or after.
   *
   * @param set - holds the objects, and what decides over them, as they are in the cluster now.
   * @throws InputError, NotAllowedError, ConflictError where the intent does not fit.
   */
  plan(set: MeshObjects, asked: Asked): ChangePlan;
}

/** An edit, and its object after it; undefined where it is gone. */
export interface Step {
  edit: ObjectEdit;
  after: KubeObject | undefined;
  /** The object as it is, where an earlier change made it already, with which this one goes on. */
  made?: KubeObject;
}

export function stepOf(edit: ObjectEdit): Step {
  return { edit, after: afterOf(edit) };
}

/** @throws Error where it is not there: only what is made has no before. */
export function existing(set: MeshObjects, ref: KubeObjectRef): KubeObject {
  const object = objectIn(set, ref);
  if (!object) {
    throw new Error('What is to be changed is not there');
  }
  return object;
}

export function objectIn(
  set: MeshObjects,
  { kind, namespace, name }: KubeObjectRef,
): KubeObject | undefined {
  return set.get(kind, namespace, name);
}

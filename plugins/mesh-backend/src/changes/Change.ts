import type {
  KubeObject,
  KubeObjectRef,
  MeshObjects,
  ObjectEdit,
} from '@meshdeck/istio-config';
import type { Placement } from '@meshdeck/plugin-mesh-common';
import type { ChangeTerm } from '../memory/ChangeTerm';

/** Whose change it is, of which service. */
export interface Asked {
  placement: Placement;
  entityRef: string;
}

/** What somebody wants to be changed, whichever button it came from. It knows its object and what to do to it; the pipeline does the rest. */
export interface Change {
  /** Kinds without which nobody knows whether it is safe, beside those without which nothing is known of a cluster. */
  needs: readonly string[];
  /** It makes its object where there is none; every other change needs one. */
  mayCreate?: true;
  /** It gives back what was there: also what is found to be wrong with that keeps nobody from it. */
  givesBack?: true;
  /** When it ends by itself. */
  term?: ChangeTerm;
  /** Kinds of which all objects in the namespace decide it, also those that came a moment ago. */
  lists?: readonly string[];
  /**
   * The object that it is about, as far as the store knows.
   *
   * @throws NotFoundError, ConflictError where there is no such thing, with what to do instead.
   */
  target(set: MeshObjects, placement: Placement): KubeObjectRef;
  /** The other objects that decide it. All of them are read from the API server before it is planned. */
  restsOn(set: MeshObjects, placement: Placement): readonly KubeObjectRef[];
  /**
   * What to do. `set` holds the object, and what decides it, as they are in the cluster now.
   *
   * @param before - undefined where the object is to be made.
   * @throws InputError, NotAllowedError, ConflictError where the intent does not fit.
   */
  plan(
    set: MeshObjects,
    before: KubeObject | undefined,
    asked: Asked,
  ): { edit: ObjectEdit; sentence: string };
}

/** An edit, and its object after it; undefined where it is gone. */
export interface Step {
  edit: ObjectEdit;
  after: KubeObject | undefined;
}

/** @throws Error where it is not there: only what is made has no before. */
export function existing(before: KubeObject | undefined): KubeObject {
  if (!before) {
    throw new Error('What is to be changed is not there');
  }
  return before;
}

import type {
  KubeObject,
  KubeObjectRef,
  MeshObjects,
  PatchOperation,
} from '@meshdeck/istio-config';
import type { Placement } from '@meshdeck/plugin-mesh-common';

/** An object as it is, what is to be done to it, and how it should be then. */
export interface Step {
  before: KubeObject;
  operations: readonly PatchOperation[];
  after: KubeObject;
}

/** What somebody wants to be changed, whichever button it came from. It knows its object and what to do to it; the pipeline does the rest. */
export interface Change {
  /** Kinds without which nobody knows whether it is safe, beside those without which nothing is known of a cluster. */
  needs: readonly string[];
  /**
   * The object that it is about, as far as the store knows.
   *
   * @throws NotFoundError, ConflictError where there is no such thing, with what to do instead.
   */
  target(set: MeshObjects, placement: Placement): KubeObjectRef;
  /** The other objects that decide it. All of them are read from the API server before it is planned. */
  restsOn(set: MeshObjects, placement: Placement): readonly KubeObjectRef[];
  /**
   * What to do to the object. `set` holds it, and what decides it, as they are in the cluster now.
   *
   * @throws InputError, NotAllowedError, ConflictError where the intent does not fit.
   */
  plan(
    set: MeshObjects,
    before: KubeObject,
    asked: { placement: Placement; entityRef: string },
  ): { operations: readonly PatchOperation[]; sentence: string };
}

import type { KubeObject } from '@meshdeck/istio-config';

/** An object as it is and as it should be. */
export interface Step {
  before: KubeObject;
  after: KubeObject;
}

/** A way to bring a change into a cluster, under the resourceVersion of `before`. */
export interface Delivery {
  /**
   * Asks the API server without writing anything.
   * @returns the field managers that own what would be changed.
   * @throws what the API server refuses it with.
   */
  rehearse(step: Step): Promise<string[]>;
  /**
   * Writes it.
   * @throws StaleObjectError where the object is another one by now, FieldConflictError where others own fields and
   * `takeOver` is not set.
   */
  deliver(step: Step, options: { takeOver?: boolean }): Promise<KubeObject>;
}

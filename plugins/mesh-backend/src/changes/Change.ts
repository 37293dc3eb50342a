import type {
  KubeObject,
  KubeObjectRef,
  MeshConfigSet,
} from '@meshdeck/istio-config';
import type { Placement } from '@meshdeck/plugin-mesh-common';
import type { KubernetesClient } from '../cluster/KubernetesClient';
import type { Delivery } from './Delivery';

/** What somebody wants to be changed, whichever button it came from. It knows its object and how that should be; the pipeline does the rest. */
export interface Change {
  /** Kinds without which nobody knows whether it is safe, beside those without which nothing is known of a cluster. */
  needs: readonly string[];
  /** @throws InputError, NotAllowedError, ConflictError where it cannot be done, with what to do instead. */
  target(
    set: MeshConfigSet,
    placement: Placement,
    entityRef: string,
  ): KubeObjectRef;
  /**
   * The object as it should be. `set` holds it as it is in the cluster now.
   * @throws InputError where the wish does not fit it.
   */
  plan(
    set: MeshConfigSet,
    before: KubeObject,
    placement: Placement,
  ): { after: KubeObject; sentence: string };
  delivery(client: KubernetesClient): Delivery;
}

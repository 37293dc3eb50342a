import { ConflictError } from '@backstage/errors';
import { describeRef, type KubeObject, refOf } from '@meshdeck/istio-config';
import type { ConflictDetails } from '@meshdeck/plugin-mesh-common';
import { toObjectYaml } from '../facts/objects';

/** The object is no longer the one that was looked at; nothing was written. */
export class ChangeConflict extends ConflictError {
  /** @param seen - the resourceVersion that was looked at. */
  static over(current: KubeObject, seen: string): ChangeConflict {
    return new ChangeConflict({
      current: toObjectYaml(current),
      seen,
      message: `${describeRef(
        refOf(current),
      )} was changed since you looked at it. Nothing was written; look at what it is now and decide again.`,
    });
  }

  private constructor(readonly details: ConflictDetails) {
    super(details.message);
  }
}

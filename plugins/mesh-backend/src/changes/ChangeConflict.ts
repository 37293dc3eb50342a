import { ConflictError } from '@backstage/errors';
import type { ConflictDetails } from '@meshdeck/plugin-mesh-common';

/** The object is no longer the one that was previewed; nothing was written. */
export class ChangeConflict extends ConflictError {
  constructor(readonly details: ConflictDetails) {
    super(details.message);
  }
}

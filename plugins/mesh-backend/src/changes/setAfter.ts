import { type MeshObjects, objectOf, refOf } from '@meshdeck/istio-config';
import type { Step } from './Change';

/** The mesh once a step is made. */
export function setAfter(
  before: MeshObjects,
  { edit, after }: Step,
): MeshObjects {
  return before.with([
    after
      ? { type: 'put', object: after }
      : { type: 'remove', ...refOf(objectOf(edit)) },
  ]);
}

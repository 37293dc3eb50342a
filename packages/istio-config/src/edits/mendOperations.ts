import type { Mend } from '../findings/Mend';
import type { KubeObject } from '../kube/KubeObject';
import type { PatchOperation } from './PatchOperation';
import { fieldOperations } from './setFields';

/** What a mend does to an object, each step with the old value that it takes for granted. @public */
export function mendOperations(
  object: KubeObject,
  { edits }: Mend,
): PatchOperation[] {
  return fieldOperations(object, edits);
}

import type { KubeObject, ObjectEdit } from '@meshdeck/istio-config';
import type { MadeStep } from '../memory/MemorizedChange';
import { creationMark } from './creationMark';

/** A step that was made, by its object as it is found: of what bears its call's mark, others may have changed something since. */
export function madeStep(
  edit: ObjectEdit,
  current: KubeObject | undefined,
): MadeStep {
  return edit.action === 'create' && creationMark(edit.object)
    ? { edit }
    : { edit, after: current };
}

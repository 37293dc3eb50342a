import {
  fieldsOf,
  isSameJson,
  type KubeObject,
  objectOf,
  refOf,
} from '@meshdeck/istio-config';
import type { KubernetesClient } from '../cluster/KubernetesClient';
import type { MadeStep } from '../memory/MemorizedChange';
import { backFrom } from './backFrom';
import { stepOf } from './Change';
import { ChangeConflict } from './ChangeConflict';
import type { EditDelivery } from './EditDelivery';

const MOST_TRIES = 5;

/**
 * Takes back one step of a change that was not made whole. Done twice it does nothing the second time; what others wrote beside it in the
 * meantime stays.
 *
 * @throws ChangeConflict where somebody made something else of it, ConflictError where it is gone, and what {@link EditDelivery.deliver}
 * throws.
 */
export async function takeBack(
  client: KubernetesClient,
  delivery: EditDelivery,
  step: MadeStep,
): Promise<void> {
  const ref = refOf(objectOf(step.edit));
  for (let tries = 1; ; tries += 1) {
    const current = await client.find(ref);
    if (isBack(step, current)) {
      return;
    }
    try {
      await delivery.deliver(stepOf(backFrom(step, current)));
      return;
    } catch (error) {
      // Somebody wrote something else of it between the look and the write: that is looked at again.
      if (!(error instanceof ChangeConflict) || tries === MOST_TRIES) {
        throw error;
      }
    }
  }
}

/** Whether the object says what it said before the step. */
export function isBack(
  { edit }: MadeStep,
  current: KubeObject | undefined,
): boolean {
  if (edit.action === 'create') {
    return current === undefined;
  }
  return current !== undefined && isSameJson(told(current), told(edit.before));
}

function told({ spec, metadata }: KubeObject) {
  return {
    spec,
    labels: Object.fromEntries(fieldsOf(metadata.labels)),
    annotations: Object.fromEntries(fieldsOf(metadata.annotations)),
  };
}

import {
  isSameJson,
  type KubeObject,
  objectOf,
  refOf,
} from '@meshdeck/istio-config';
import type { KubernetesClient } from '../cluster/KubernetesClient';
import { yamlOf } from '../facts/objects';
import type { MadeStep } from '../memory/MemorizedChange';
import { backFrom } from './backFrom';
import { stepOf } from './Change';
import { ChangeConflict } from './ChangeConflict';
import { bearsMarkOf, creationMark } from './creationMark';
import type { EditDelivery } from './EditDelivery';
import { sayingsOf } from './sayingsOf';

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

/** Whether the object says what it said before the step. @throws ChangeConflict where it is another one of that name. */
function isBack(
  { edit, after }: MadeStep,
  current: KubeObject | undefined,
): boolean {
  if (edit.action === 'create') {
    return (
      current === undefined ||
      current.metadata.deletionTimestamp !== undefined ||
      isInItsPlace(edit.object, after, current)
    );
  }
  const { before } = edit;
  const isOther = current?.metadata.uid !== before.metadata.uid;
  if (current && edit.action === 'change' && isOther) {
    throw ChangeConflict.over(current, yamlOf(before));
  }
  return (
    current !== undefined && isSameJson(sayingsOf(current), sayingsOf(before))
  );
}

/** Whether that is one that somebody else created, which is not ours to delete. */
function isInItsPlace(
  wanted: KubeObject,
  after: KubeObject | undefined,
  current: KubeObject,
): boolean {
  return after
    ? current.metadata.uid !== after.metadata.uid
    : creationMark(wanted) !== undefined && !bearsMarkOf(wanted, current);
}

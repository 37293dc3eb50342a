import { ConflictError, NotFoundError } from '@backstage/errors';
import {
  describeRef,
  type KubeObject,
  objectOf,
  refOf,
} from '@meshdeck/istio-config';
import type { KubernetesClient } from '../cluster/KubernetesClient';
import type { MadeStep } from '../memory/MemorizedChange';
import type { Step } from './Change';
import { ChangeConflict } from './ChangeConflict';
import type { EditDelivery } from './EditDelivery';
import type { LeftObject } from './NotMadeWhole';
import { outcomeOf } from './outcomeOf';
import { madeStep } from './madeStep';
import { takeBack } from './takeBack';

const MAY_COME =
  'the cluster did not say whether it was written: it may be yet';
const IS_AWAY = 'the cluster does not answer';
const IS_CHANGED = 'somebody changed it in the meantime';
const IS_GONE = 'somebody took it away in the meantime';

/**
 * Takes back each of the steps, in their order: one that somebody made something else of keeps nothing else from it.
 *
 * @param doubtful - a step of which nobody knows whether it was made; it comes first.
 * @returns what is left.
 */
export async function takeBackEach(
  client: KubernetesClient,
  delivery: EditDelivery,
  { made, doubtful }: { made: readonly MadeStep[]; doubtful?: Step },
): Promise<LeftObject[]> {
  const left: LeftObject[] = [];
  const steps = [...made];
  const found = doubtful && (await whatBecameOf(client, doubtful));
  if (found && 'left' in found) {
    left.push(found.left);
  } else if (found) {
    steps.unshift(found.made);
  }
  let isAway = false;
  for (const step of steps) {
    // A cluster that is away is not asked for each object again.
    const one: LeftObject | undefined = isAway
      ? leftOf(step, IS_AWAY, true)
      : await takeBackOne(client, delivery, step);
    if (one) {
      left.push(one);
      isAway ||= one.why === IS_AWAY;
    }
  }
  return left;
}

async function takeBackOne(
  client: KubernetesClient,
  delivery: EditDelivery,
  step: MadeStep,
): Promise<LeftObject | undefined> {
  try {
    await takeBack(client, delivery, step);
    return undefined;
  } catch (error) {
    if (error instanceof ChangeConflict) {
      return leftOf(step, IS_CHANGED, false);
    }
    if (error instanceof ConflictError || error instanceof NotFoundError) {
      return leftOf(step, IS_GONE, false);
    }
    const { name, message } = error as Error;
    return leftOf(step, name === 'NotAllowedError' ? message : IS_AWAY, true);
  }
}

/** Undefined where it was not made, and will not be. */
async function whatBecameOf(
  client: KubernetesClient,
  step: Step,
): Promise<{ made: MadeStep } | { left: LeftObject } | undefined> {
  const { edit } = step;
  let current: KubeObject | undefined;
  try {
    current = await client.find(refOf(objectOf(edit)));
  } catch {
    return { left: leftOf(step, MAY_COME, true) };
  }
  switch (outcomeOf(step, current)) {
    case 'written':
      return { made: madeStep(edit, current) };
    case 'not-yet':
      return { left: leftOf(step, MAY_COME, true) };
    case 'not-written':
      return undefined;
    case 'gone':
      return { left: leftOf(step, IS_GONE, false) };
    default:
      return { left: leftOf(step, IS_CHANGED, false) };
  }
}

function leftOf(
  { edit }: Pick<MadeStep, 'edit'>,
  why: string,
  isOpen: boolean,
): LeftObject {
  return { name: describeRef(refOf(objectOf(edit))), why, isOpen };
}

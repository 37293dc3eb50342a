import { isSameJson, itemsOf, type KubeObject } from '@meshdeck/istio-config';
import { FIELD_MANAGER } from '../cluster/KubernetesClient';
import type { Step } from './Change';

/**
 * `written`: the object is as it was meant. `not-yet`: it is the one that was seen. `not-written`: somebody else changed it
 * first, which the lock of ours does not survive. `gone`: it is not there, or it is another one of that name. `unknown`: it was
 * changed more than once, or to something else, and one of these changes may be ours.
 */
export type Outcome =
  | 'written'
  | 'not-yet'
  | 'not-written'
  | 'gone'
  | 'unknown';

/**
 * What became of a write whose answer was lost, by what the object is now. The generation counts the changes of a spec: with
 * none, or with one that is another's, ours was not among them.
 */
export function outcomeOf(
  { before, after }: Pick<Step, 'before' | 'after'>,
  current: KubeObject | undefined,
): Outcome {
  if (!current || current.metadata.uid !== before.metadata.uid) {
    return 'gone';
  }
  if (current.metadata.resourceVersion === before.metadata.resourceVersion) {
    return 'not-yet';
  }
  if (isSameJson(current.spec, after.spec)) {
    return 'written';
  }
  const changes =
    (current.metadata.generation ?? NaN) - (before.metadata.generation ?? NaN);
  const isOthers =
    changes === 0 || (changes === 1 && !hasWrittenSince(before, current));
  return isOthers ? 'not-written' : 'unknown';
}

/** Whether something was written from here since, by whoever's hand. */
function hasWrittenSince(before: KubeObject, current: KubeObject): boolean {
  return !isSameJson(ownEntries(before), ownEntries(current));
}

function ownEntries({ metadata }: KubeObject) {
  return itemsOf(metadata.managedFields)
    .filter(({ manager }) => manager === FIELD_MANAGER)
    .map(({ operation, time }) => ({ operation, time }));
}

import { isSameJson, itemsOf, type KubeObject } from '@meshdeck/istio-config';
import { FIELD_MANAGER } from '../cluster/KubernetesClient';
import type { Step } from './Change';
import { bearsMarkOf, creationMark } from './creationMark';

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

const NOTES = ['labels', 'annotations'] as const;

/** What became of a write whose answer was lost, by what the object is now; undefined where it is not there. */
export function outcomeOf(
  { edit, after }: Step,
  current: KubeObject | undefined,
): Outcome {
  switch (edit.action) {
    case 'create':
      return creationOutcome(edit.object, current);
    case 'delete':
      return deletionOutcome(edit.before, current);
    default:
      return changeOutcome(edit.before, after, current);
  }
}

/** What was made bears the mark of its call or, where it has none, our name among its managers. */
function creationOutcome(
  wanted: KubeObject,
  current: KubeObject | undefined,
): Outcome {
  if (!current) {
    return 'not-yet';
  }
  if (creationMark(wanted)) {
    return bearsMarkOf(wanted, current) ? 'written' : 'not-written';
  }
  return ownEntries(current).length > 0 && isSameJson(current.spec, wanted.spec)
    ? 'written'
    : 'not-written';
}

/** Another object of that name has taken its place, or it is on its way out: either way this one is gone. */
function deletionOutcome(
  before: KubeObject,
  current: KubeObject | undefined,
): Outcome {
  if (
    !current ||
    current.metadata.uid !== before.metadata.uid ||
    current.metadata.deletionTimestamp
  ) {
    return 'written';
  }
  return current.metadata.resourceVersion === before.metadata.resourceVersion
    ? 'not-yet'
    : 'not-written';
}

/** The generation counts the changes of a spec: with none, or with one that is another's, ours was not among them. */
function changeOutcome(
  before: KubeObject,
  after: KubeObject | undefined,
  current: KubeObject | undefined,
): Outcome {
  if (!current || current.metadata.uid !== before.metadata.uid) {
    return 'gone';
  }
  if (current.metadata.resourceVersion === before.metadata.resourceVersion) {
    return 'not-yet';
  }
  if (isSameJson(before.spec, after?.spec)) {
    return noteOutcome(before, after, current);
  }
  if (isSameJson(current.spec, after?.spec)) {
    return 'written';
  }
  const changes =
    (current.metadata.generation ?? NaN) - (before.metadata.generation ?? NaN);
  const isOthers =
    changes === 0 || (changes === 1 && !hasWrittenSince(before, current));
  return isOthers ? 'not-written' : 'unknown';
}

/** Labels and annotations are not counted: those that were to change say it, whatever else others wrote beside them. */
function noteOutcome(
  before: KubeObject,
  after: KubeObject | undefined,
  current: KubeObject,
): Outcome {
  const changed = NOTES.flatMap(field => {
    const [old, meant, is] = [before, after, current].map(
      object => object?.metadata[field] ?? {},
    );
    return [...new Set([...Object.keys(old), ...Object.keys(meant)])]
      .filter(key => old[key] !== meant[key])
      .map(key => ({ old: old[key], meant: meant[key], is: is[key] }));
  });
  if (changed.every(({ meant, is }) => is === meant)) {
    return 'written';
  }
  return changed.every(({ old, is }) => is === old) &&
    !hasWrittenSince(before, current)
    ? 'not-written'
    : 'unknown';
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

import type { Edit } from '../findings/Mend';
import type { KubeObject } from '../kube/KubeObject';
import { type Place, valueAt } from '../kube/place';
import type { ObjectEdit } from './ChangePlan';
import { isSameJson } from './isSameJson';
import { patched, PatchOperation } from './PatchOperation';

/** The edit that sets some fields of an object and leaves every other as it is. @public */
export function setFields(
  object: KubeObject,
  edits: readonly Edit[],
): Extract<ObjectEdit, { action: 'change' }> {
  return {
    action: 'change',
    before: object,
    operations: fieldOperations(object, edits),
  };
}

/** What it takes to set some fields, each step with the old value that it takes for granted. @public */
export function fieldOperations(
  object: KubeObject,
  edits: readonly Edit[],
): PatchOperation[] {
  const operations: PatchOperation[] = [];
  let current = object;
  for (const edit of edits) {
    const steps = stepsOf(current, edit);
    operations.push(...steps);
    current = patched(current, steps);
  }
  return operations;
}

function stepsOf(object: KubeObject, { at, value }: Edit): PatchOperation[] {
  const old: unknown = valueAt(object, at);
  if (isSameJson(old, value)) {
    return [];
  }
  if (old === undefined) {
    return [added(object, at, value)];
  }
  return [
    { op: 'test', at, value: old },
    value === undefined ? { op: 'remove', at } : { op: 'replace', at, value },
  ];
}

/** What it is in may have to be made first. */
function added(object: KubeObject, at: Place, value: unknown): PatchOperation {
  const parent = at.slice(0, -1);
  return parent.length === 0 || valueAt(object, parent) !== undefined
    ? { op: 'add', at, value }
    : added(object, parent, { [at[at.length - 1]]: value });
}

import type { KubeObject } from '../kube/KubeObject';
import { valueAt } from '../kube/place';
import type { ObjectEdit } from './ChangePlan';
import { patched, type PatchOperation } from './PatchOperation';

/** What of an object the API server decides; a new object has none of it. */
const OF_THE_SERVER = [
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'managedFields',
  'selfLink',
];

/**
 * The edit that gives back what an edit took, for the object as the edit left it. Each value that it takes for granted is tested: where
 * somebody changed one of them since, none of it may be made.
 *
 * @param after - the object as it is now; for a deleted one not needed.
 * @public
 */
export function undoOf(edit: ObjectEdit, after?: KubeObject): ObjectEdit {
  switch (edit.action) {
    case 'create':
      return { action: 'delete', before: after ?? edit.object };
    case 'delete':
      return { action: 'create', object: asNew(edit.before) };
    default:
      return {
        action: 'change',
        before: after ?? patched(edit.before, edit.operations),
        operations: inverse(edit.before, edit.operations),
      };
  }
}

/** The operations that lead back, from the last to the first, each with a test of what it takes away. */
function inverse(
  before: KubeObject,
  operations: readonly PatchOperation[],
): PatchOperation[] {
  const back: PatchOperation[][] = [];
  let current = before;
  for (const operation of operations) {
    if (operation.op !== 'test') {
      back.push(inverseOf(current, operation));
      current = patched(current, [operation]);
    }
  }
  return back.reverse().flat();
}

function inverseOf(
  current: KubeObject,
  operation: Exclude<PatchOperation, { op: 'test' }>,
): PatchOperation[] {
  const { at } = operation;
  const old: unknown = valueAt(current, at);
  if (operation.op === 'remove') {
    return [{ op: 'add', at, value: old }];
  }
  const isWritten: PatchOperation = { op: 'test', at, value: operation.value };
  const insertsItem =
    operation.op === 'add' && typeof at[at.length - 1] === 'number';
  return insertsItem || old === undefined
    ? [isWritten, { op: 'remove', at }]
    : [isWritten, { op: 'replace', at, value: old }];
}

/** An object as it can be created again. */
function asNew(object: KubeObject): KubeObject {
  const { status: _status, metadata, ...rest } = object;
  return {
    ...rest,
    metadata: {
      ...Object.fromEntries(
        Object.entries(metadata).filter(
          ([field]) => !OF_THE_SERVER.includes(field),
        ),
      ),
      name: metadata.name,
    },
  };
}

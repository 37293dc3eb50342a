import {
  itemsOf,
  isMap,
  type KubeObject,
  type ObjectEdit,
  ownField,
  type PatchOperation,
  type Place,
} from '@meshdeck/istio-config';
import { FIELD_MANAGER } from '../cluster/KubernetesClient';

/** Who else, by `metadata.managedFields`, owns what an edit writes; of what is deleted, all of it. */
export function ownersOf(edit: ObjectEdit): string[] {
  switch (edit.action) {
    case 'create':
      return [];
    case 'delete':
      return fieldOwners(edit.before, [{ op: 'remove', at: ['spec'] }]);
    default:
      return fieldOwners(edit.before, edit.operations);
  }
}

/** Who else owns what operations on an object write. */
export function fieldOwners(
  { metadata }: KubeObject,
  operations: readonly PatchOperation[],
): string[] {
  const written = operations.filter(({ op }) => op !== 'test');
  const owners = itemsOf(metadata.managedFields)
    .filter(
      ({ manager, fieldsV1, subresource }) =>
        manager !== FIELD_MANAGER &&
        // Who scales a workload owns its replicas; who reports on it owns nothing that is written here.
        subresource !== 'status' &&
        written.some(({ at }) => owns(fieldsV1, at)),
    )
    .map(({ manager = 'unknown' }) => manager);
  return [...new Set(owners)];
}

/** Whether a tree of owned fields has the place, something in it, or, as a whole, something that it is in. */
function owns(fields: unknown, [step, ...rest]: Place): boolean {
  if (!isMap(fields)) {
    return false;
  }
  if (step === undefined || Object.keys(fields).length === 0) {
    return true;
  }
  // The items of a list are known by what they hold; which of them is meant is not asked.
  return typeof step === 'number' || owns(ownField(fields, `f:${step}`), rest);
}

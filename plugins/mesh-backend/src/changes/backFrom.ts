import { ConflictError } from '@backstage/errors';
import {
  describeRef,
  endingOf,
  hasEnd,
  isSameJson,
  type KubeObject,
  type ObjectEdit,
  objectOf,
  patched,
  refOf,
  undoOf,
} from '@meshdeck/istio-config';
import { yamlOf } from '../facts/objects';
import type { MadeStep } from '../memory/MemorizedChange';
import { ChangeConflict } from './ChangeConflict';
import { creationMark } from './creationMark';
import { sayingsOf } from './sayingsOf';
import { setByOthers } from './setByOthers';

/**
 * The edit that gives back what a step of a change took.
 *
 * @param current - the object as it is now.
 * @throws ChangeConflict where somebody touched since what is to be given back, ConflictError where it is gone.
 */
export function backFrom(
  { edit, after }: MadeStep,
  current: KubeObject | undefined,
): ObjectEdit {
  const name = describeRef(refOf(objectOf(edit)));
  if (edit.action === 'delete') {
    if (current) {
      throw ChangeConflict.over(current, yamlOf(edit.before));
    }
    return undoOf(edit);
  }
  if (!current) {
    throw new ConflictError(
      `${name} is not there any more: somebody deleted it since. There is nothing to take back.`,
    );
  }
  const left = after ?? current;
  if (hasEnd(edit)) {
    return endFrom(edit, left, current);
  }
  const isUnseen = !after && edit.action === 'create';
  if (isUnseen && creationMark(edit.object) && setByOthers(current).length) {
    throw ChangeConflict.over(current, yamlOf(edit.object));
  }
  const isSame = current.metadata.uid === left.metadata.uid;
  const undo = undoOf(edit, current);
  if (!isSame || !fits(undo, current, left)) {
    throw ChangeConflict.over(current, yamlOf(left));
  }
  return undo;
}

/** As it would end by itself. */
function endFrom(
  edit: ObjectEdit,
  left: KubeObject,
  current: KubeObject,
): ObjectEdit {
  const ending = endingOf(edit, left, current);
  switch (ending.does) {
    case 'edit':
      return ending.edit;
    case 'nothing':
      throw new ConflictError(
        'It is over already: somebody took it away since. There is nothing to take back.',
      );
    default:
      throw ChangeConflict.over(current, yamlOf(left));
  }
}

/** What was made goes only as it was made; of what was changed, only that must be as it was left. */
function fits(
  undo: ObjectEdit,
  current: KubeObject,
  left: KubeObject,
): boolean {
  if (undo.action !== 'change') {
    return isAsLeft(current, left);
  }
  try {
    patched(current, undo.operations);
    return true;
  } catch {
    return false;
  }
}

/** What the containers of a workload are told is not remembered: whether somebody else set any of it, the server keeps. */
function isAsLeft(current: KubeObject, left: KubeObject): boolean {
  return (
    isSameJson(sayingsOf(current), sayingsOf(left)) &&
    isSameJson(setByOthers(current), setByOthers(left))
  );
}

import { ConflictError, InputError } from '@backstage/errors';
import {
  afterOf,
  beforeOf,
  describeRef,
  endingOf,
  hasEnd,
  isSameJson,
  type KubeObject,
  type MeshObjects,
  type ObjectEdit,
  objectOf,
  patched,
  refOf,
  undoOf,
} from '@meshdeck/istio-config';
import { yamlOf } from '../facts/objects';
import type { MemorizedChange } from '../memory/ChangeMemory';
import { isUndoable } from '../memory/ChangesService';
import type { Change } from './Change';
import { ChangeConflict } from './ChangeConflict';
import { servicesToRead } from './foreignServices';
import { guardReach } from './guardReach';
import { guardTaken } from './guardTaken';
import { setAfter } from './setAfter';

/** Takes back what an earlier change did, as long as nobody touched the same things since. */
export function undoChange(made: MemorizedChange): Change {
  const { edit } = made;
  const target = refOf(objectOf(edit));
  return {
    mayCreate: true,
    givesBack: true,
    needs: [target.kind],
    target: () => {
      if (made.undone) {
        throw new ConflictError('That was taken back already.');
      }
      if (!isUndoable(made)) {
        throw new InputError(
          'That cannot be taken back from here: it is too old, or it is not known whether it was written.',
        );
      }
      return target;
    },
    restsOn: set =>
      [set, restored(set, edit)].flatMap(each => servicesToRead(each, target)),
    plan(set, current, asked) {
      guardReach(set, objectOf(edit), asked);
      const back = backFrom(made, current);
      guardTaken(set, back, asked);
      const after = afterOf(back);
      // Whose what it was for is may be another's by now.
      if (after) {
        guardReach(setAfter(set, { edit: back, after }), after, asked);
      }
      return { edit: back, sentence: `Taken back: ${made.sentence}` };
    },
  };
}

/** The mesh with the object as it was before the change, where there was one. */
function restored(set: MeshObjects, edit: ObjectEdit): MeshObjects {
  const before = beforeOf(edit);
  return before ? set.with([{ type: 'put', object: before }]) : set;
}

/** @throws ChangeConflict where somebody touched since what is to be given back. */
function backFrom(
  { edit, after }: MemorizedChange,
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
    return isSameJson(current.spec, left.spec);
  }
  try {
    patched(current, undo.operations);
    return true;
  } catch {
    return false;
  }
}

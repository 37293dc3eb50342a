import { ConflictError, InputError } from '@backstage/errors';
import {
  beforeOf,
  type MeshObjects,
  objectOf,
  refOf,
  type SetChange,
  usesLost,
} from '@meshdeck/istio-config';
import type { MemorizedChange } from '../memory/MemorizedChange';
import { isUndoable } from '../memory/ChangesService';
import { backFrom } from './backFrom';
import { type Change, objectIn, stepOf } from './Change';
import { servicesToRead } from './foreignServices';
import { guardReach } from './guardReach';
import { guardTaken, kindsBeside, neighboursToRead } from './guardTaken';
import { guardUses } from './guardUses';
import { setAfter } from './setAfter';

/** What rules name: versions, and parts that they delegate to. */
const NAMED_KINDS = ['DestinationRule', 'VirtualService'];

/** Takes back what an earlier change did, the last first, as long as nobody touched the same things since. */
export function undoChange(made: MemorizedChange): Change {
  const back = [...made.steps].reverse();
  const targets = back.map(({ edit }) => refOf(objectOf(edit)));
  const users = targets.some(({ kind }) => NAMED_KINDS.includes(kind))
    ? ['VirtualService']
    : [];
  return {
    mayCreate: true,
    givesBack: true,
    needs: [...targets.map(({ kind }) => kind), ...users],
    lists: [...users, ...targets.flatMap(({ kind }) => kindsBeside(kind))],
    targets: () => {
      if (made.undone) {
        throw new ConflictError('That was taken back already.');
      }
      if (!isUndoable(made)) {
        throw new InputError(
          'That cannot be taken back from here: it is too old, or it is not known whether it was written.',
        );
      }
      return targets;
    },
    restsOn(set) {
      const then = restored(set, made);
      return [
        ...[set, then].flatMap(each =>
          targets.flatMap(target => [
            ...servicesToRead(each, target),
            ...neighboursToRead(each, target),
          ]),
        ),
        ...usesLost({ before: set, after: then }, targets).map(({ by }) => by),
      ];
    },
    plan(set, asked) {
      const edits = back.map(step => {
        const object = objectOf(step.edit);
        guardReach(set, object, asked);
        const edit = backFrom(step, objectIn(set, refOf(object)));
        guardTaken(set, edit, asked);
        return edit;
      });
      const steps = edits.map(stepOf);
      const then = steps.reduce(setAfter, set);
      // Whose what it was for is may be another's by now.
      steps.forEach(({ after }) => after && guardReach(then, after, asked));
      guardUses({ before: set, after: then }, targets);
      return { edits, sentence: `Taken back: ${made.sentence}` };
    },
  };
}

/** The mesh with the objects as they were before the change, where there were any. */
function restored(set: MeshObjects, { steps }: MemorizedChange): MeshObjects {
  return set.with(
    steps.map(({ edit }): SetChange => {
      const object = beforeOf(edit);
      return object
        ? { type: 'put', object }
        : { type: 'remove', ...refOf(objectOf(edit)) };
    }),
  );
}

import { isDeepStrictEqual } from 'node:util';
import { ConflictError } from '@backstage/errors';
import {
  afterOf,
  deliveredBy,
  describeRef,
  itemsOf,
  type ObjectEdit,
  objectOf,
  refOf,
} from '@meshdeck/istio-config';
import { ownersOf } from '../changes/fieldOwners';

/**
 * What somebody set on an object since it was onboarded, onboarding again does not undo, nor what a repository delivers.
 *
 * @throws ConflictError
 */
export function refuseEdits(edits: readonly ObjectEdit[]): void {
  for (const edit of edits) {
    const label = describeRef(refOf(objectOf(edit)));
    const owners = ownersOf(edit);
    if (owners.length > 0) {
      throw new ConflictError(
        `${owners.join(
          ' and ',
        )} changed ${label} since it was onboarded, and onboarding would undo that. Nothing was written.`,
      );
    }
    const tool =
      edit.action === 'change' ? deliveredBy(edit.before)?.tool : undefined;
    if (tool) {
      throw new ConflictError(
        `${tool} delivers ${label} by now and would revert a change from here. Change it in its repository. Nothing was written.`,
      );
    }
    if (endsSplit(edit)) {
      throw new ConflictError(
        `${label} shares traffic between versions now, and onboarding would end that. Give its routes one destination each again, or leave the service as it is. Nothing was written.`,
      );
    }
  }
}

/** Whether traffic is shared by hand in a way that the edit would end. */
function endsSplit(edit: ObjectEdit): boolean {
  if (edit.action !== 'change') {
    return false;
  }
  const [before, after] = [edit.before, afterOf(edit)].map(
    object => object?.spec?.http,
  );
  const isSplit = itemsOf(before).some(rule => itemsOf(rule?.route).length > 1);
  return isSplit && !isDeepStrictEqual(before, after);
}

import type { ResourcePermission } from '@backstage/plugin-permission-common';
import { type ObjectEdit, objectOf } from '@meshdeck/istio-config';
import {
  CHANGE_PERMISSIONS,
  meshCanaryRunPermission,
  meshSecurityChangePermission,
  meshServiceChangePermission,
  permissionsToEdit,
} from '@meshdeck/plugin-mesh-common';
import { ONBOARD } from './intents';
import type { MemorizedChange } from './MemorizedChange';
import { POLICY_KINDS } from './policyKinds';

/**
 * Whoever may do a thing may take it back; taking back what took something back does that thing again.
 *
 * @param known - among them what it took back, what that took back, and so on.
 */
export function permissionsToUndo(
  change: MemorizedChange,
  known: readonly MemorizedChange[],
): readonly ResourcePermission[] {
  if (!change.undoes) {
    return permissionsOf(change);
  }
  const before = known.find(({ id }) => id === change.undoes);
  // What that was, nobody knows any more: any of it.
  return before ? permissionsToUndo(before, known) : CHANGE_PERMISSIONS;
}

function permissionsOf({
  intent,
  steps,
}: MemorizedChange): readonly ResourcePermission[] {
  const edits = steps.map(({ edit }) => edit);
  const kinds = edits.map(edit => objectOf(edit).kind);
  if (intent === 'weights') {
    return [meshCanaryRunPermission];
  }
  if (intent === 'editObject' || intent === 'deleteObject') {
    return kinds.flatMap(kind => permissionsToEdit({ kind }));
  }
  if (intent === ONBOARD) {
    return [meshServiceChangePermission, meshSecurityChangePermission];
  }
  const isSecurity =
    kinds.some(kind => POLICY_KINDS.includes(kind)) ||
    intent === 'enrolment' ||
    (intent === 'mend' && edits.some(changesTls));
  return [
    isSecurity ? meshSecurityChangePermission : meshServiceChangePermission,
  ];
}

/** What a mend asked for the sake of its finding, is asked for the sake of what it changed. */
function changesTls(edit: ObjectEdit): boolean {
  return (
    edit.action === 'change' &&
    edit.operations.some(({ at }) => at.includes('tls'))
  );
}

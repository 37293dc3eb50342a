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

/** They are for workloads, and say who may call these. */
const POLICY_KINDS = ['PeerAuthentication', 'AuthorizationPolicy'];

/**
 * Whoever may do a thing may take it back; taking back what took something back does that thing again.
 *
 * @param find - an earlier change, by its id.
 */
export async function permissionsToUndo(
  change: MemorizedChange,
  find: (id: string) => Promise<MemorizedChange | undefined>,
): Promise<readonly ResourcePermission[]> {
  if (!change.undoes) {
    return permissionsOf(change);
  }
  const before = await find(change.undoes);
  // What that was, nobody knows any more: any of it.
  return before ? permissionsToUndo(before, find) : CHANGE_PERMISSIONS;
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

import type { ResourcePermission } from '@backstage/plugin-permission-common';
import {
  meshCanaryRunPermission,
  meshSecurityChangePermission,
  meshServiceChangePermission,
} from './permissions';
import type { MendIntent, ServiceIntent } from './views';

/** The permissions that changes of a service ask for. @public */
export const CHANGE_PERMISSIONS: readonly ResourcePermission[] = [
  meshServiceChangePermission,
  meshCanaryRunPermission,
  meshSecurityChangePermission,
];

/** Kinds of change that say all that they are about. */
type Form = Exclude<
  ServiceIntent['intent'],
  'undo' | 'editObject' | 'deleteObject'
>;

/** @public */
export const FORM_PERMISSIONS: Readonly<Record<Form, ResourcePermission>> = {
  fault: meshServiceChangePermission,
  timeout: meshServiceChangePermission,
  retries: meshServiceChangePermission,
  mirror: meshServiceChangePermission,
  conditionalRoute: meshServiceChangePermission,
  breaker: meshServiceChangePermission,
  balancing: meshServiceChangePermission,
  mtls: meshSecurityChangePermission,
  allowCaller: meshSecurityChangePermission,
  denyByDefault: meshSecurityChangePermission,
  sampling: meshServiceChangePermission,
  proxyResources: meshServiceChangePermission,
  enrolment: meshSecurityChangePermission,
  restart: meshServiceChangePermission,
};

/** All of them are needed. @public */
export function permissionsFor(
  what: Exclude<ServiceIntent, { intent: 'undo' }>,
): readonly ResourcePermission[] {
  return what.intent === 'editObject' || what.intent === 'deleteObject'
    ? permissionsToEdit(what.object)
    : [FORM_PERMISSIONS[what.intent]];
}

/** All that may be done to an object of that kind, by whichever button: a text can do any of it. @public */
export function permissionsToEdit({
  kind,
}: {
  kind: string;
}): readonly ResourcePermission[] {
  switch (kind) {
    case 'VirtualService':
    case 'HTTPRoute':
    case 'GRPCRoute':
      return [meshServiceChangePermission, meshCanaryRunPermission];
    case 'DestinationRule':
      return [meshServiceChangePermission, meshSecurityChangePermission];
    default:
      return [meshSecurityChangePermission];
  }
}

/** Findings whose mend says how connections are encrypted. */
const ABOUT_MTLS = ['MD0106'];

/** @public */
export function permissionToMend({
  code,
}: Pick<MendIntent, 'code'>): ResourcePermission {
  return ABOUT_MTLS.includes(code)
    ? meshSecurityChangePermission
    : meshServiceChangePermission;
}

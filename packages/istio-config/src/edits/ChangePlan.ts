import type { KubeObject } from '../kube/KubeObject';
import { changesSomething, patched, PatchOperation } from './PatchOperation';

/** What is done to one object. @public */
export type ObjectEdit =
  | { action: 'create'; object: KubeObject }
  | {
      action: 'change';
      before: KubeObject;
      operations: readonly PatchOperation[];
    }
  | { action: 'delete'; before: KubeObject };

/** What somebody wants, as edits of objects, in the order in which they are made. @public */
export interface ChangePlan {
  edits: readonly ObjectEdit[];
  /** What changes, for people. */
  sentence: string;
}

/** The object as it is before an edit; undefined where there is none. @public */
export function beforeOf(edit: ObjectEdit): KubeObject | undefined {
  return edit.action === 'create' ? undefined : edit.before;
}

/** The object as it is after an edit; undefined where it is gone. @public */
export function afterOf(edit: ObjectEdit): KubeObject | undefined {
  switch (edit.action) {
    case 'create':
      return edit.object;
    case 'change':
      return patched(edit.before, edit.operations);
    default:
      return undefined;
  }
}

/** Whether an edit leaves its object other than it was. @public */
export function editsSomething(edit: ObjectEdit): boolean {
  return edit.action !== 'change' || changesSomething(edit.operations);
}

/** The object that an edit is of, as it is before, or, of a new one, after. @public */
export function objectOf(edit: ObjectEdit): KubeObject {
  return edit.action === 'create' ? edit.object : edit.before;
}

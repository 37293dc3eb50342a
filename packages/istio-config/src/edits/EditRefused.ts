/** What somebody wants does not fit the object; the message says why, for people. @public */
export class EditRefused extends Error {
  readonly name = 'EditRefused';
}

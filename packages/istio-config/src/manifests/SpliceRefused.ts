/** A file cannot be changed safely; the message says why and what to do, for people. @public */
export class SpliceRefused extends Error {
  readonly name = 'SpliceRefused';
}

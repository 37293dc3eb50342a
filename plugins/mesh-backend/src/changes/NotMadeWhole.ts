import type { ObjectEdit } from '@meshdeck/istio-config';

/** An object that could not be taken back. */
export interface LeftObject {
  /** For people. */
  name: string;
  why: string;
  /** It can be tried again; otherwise somebody made something else of it. */
  isOpen: boolean;
}

/** A change of several objects was not made whole. What was made of it was taken back, but for what is left. */
export class NotMadeWhole extends Error {
  readonly name = 'NotMadeWhole';

  constructor(
    readonly reason: Error,
    /** What could not be made. */
    readonly failed: ObjectEdit,
    readonly left: readonly LeftObject[],
  ) {
    super(reason.message);
  }
}

import type { ConflictDetails } from './views';

/** Somebody changed the object since the preview; nothing was written. @public */
export class ChangeConflictError extends Error {
  readonly name = 'ChangeConflictError';

  constructor(readonly conflict: ConflictDetails) {
    super(conflict.message);
  }
}

/**
 * Nobody can say whether a change was written: the cluster did not tell the portal, or the portal did not tell the page. Every
 * other error of a change means that nothing was.
 * @public
 */
export class UnknownOutcomeError extends Error {
  readonly name = 'UnknownOutcomeError';
}

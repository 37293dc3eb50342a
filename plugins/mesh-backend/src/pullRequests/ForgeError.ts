/** Why a forge did not do what it was asked. */
export type ForgeFailure =
  /** No integration of the portal is for this host. */
  | 'notConfigured'
  /** The token is missing, wrong, or may not do this. */
  | 'refused'
  | 'notFound'
  /** Something is there already, or is no longer as it was read. */
  | 'conflict'
  | 'protected'
  | 'rateLimited'
  /** It does not answer, too late, or with what nobody can read. What it was asked may have happened. */
  | 'unavailable';

/** A forge did not do what it was asked. The message is for people, and holds no secret. */
export class ForgeError extends Error {
  readonly name = 'ForgeError';

  constructor(readonly reason: ForgeFailure, message: string) {
    super(message);
  }
}

import { ServiceUnavailableError } from '@backstage/errors';

/** The cluster was asked to write, and nobody can say whether it did. The message says how to find out. */
export class UnknownOutcome extends ServiceUnavailableError {}

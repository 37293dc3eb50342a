import { ServiceUnavailableError } from '@backstage/errors';

/** A source of data failed. The message says what happened, what it means and where to mend it; it holds no secret. */
export class SourceError extends ServiceUnavailableError {}

import { ServiceUnavailableError } from '@backstage/errors';

/** A source of data failed. The message says what happened, what it means and where to mend it; it holds no secret. */
export class SourceError extends ServiceUnavailableError {
  /** The HTTP status of its answer, where one came. Not named `status`: the portal would answer with that. */
  readonly answered?: number;

  constructor(message: string, options: { answered?: number } = {}) {
    super(message);
    this.answered = options.answered;
  }
}

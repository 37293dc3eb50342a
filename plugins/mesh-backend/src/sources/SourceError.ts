import { ServiceUnavailableError } from '@backstage/errors';

const LONGEST_MESSAGE = 1000;

/** A source of data failed. The message says what happened, what it means and where to mend it; it holds no secret. */
export class SourceError extends ServiceUnavailableError {
  /** The HTTP status of its answer, where one came. Not named `status`: the portal would answer with that. */
  readonly answered?: number;

  constructor(message: string, options: { answered?: number } = {}) {
    super(
      // It may quote what came, which may be anything.
      message.length > LONGEST_MESSAGE
        ? `${message.slice(0, LONGEST_MESSAGE)}…`
        : message,
    );
    this.answered = options.answered;
  }
}

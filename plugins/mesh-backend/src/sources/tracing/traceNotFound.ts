import { NotFoundError } from '@backstage/errors';

/** Says no more of a trace of somebody else's than of one that never was. */
export function traceNotFound(traceId: string): NotFoundError {
  return new NotFoundError(
    `There is no trace ${traceId}. It may be older than what the tracing system keeps.`,
  );
}

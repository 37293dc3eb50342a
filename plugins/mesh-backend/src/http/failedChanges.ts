import type { Request, Response } from 'express';
import { ChangeConflict } from '../changes/ChangeConflict';
import { UnknownOutcome } from '../changes/UnknownOutcome';

/** What the audit log calls an end without a result. */
export function outcomeOf(error: unknown): string {
  if (error instanceof ChangeConflict) {
    return 'conflict';
  }
  return error instanceof UnknownOutcome ? 'unknown' : 'not written';
}

/** A conflict, or an outcome that nobody knows, is told with more than its message. @throws every other error. */
export function answerFailedChange(
  req: Request,
  res: Response,
  error: Error,
): void {
  const body = (statusCode: number) => ({
    error: { name: error.name, message: error.message },
    request: { method: req.method, url: req.url },
    response: { statusCode },
  });
  if (error instanceof ChangeConflict) {
    res.status(409).json({ ...body(409), conflict: error.details });
  } else if (error instanceof UnknownOutcome) {
    res.status(503).json({ ...body(503), outcome: 'unknown' });
  } else {
    throw error;
  }
}

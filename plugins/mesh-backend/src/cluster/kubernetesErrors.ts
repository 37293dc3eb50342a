import {
  ConflictError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import { SourceError } from '../sources/SourceError';

/** The object is another one than the one that was looked at. */
export class StaleObjectError extends ConflictError {}

/** The cluster was asked to write, and no answer says whether it did. */
export class UnfinishedWriteError extends SourceError {}

/** The cluster will not have the request as it is; nothing was written. */
export class RefusedRequestError extends SourceError {}

/** The cluster does not serve the kind, or not yet: an API server that has just started does not know its definitions. */
export class NotServedError extends NotFoundError {}

/** A Status of the API server, or what stands before it says instead; nothing of it is sure. */
export interface RefusalStatus {
  kind?: string;
  message?: string;
  /** Of a proxy. */
  error?: { message?: string };
  isUnserved?: true;
}

/** What a refusal says; of a group that it does not serve, an API server says so in plain text. */
export function statusOf(text: string): RefusalStatus {
  if (text.trim() === '404 page not found') {
    return {
      kind: 'Status',
      isUnserved: true,
      message: 'the cluster does not serve it',
    };
  }
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** An answer of the server itself that says that it did not write. */
export function isAnswer(error: unknown): boolean {
  return (
    !(error instanceof SourceError) || error instanceof RefusedRequestError
  );
}

export function failureOf(
  code: number,
  status: RefusalStatus | null,
  cluster: string,
): Error {
  const message: string =
    status?.message ?? status?.error?.message ?? `it answered ${code}`;
  if (code === 409) {
    return new StaleObjectError(message);
  }
  if (code === 404 && status?.kind === 'Status') {
    return status.isUnserved
      ? new NotServedError(message)
      : new NotFoundError(message);
  }
  if (code === 403 && status?.kind === 'Status') {
    return new NotAllowedError(
      `Cluster ${cluster} forbids it to the portal: ${message}`,
    );
  }
  const text = `Cluster ${cluster} refused: ${message}`;
  return code < 500
    ? new RefusedRequestError(text, { answered: code })
    : new SourceError(text, { answered: code });
}

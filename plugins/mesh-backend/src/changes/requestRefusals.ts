import {
  ConflictError,
  InputError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { SourceRefused, SpliceRefused } from '@meshdeck/istio-config';
import { ForgeError } from '../pullRequests/ForgeError';

/** @throws the error where it is none of those that a person is to read. */
export function sentenceOf(error: unknown): string {
  const { name, message } = error as Error;
  const isOurs =
    error instanceof SourceRefused ||
    error instanceof SpliceRefused ||
    error instanceof ForgeError;
  if (!isOurs && (name === 'Error' || name === 'TypeError')) {
    throw error;
  }
  return message;
}

/** The error that a person gets. */
export function refusalOf(error: unknown): unknown {
  if (error instanceof SourceRefused || error instanceof SpliceRefused) {
    return new InputError(`${error.message} Nothing was opened.`);
  }
  if (!(error instanceof ForgeError)) {
    return error;
  }
  switch (error.reason) {
    case 'conflict':
    case 'protected':
      return new ConflictError(error.message);
    case 'unavailable':
    case 'rateLimited':
      return new ServiceUnavailableError(error.message);
    default:
      return new InputError(`${error.message} Nothing was opened.`);
  }
}

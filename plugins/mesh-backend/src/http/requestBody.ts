import { InputError } from '@backstage/errors';
import express, { type Request, type RequestHandler } from 'express';

const LIMIT = '1mb';

/** Why the body of a request could not be read. */
const unreadable = new WeakMap<Request, Error>();

/** Reads bodies. One that is no JSON, or too long, is found out where it is used, so that it leaves an event like any other. */
export function readBodies(): RequestHandler {
  const parse = express.json({ limit: LIMIT });
  return (req, res, next) => {
    parse(req, res, error => {
      if (error) {
        unreadable.set(req, error as Error);
      }
      next();
    });
  };
}

/** What the request carries. @throws where it cannot be read. */
export function bodyOf(req: Request): unknown {
  const error = unreadable.get(req);
  if (error && (error as { status?: number }).status === 400) {
    throw new InputError('The body of the request is not JSON.');
  }
  if (error) {
    throw error;
  }
  return req.body;
}

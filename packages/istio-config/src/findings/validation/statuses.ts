import { Problem, refused } from './Problem';

/** Codes that Go's net/http has a text for. Source: golang net/http/status.go. */
const KNOWN =
  '100 101 102 103 200 201 202 203 204 205 206 207 208 226 300 301 302 303 304 305 307 308 400 401 402 403 404 405 406 407 408 409 410 411 412 413 414 415 416 417 418 421 422 423 424 425 426 428 429 431 451 500 501 502 503 504 505 506 507 508 510 511'.split(
    ' ',
  );

export function isKnownStatus(text: string): boolean {
  return KNOWN.includes(text);
}

/** Source: istio validation.go, validateHTTPStatus; it takes 600. */
export function* statusProblems(
  status: unknown,
  path: string,
): Iterable<Problem> {
  const code = Number(status ?? 0);
  if (!(code >= 200 && code <= 600)) {
    yield refused(
      path,
      `${JSON.stringify(status ?? 0)} is no HTTP status.`,
      'Use one from 200 to 599.',
    );
  }
}

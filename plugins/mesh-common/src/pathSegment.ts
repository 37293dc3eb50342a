import { InputError } from '@backstage/errors';

/**
 * One segment of a URL's path, encoded.
 *
 * @throws InputError for `.` and `..`, which would lead elsewhere however they are encoded.
 * @public
 */
export function pathSegment(text: string): string {
  if (/^\.{0,2}$/.test(text)) {
    throw new InputError(`"${text}" is no name: nothing is asked for it.`);
  }
  return encodeURIComponent(text);
}

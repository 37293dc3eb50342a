import { Problem, refused } from './Problem';

export const UNIX = 'unix://';

/** The path of a socket. Source: istio validation.go, ValidateUnixAddress. */
export function* unixProblems(
  address: string,
  path: string,
): Iterable<Problem> {
  const file = address.slice(UNIX.length);
  if (!file.startsWith('@') && (!file.startsWith('/') || file.endsWith('/'))) {
    yield refused(
      path,
      `${JSON.stringify(address)} is no absolute path of a socket.`,
      'Write unix:///path/to/socket.',
    );
  }
}

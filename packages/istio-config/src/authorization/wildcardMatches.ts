/** Exact, `prefix*`, `*suffix` or `*` for "is there". @public */
export function wildcardMatches(
  pattern: string,
  value: string | undefined,
): boolean {
  if (value === undefined || value === '') {
    return false;
  }
  if (pattern === '*') {
    return true;
  }
  if (pattern.startsWith('*')) {
    return value.endsWith(pattern.slice(1));
  }
  return pattern.endsWith('*')
    ? value.startsWith(pattern.slice(0, -1))
    : value === pattern;
}

import { RE2JS } from 're2js';
import type { StringMatch } from './types';

const COMPILED_LIMIT = 1000;
/** Longer patterns are compiled each time: they are few, and one may be as large as its object. */
const LONGEST_KEPT = 1000;
const compiled = new Map<string, RE2JS | undefined>();

/**
 * Envoy matches a regex against the whole value, in RE2's syntax: linear time, no backtracking.
 * An invalid pattern matches nothing.
 * @public
 */
export function fullMatch(pattern: string, value: string): boolean {
  if (pattern.length > LONGEST_KEPT) {
    return compile(pattern)?.matches(value) ?? false;
  }
  if (!compiled.has(pattern)) {
    if (compiled.size >= COMPILED_LIMIT) {
      compiled.clear();
    }
    compiled.set(pattern, compile(pattern));
  }
  return compiled.get(pattern)?.matches(value) ?? false;
}

function compile(pattern: string): RE2JS | undefined {
  try {
    return RE2JS.compile(pattern);
  } catch {
    return undefined;
  }
}

/** Whether only that there is a value is asked, whatever it is; `*` is no regular expression and means the same. */
export function asksForPresence(match: StringMatch | undefined): boolean {
  const { exact, prefix, regex } = match ?? {};
  return (
    !isGiven(exact) && !isGiven(prefix) && (!isGiven(regex) || regex === '*')
  );
}

/** Whether a value fits; an empty match only asks that there is one. @public */
export function stringMatches(
  match: StringMatch,
  value: string | undefined,
  options: { ignoreCase?: boolean } = {},
): boolean {
  if (value === undefined) {
    return false;
  }
  const fold = (text: string) =>
    options.ignoreCase ? text.toLowerCase() : text;
  const { exact, prefix, regex } = match;
  if (isGiven(exact)) {
    return fold(value) === fold(String(exact));
  }
  if (isGiven(prefix)) {
    const [start, given] = [fold(String(prefix)), fold(value)];
    return (
      given.startsWith(start) &&
      (!match.bySegments || endsSegment(start, given))
    );
  }
  return asksForPresence(match) || fullMatch(String(regex), value);
}

/** Objects come from people: a field may be there and hold nothing. */
function isGiven(value: string | undefined): value is string {
  return value !== undefined && value !== null;
}

function endsSegment(prefix: string, path: string): boolean {
  return (
    prefix.endsWith('/') ||
    path.length === prefix.length ||
    path[prefix.length] === '/'
  );
}

/** "is /a", "starts with /a", "is /a or below it", "matches ^/a", "is present". @public */
export function describeStringMatch(match: StringMatch): string {
  const { exact, prefix, regex, bySegments } = match;
  if (isGiven(exact)) {
    return `is ${exact}`;
  }
  if (isGiven(prefix)) {
    return bySegments ? `is ${prefix} or below it` : `starts with ${prefix}`;
  }
  return asksForPresence(match) ? 'is present' : `matches ${regex}`;
}

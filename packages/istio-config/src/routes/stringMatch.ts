import { RE2JS } from 're2js';
import type { StringMatch } from './types';

const COMPILED_LIMIT = 1000;
const compiled = new Map<string, RE2JS | undefined>();

/**
 * Envoy matches a regex against the whole value, in RE2's syntax: linear time, no backtracking.
 * An invalid pattern matches nothing.
 * @public
 */
export function fullMatch(pattern: string, value: string): boolean {
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
  if (match.exact !== undefined) {
    return fold(value) === fold(match.exact);
  }
  if (match.prefix !== undefined) {
    return fold(value).startsWith(fold(match.prefix));
  }
  if (match.regex !== undefined) {
    return fullMatch(match.regex, value);
  }
  return true;
}

/** "is /a", "starts with /a", "matches ^/a", "is present". @public */
export function describeStringMatch(match: StringMatch): string {
  if (match.exact !== undefined) {
    return `is ${match.exact}`;
  }
  if (match.prefix !== undefined) {
    return `starts with ${match.prefix}`;
  }
  return match.regex !== undefined ? `matches ${match.regex}` : 'is present';
}

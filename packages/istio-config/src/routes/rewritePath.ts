import { RE2JS } from 're2js';
import type { RequestMatch, RouteRule } from './types';

/**
 * What the path of a request becomes, its query kept: a rewrite replaces what the match names of it, a prefix or the whole path.
 * Source: envoy source/common/router/config_impl.cc, finalizePathHeader.
 */
export function rewritePath(
  { rewrite }: Pick<RouteRule, 'rewrite'>,
  match: RequestMatch | undefined,
  path: string,
): string {
  if (rewrite?.uri === undefined || rewrite.uri === '') {
    return path;
  }
  const at = path.indexOf('?');
  const [own, query] =
    at < 0 ? [path, ''] : [path.slice(0, at), path.slice(at)];
  const { uri, replaces } = rewrite;
  if (replaces === 'path') {
    return `${uri}${query}`;
  }
  return replaces
    ? `${replaceAll(own, replaces.regex, uri)}${query}`
    : `${withoutMatched(own, match, uri)}${query}`;
}

function withoutMatched(
  path: string,
  match: RequestMatch | undefined,
  replacement: string,
): string {
  const { exact, prefix = '/', regex, bySegments } = match?.uri ?? {};
  if (exact !== undefined || regex !== undefined) {
    return replacement;
  }
  if (!bySegments) {
    return `${replacement}${path.slice(prefix.length)}`;
  }
  const rest = path.slice(prefix.replace(/\/$/, '').length);
  return replacement === '/' ? rest || '/' : `${replacement}${rest}`;
}

/** RE2 writes the groups of a replacement as `\1`. */
function replaceAll(text: string, regex: string, rewrite: string): string {
  const groups = rewrite
    .replace(/\$/g, '\\$')
    .replace(/\\(\d)/g, (_, group) => `$${group}`);
  try {
    return RE2JS.compile(regex).matcher(text).replaceAll(groups);
  } catch {
    return text;
  }
}

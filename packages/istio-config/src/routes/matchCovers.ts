import { isDeepStrictEqual } from 'util';
import { fieldsOf, isMap, textsOf } from '../kube/reading';
import { fullMatch } from './stringMatch';
import type { RequestMatch, StringMatch } from './types';

/**
 * Whether each request that `other` takes is taken by `one`, too. Where it cannot be told (two regular expressions, say)
 * the answer is no.
 * @param gateways - of the VirtualService: where a match names none, it holds for these.
 */
export function matchCovers(
  one: RequestMatch,
  other: RequestMatch,
  gateways: readonly string[] = ['mesh'],
): boolean {
  const [above, below] = [one, other].map(withoutIdleSource);
  return (
    uriCovers(above, below) &&
    (['method', 'authority', 'scheme'] as const).every(field =>
      textCovers(above[field], below[field]),
    ) &&
    mapCovers(above.headers, below.headers, textCovers) &&
    mapCovers(above.queryParams, below.queryParams, textCovers) &&
    mapCovers(above.withoutHeaders, below.withoutHeaders, isDeepStrictEqual) &&
    mapCovers(above.sourceLabels, below.sourceLabels, isDeepStrictEqual) &&
    isAnyOr(above.port, below.port) &&
    isAnyOr(above.sourceNamespace, below.sourceNamespace) &&
    gatewaysOf(below, gateways).every(gateway =>
      gatewaysOf(above, gateways).includes(gateway),
    )
  );
}

/** Where a match names gateways, the source is not looked at. */
function withoutIdleSource(match: RequestMatch): RequestMatch {
  const { sourceLabels: _labels, sourceNamespace: _namespace, ...rest } = match;
  return textsOf(match.gateways).length > 0 ? rest : match;
}

function gatewaysOf(
  match: RequestMatch,
  otherwise: readonly string[],
): readonly string[] {
  const named = textsOf(match.gateways);
  return named.length > 0 ? named : otherwise;
}

function isAnyOr(above: unknown, below: unknown): boolean {
  return isNothing(above) || isDeepStrictEqual(above, below);
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}

function uriCovers(above: RequestMatch, below: RequestMatch): boolean {
  if (isNothing(above.uri)) {
    return true;
  }
  if (isNothing(below.uri)) {
    return false;
  }
  const [wide, narrow] = [above, below].map(match => match.ignoreUriCase);
  if (wide) {
    // A regular expression has its case either way.
    return textCovers(folded(above.uri), folded(below.uri));
  }
  return !narrow && textCovers(above.uri, below.uri);
}

function folded(match: StringMatch | undefined): StringMatch | undefined {
  return (
    match && {
      ...match,
      exact: match.exact?.toLowerCase(),
      prefix: match.prefix?.toLowerCase(),
    }
  );
}

function textCovers(
  above: StringMatch | undefined,
  below: StringMatch | undefined,
): boolean {
  if (isNothing(above) || isDeepStrictEqual(above, below)) {
    return true;
  }
  if (!isMap(above) || !isMap(below)) {
    return false;
  }
  const { exact, prefix, regex } = above;
  if (typeof exact === 'string') {
    return below.exact === exact;
  }
  if (typeof prefix === 'string') {
    return (below.exact ?? below.prefix)?.startsWith(prefix) ?? false;
  }
  if (typeof regex === 'string') {
    return typeof below.exact === 'string' && fullMatch(regex, below.exact);
  }
  // "Is present": whatever below asks of the value, it has to be there.
  return true;
}

/** Each condition of `above` follows from one of `below`. */
function mapCovers<T>(
  above: Record<string, T> | undefined,
  below: Record<string, T> | undefined,
  covers: (a: T, b: T) => boolean,
): boolean {
  const own = new Map<string, T>(fieldsOf(below));
  return fieldsOf(above).every(([name, value]) => {
    const other = own.get(name);
    return other !== undefined && covers(value as T, other);
  });
}

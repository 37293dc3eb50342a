import { fieldsOf, isMap, ownField, textsOf } from '../kube/reading';

const STRINGS = ['uri', 'scheme', 'method', 'authority'];
const NAMED = ['headers', 'withoutHeaders', 'queryParams'];

/**
 * The matches of a delegate's rule, each narrowed by those of the root that it fits into; undefined where one fits into none,
 * which takes the whole rule out. Without matches of its own the rule has the root's.
 * Source: istio pilot/pkg/model/virtualservice.go, mergeHTTPMatchRequests.
 */
export function delegateMatches(
  roots: readonly unknown[],
  owns: readonly unknown[],
): unknown[] | undefined {
  if (roots.length === 0 || owns.length === 0) {
    return [...(roots.length === 0 ? owns : roots)];
  }
  const merged: unknown[] = [];
  for (const own of owns) {
    const fitting = roots.flatMap(root =>
      isMap(root) && isMap(own) && !conflicts(root, own)
        ? [mergedMatch(root, own)]
        : [],
    );
    if (fitting.length === 0) {
      return undefined;
    }
    merged.push(...fitting);
  }
  return merged;
}

function mergedMatch(
  root: Record<string, any>,
  own: Record<string, any>,
): Record<string, any> {
  const both = [...NAMED, 'sourceLabels'].map(field => [
    field,
    { ...asMap(root[field]), ...asMap(own[field]) },
  ]);
  return {
    ...root,
    ...own,
    ...Object.fromEntries(
      both.filter(([, value]) => Object.keys(value as object).length > 0),
    ),
  };
}

function asMap(value: unknown): Record<string, any> {
  return isMap(value) ? value : {};
}

function conflicts(
  root: Record<string, any>,
  own: Record<string, any>,
): boolean {
  const isOtherNumber = (field: string) =>
    root[field] && own[field] && root[field] !== own[field];
  const rootGateways = textsOf(root.gateways);
  return (
    STRINGS.some(field => stringsConflict(root[field], own[field])) ||
    NAMED.some(field =>
      fieldsOf(own[field]).some(([name, match]) =>
        stringsConflict(ownField(root[field], name), match),
      ),
    ) ||
    Boolean(root.ignoreUriCase) !== Boolean(own.ignoreUriCase) ||
    Boolean(isOtherNumber('port')) ||
    Boolean(
      root.sourceNamespace && root.sourceNamespace !== own.sourceNamespace,
    ) ||
    fieldsOf(own.sourceLabels).some(([name, value]) => {
      const wanted: unknown = ownField(root.sourceLabels, name);
      return wanted !== undefined && wanted !== value;
    }) ||
    (rootGateways.length > 0 &&
      textsOf(own.gateways).some(gateway => !rootGateways.includes(gateway)))
  );
}

/** Whether a delegate's text match is not within the root's; regexes cannot be compared. */
function stringsConflict(root: unknown, own: unknown): boolean {
  if (!isMap(root) || !isMap(own)) {
    return false;
  }
  if (root.regex || own.regex) {
    return true;
  }
  if (root.exact) {
    return Boolean(own.prefix) || own.exact !== root.exact;
  }
  const wanted: unknown = own.exact || own.prefix;
  return !(
    typeof root.prefix === 'string' &&
    typeof wanted === 'string' &&
    wanted.startsWith(root.prefix)
  );
}

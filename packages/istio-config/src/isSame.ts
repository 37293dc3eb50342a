/** What knows itself when it holds the same as another. */
export interface Comparable {
  isSameAs(other: unknown): boolean;
}

/** The same value, lists of the same items, or what says itself that it is the same. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) {
    return true;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => item === b[index]);
  }
  return isComparable(a) && a.isSameAs(b);
}

function isComparable(value: unknown): value is Comparable {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Partial<Comparable>).isSameAs === 'function'
  );
}

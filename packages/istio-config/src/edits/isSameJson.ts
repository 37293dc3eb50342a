import { isMap, ownField } from '../kube/reading';

/**
 * Whether two values are the same to whoever reads them as JSON: a field that is undefined is not there, and the order of
 * fields says nothing.
 * @public
 */
export function isSameJson(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return (
      a.length === b.length &&
      a.every((item, index) => isSameJson(item, b[index]))
    );
  }
  if (!isMap(a) || !isMap(b)) {
    return a === b;
  }
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every(key => isSameJson(ownField(a, key), ownField(b, key)));
}

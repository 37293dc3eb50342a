import { isSameJson } from '../edits/isSameJson';

/** How many items two lists have in common at their begin and, of the rest, at their end. */
export function commonEnds(
  a: readonly unknown[],
  b: readonly unknown[],
): { before: number; after: number } {
  const most = Math.min(a.length, b.length);
  let before = 0;
  while (before < most && isSameJson(a[before], b[before])) {
    before++;
  }
  let after = 0;
  while (
    after < most - before &&
    isSameJson(a[a.length - 1 - after], b[b.length - 1 - after])
  ) {
    after++;
  }
  return { before, after };
}

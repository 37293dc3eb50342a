/** The candidate that is most like a name, if one is like it at all: at most half of the name's letters differ. */
export function nearestName(
  name: string,
  candidates: readonly string[],
): string | undefined {
  const ranked = candidates
    .map(candidate => ({ candidate, distance: distance(name, candidate) }))
    .filter(each => each.distance <= name.length / 2)
    .sort(
      (a, b) =>
        a.distance - b.distance ||
        sharedStart(name, b.candidate) - sharedStart(name, a.candidate) ||
        a.candidate.localeCompare(b.candidate),
    );
  return ranked[0]?.candidate;
}

/** How many letters have to be put in or taken out to make one of the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(
        row[j] + 1,
        next[j - 1] + 1,
        row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 2),
      );
    }
    row = next;
  }
  return row[b.length];
}

function sharedStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

import { editDistance } from '@meshdeck/istio-config';

/** No name of Kubernetes is longer; what is may have been written to keep a portal busy. */
const LONGEST = 253;

/** The candidate that is most like a name, if one is like it at all: at most half of the name's letters differ. */
export function nearestName(
  name: string,
  candidates: readonly string[],
): string | undefined {
  if (name.length > LONGEST) {
    return undefined;
  }
  const ranked = candidates
    .map(candidate => ({ candidate, distance: editDistance(name, candidate) }))
    .filter(each => each.distance <= name.length / 2)
    .sort(
      (a, b) =>
        a.distance - b.distance ||
        // What was added to a name leaves that name.
        Number(name.startsWith(b.candidate)) -
          Number(name.startsWith(a.candidate)) ||
        sharedStart(name, b.candidate) - sharedStart(name, a.candidate) ||
        a.candidate.localeCompare(b.candidate),
    );
  return ranked[0]?.candidate;
}

function sharedStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

/** What a computation read of a set: `Kind`, `Kind/namespace` or `Kind/namespace/name`. */
export type Reads = Set<string>;

/** Every key under which an object can have been read. */
export function readKeys(
  kind: string,
  namespace: string,
  name: string,
): string[] {
  return [
    kindOfRead(kind),
    kind,
    `${kind}/${namespace}`,
    `${kind}/${namespace}/${name}`,
  ];
}

/** Under this key, every object of the kind has been read. */
export function kindOfRead(key: string): string {
  const slash = key.indexOf('/');
  return slash < 0 ? key : key.slice(0, slash);
}

/** Whether a computation with these reads can have seen one of the changes. */
export function touches(
  changed: ReadonlySet<string>,
  reads: ReadonlySet<string>,
): boolean {
  const [few, many] =
    changed.size < reads.size ? [changed, reads] : [reads, changed];
  for (const key of few) {
    if (many.has(key)) {
      return true;
    }
  }
  return false;
}

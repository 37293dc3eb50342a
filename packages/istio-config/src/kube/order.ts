import { KubeObject, namespaceOf } from './KubeObject';

/** By code units: a locale's order would differ from machine to machine. */
export function compareTexts(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}

/** By namespace, then by name. */
export function compareFullNames(a: KubeObject, b: KubeObject): number {
  return (
    compareTexts(namespaceOf(a), namespaceOf(b)) ||
    compareTexts(a.metadata.name, b.metadata.name)
  );
}

import type { KubeObject } from '@meshdeck/istio-config';

/** The very object, as it was: a version is one of all objects of that kind that ever were. */
export function isSameVersion(a: KubeObject, b: KubeObject): boolean {
  return (
    a.metadata.uid === b.metadata.uid &&
    a.metadata.resourceVersion === b.metadata.resourceVersion
  );
}

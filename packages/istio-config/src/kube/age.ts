import type { KubeObject } from './KubeObject';

/**
 * Where several objects compete, the oldest wins; ties go by name, then namespace.
 * Source: istio pilot/pkg/model/config.go, sortByCreationComparator.
 * @public
 */
export function oldestFirst(objects: Iterable<KubeObject>): KubeObject[] {
  return [...objects].sort(
    (a, b) =>
      createdAt(a) - createdAt(b) ||
      compare(a.metadata.name, b.metadata.name) ||
      compare(a.metadata.namespace ?? '', b.metadata.namespace ?? ''),
  );
}

function createdAt(object: KubeObject): number {
  const time = Date.parse(object.metadata.creationTimestamp ?? '');
  return Number.isNaN(time) ? 0 : time;
}

function compare(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}

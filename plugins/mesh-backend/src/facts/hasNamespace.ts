import type { MeshObjects } from '@meshdeck/istio-config';

/**
 * Whether a namespace that a person typed is there. Asked first: whatever is derived for a namespace is kept with the set, also
 * for one that was made up. Where namespaces cannot be read, a Service tells of its own.
 */
export function hasNamespace(set: MeshObjects, name: string): boolean {
  return (
    set.namespace(name) !== undefined ||
    set.inNamespace('Service', name).length > 0
  );
}

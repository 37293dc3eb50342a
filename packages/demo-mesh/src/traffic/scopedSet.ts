import { MeshConfigSet } from '@meshdeck/istio-config';

/** The part of a mesh that lies in some namespaces, with the mesh's own. Small, however large the mesh is. */
export function scopedSet(
  set: MeshConfigSet,
  namespaces: ReadonlySet<string>,
): MeshConfigSet {
  const { rootNamespace } = set.meshConfig;
  const wanted = new Set([...namespaces, rootNamespace]);
  const objects = set
    .kinds()
    .filter(kind => kind !== 'Namespace')
    .flatMap(kind =>
      [...wanted, ''].flatMap(namespace => set.inNamespace(kind, namespace)),
    );
  const homes = [...wanted].flatMap(name => set.namespace(name) ?? []);
  return MeshConfigSet.create([...objects, ...homes]);
}

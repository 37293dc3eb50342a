import { MeshObjects } from '@meshdeck/istio-config';

/** The part of a mesh that lies in some namespaces, with the mesh's own. Small, however large the mesh is. */
export function scopedSet(
  set: MeshObjects,
  namespaces: ReadonlySet<string>,
): MeshObjects {
  const { rootNamespace } = set.meshConfig;
  const wanted = new Set([...namespaces, rootNamespace]);
  const objects = set
    .kinds()
    .filter(kind => kind !== 'Namespace')
    .flatMap(kind =>
      [...wanted, ''].flatMap(namespace => set.inNamespace(kind, namespace)),
    );
  const homes = [...wanted].flatMap(name => set.namespace(name) ?? []);
  return MeshObjects.create([...objects, ...homes]);
}

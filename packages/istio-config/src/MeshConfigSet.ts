import type { KubeObject } from './kube/KubeObject';
import { DEFAULT_MESH_CONFIG, MeshConfig, readMeshConfig } from './MeshConfig';

/** A change to a set: an object that is now there, or one that is gone. @public */
export type SetChange =
  | { type: 'put'; object: KubeObject }
  | { type: 'remove'; kind: string; namespace?: string; name: string };

type ByName = ReadonlyMap<string, KubeObject>;
type ByNamespace = ReadonlyMap<string, ByName>;
type ByKind = ReadonlyMap<string, ByNamespace>;

/**
 * An immutable, indexed set of Kubernetes objects: what istiod would see. Objects of any served API version are taken;
 * the version does not matter to the rules. What is no object (no kind, no name) is kept aside in `malformed`.
 *
 * @public
 */
export class MeshConfigSet {
  static create(
    objects: Iterable<unknown>,
    options: { meshConfig?: Partial<MeshConfig> } = {},
  ): MeshConfigSet {
    const index = new Map<string, Map<string, Map<string, KubeObject>>>();
    const malformed: unknown[] = [];
    for (const object of objects) {
      if (!isKubeObject(object)) {
        malformed.push(object);
        continue;
      }
      const namespace = object.metadata.namespace ?? '';
      const namespaces = index.get(object.kind) ?? new Map();
      index.set(object.kind, namespaces);
      const names = namespaces.get(namespace) ?? new Map();
      namespaces.set(namespace, names);
      names.set(object.metadata.name, object);
    }
    return new MeshConfigSet(index, malformed, options.meshConfig ?? {});
  }

  readonly meshConfig: MeshConfig;
  private readonly lists = new Map<string, readonly KubeObject[]>();
  private readonly derived = new Map<object, unknown>();

  private constructor(
    private readonly index: ByKind,
    readonly malformed: readonly unknown[],
    private readonly given: Partial<MeshConfig>,
  ) {
    const root = given.rootNamespace ?? DEFAULT_MESH_CONFIG.rootNamespace;
    this.meshConfig = {
      ...DEFAULT_MESH_CONFIG,
      ...readMeshConfig(this.get('ConfigMap', root, 'istio')),
      ...given,
    };
  }

  get(
    kind: string,
    namespace: string | undefined,
    name: string,
  ): KubeObject | undefined {
    return this.index
      .get(kind)
      ?.get(namespace ?? '')
      ?.get(name);
  }

  /** All objects of a kind; the same array each time. */
  all(kind: string): readonly KubeObject[] {
    let list = this.lists.get(kind);
    if (!list) {
      list = [...(this.index.get(kind)?.values() ?? [])].flatMap(names => [
        ...names.values(),
      ]);
      this.lists.set(kind, list);
    }
    return list;
  }

  inNamespace(kind: string, namespace: string): readonly KubeObject[] {
    const key = `${kind}/${namespace}`;
    let list = this.lists.get(key);
    if (!list) {
      list = [...(this.index.get(kind)?.get(namespace)?.values() ?? [])];
      this.lists.set(key, list);
    }
    return list;
  }

  namespace(name: string): KubeObject | undefined {
    return this.get('Namespace', undefined, name);
  }

  kinds(): string[] {
    return [...this.index.keys()];
  }

  /** The set after some changes; what did not change is shared. */
  with(changes: Iterable<SetChange>): MeshConfigSet {
    const index = new Map(this.index);
    const copied = new Set<unknown>();
    const own = <V>(map: ReadonlyMap<string, V> | undefined) => {
      if (map && copied.has(map)) {
        return map as Map<string, V>;
      }
      const copy = new Map(map);
      copied.add(copy);
      return copy;
    };
    for (const change of changes) {
      const [kind, namespace, name] =
        change.type === 'put'
          ? [
              change.object.kind,
              change.object.metadata.namespace ?? '',
              change.object.metadata.name,
            ]
          : [change.kind, change.namespace ?? '', change.name];
      const namespaces = own(index.get(kind) as Map<string, ByName>);
      index.set(kind, namespaces);
      const names = own(namespaces.get(namespace));
      namespaces.set(namespace, names);
      if (change.type === 'put') {
        names.set(name, change.object);
      } else {
        names.delete(name);
      }
    }
    return new MeshConfigSet(index, this.malformed, this.given);
  }

  /** What `compute` derives from this set, computed once for each set: sets never change. */
  derive<T>(compute: (set: MeshConfigSet) => T): T {
    if (!this.derived.has(compute)) {
      this.derived.set(compute, compute(this));
    }
    return this.derived.get(compute) as T;
  }
}

function isKubeObject(value: unknown): value is KubeObject {
  const object = value as Partial<KubeObject> | undefined | null;
  return (
    typeof object === 'object' &&
    object !== null &&
    typeof object.apiVersion === 'string' &&
    typeof object.kind === 'string' &&
    typeof object.metadata === 'object' &&
    object.metadata !== null &&
    typeof object.metadata.name === 'string'
  );
}

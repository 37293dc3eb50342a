import type { KubeObject } from './kube/KubeObject';
import { DEFAULT_MESH_CONFIG, MeshConfig, readMeshConfig } from './MeshConfig';
import { type Compute, Derivations } from './Derivations';
import {
  type ByKind,
  changedIndex,
  type Duplicates,
  indexed,
  listOf,
  namespacesIn,
  type SetChange,
} from './ObjectIndex';

export type { SetChange } from './ObjectIndex';

/** What is known beside the objects. @public */
export interface SetOptions {
  meshConfig?: Partial<MeshConfig>;
  /**
   * Whether the objects are all there is. Without it, rules are silent about kinds of which there is no object at all:
   * perhaps nobody could list them.
   */
  complete?: boolean;
  /** The time that certificates are judged by. */
  now?: () => number;
}

const NONE: readonly KubeObject[] = [];

/** Keeps what is asked of a set, with the answers. @public */
export interface ReadingNotes {
  note(
    question: {
      /** A way of reading, or a computation. */
      of: unknown;
      key: string;
      ask: (set: MeshObjects) => unknown;
    },
    answer: unknown,
  ): void;
}

/**
 * An immutable, indexed set of Kubernetes objects: what istiod would see. Objects of any served API version are taken;
 * the version does not matter to the rules. What is no object (no kind, no name) is kept aside in `malformed`.
 *
 * @public
 */
export class MeshObjects {
  static create(
    objects: Iterable<unknown>,
    options: SetOptions = {},
  ): MeshObjects {
    const { index, malformed, duplicates } = indexed(objects);
    return new MeshObjects(index, malformed, duplicates, options);
  }

  readonly meshConfig: MeshConfig;
  private readonly derivations = new Derivations<MeshObjects>(this, () =>
    this.count(),
  );
  /** The set itself, also of what {@link MeshObjects.notedIn} answers. */
  private readonly bare = this;
  /** Only of what {@link MeshObjects.notedIn} answers. */
  private readonly reading: ReadingNotes | undefined;

  private constructor(
    private readonly index: ByKind,
    readonly malformed: readonly unknown[],
    private readonly duplicates: Duplicates,
    private readonly options: SetOptions,
  ) {
    const given = options.meshConfig ?? {};
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
    const key = `${kind}/${namespace ?? ''}/${name}`;
    this.derivations.read(key);
    const object = this.index
      .get(kind)
      ?.get(namespace ?? '')
      ?.get(name);
    this.reading?.note(
      { of: 'get', key, ask: set => set.get(kind, namespace, name) },
      object,
    );
    return object;
  }

  /** All objects of a kind; the same array each time. */
  all(kind: string): readonly KubeObject[] {
    this.derivations.read(kind);
    const namespaces = this.index.get(kind);
    const list = namespaces
      ? listOf(namespaces, () =>
          [...namespaces.values()].flatMap(names => [...names.values()]),
        )
      : NONE;
    this.reading?.note(
      { of: 'all', key: kind, ask: set => set.all(kind) },
      list,
    );
    return list;
  }

  inNamespace(kind: string, namespace: string): readonly KubeObject[] {
    const key = `${kind}/${namespace}`;
    this.derivations.read(key);
    const names = this.index.get(kind)?.get(namespace);
    const list = names ? listOf(names, () => [...names.values()]) : NONE;
    this.reading?.note(
      { of: 'inNamespace', key, ask: set => set.inNamespace(kind, namespace) },
      list,
    );
    return list;
  }

  namespace(name: string): KubeObject | undefined {
    return this.get('Namespace', undefined, name);
  }

  kinds(): string[] {
    const kinds = [...this.index.keys()];
    this.reading?.note(
      { of: 'kinds', key: '', ask: set => set.kinds() },
      kinds,
    );
    return kinds;
  }

  /** The namespaces that hold an object of one of the kinds. */
  namespacesWith(kinds: readonly string[]): readonly string[] {
    const each = kinds.map(kind => {
      this.derivations.read(kind);
      return namespacesIn(this.index.get(kind));
    });
    const namespaces =
      each.length === 1 ? each[0] : [...new Set(each.flat())].sort();
    this.reading?.note(
      {
        of: 'namespacesWith',
        key: kinds.join(),
        ask: set => set.namespacesWith(kinds),
      },
      namespaces,
    );
    return namespaces;
  }

  /** Whether the set can say that an object of the kind does not exist. */
  knows(kind: string): boolean {
    return this.options.complete === true || this.all(kind).length > 0;
  }

  /** What else was given for the same kind, namespace and name, as in another cluster. */
  othersLike(object: KubeObject): readonly KubeObject[] {
    return this.duplicates.get(object) ?? [];
  }

  now(): number {
    return (this.options.now ?? Date.now)();
  }

  /** The set after some changes; what did not change is shared, and so is what was derived from it. */
  with(changes: Iterable<SetChange>): MeshObjects {
    const { index, changed } = changedIndex(this.index, changes);
    const next = new MeshObjects(
      index,
      this.malformed,
      this.duplicates,
      this.options,
    );
    next.inherit(this, changed);
    return next;
  }

  /**
   * What `compute` derives from this set, computed once for each key; after a change, again only if an object it read, or
   * the value of something else it was derived from, is another.
   */
  derive<T>(compute: Compute<T, MeshObjects>, key = ''): T {
    const value = this.derivations.derive(compute, key);
    this.reading?.note(
      { of: compute, key, ask: set => set.derive(compute, key) },
      value,
    );
    return value;
  }

  /**
   * As {@link MeshObjects.derive}, for one of many parts of what is being derived: after a change the whole asks again only
   * those parts that it concerns.
   */
  derivePart<T>(compute: Compute<T, MeshObjects>, key: string): T {
    const value = this.derivations.derivePart(compute, key);
    this.reading?.note(
      { of: compute, key, ask: set => set.derive(compute, key) },
      value,
    );
    return value;
  }

  /** As {@link MeshObjects.derive}, but not kept: for what is quickly found in a derived value. */
  lookUp<T>(find: Compute<T, MeshObjects>, key: string): T {
    const value = find(this.bare, key);
    this.reading?.note(
      { of: find, key, ask: set => set.lookUp(find, key) },
      value,
    );
    return value;
  }

  /** How many derived values are kept; bounded by the number of objects, whatever was asked. */
  get derivedValues(): number {
    return this.derivations.size;
  }

  /** The same set, but what is read through it is noted. What reads the time is asked again only with the rest. */
  notedIn(reading: ReadingNotes): MeshObjects {
    const noted: MeshObjects = Object.create(this, {
      reading: { value: reading },
    });
    // What the mesh's configuration was read from.
    noted.get('ConfigMap', this.meshConfig.rootNamespace, 'istio');
    return noted;
  }

  private count(): number {
    let objects = 0;
    for (const namespaces of this.index.values()) {
      for (const names of namespaces.values()) {
        objects += names.size;
      }
    }
    return objects;
  }

  private inherit(before: MeshObjects, changed: ReadonlySet<string>) {
    const root = this.meshConfig.rootNamespace;
    if (changed.has(`ConfigMap/${root}/istio`)) {
      return;
    }
    this.derivations.inherit(before.derivations, changed);
  }
}

import { filedKind } from './kube/homeGroups';
import type { KubeObject } from './kube/KubeObject';
import { readKeys } from './reads';

/** A change to a set: an object that is now there, or one that is gone. @public */
export type SetChange =
  | { type: 'put'; object: KubeObject }
  | {
      type: 'remove';
      kind: string;
      /** Needed only for a kind that two API groups have, such as Gateway. */
      apiVersion?: string;
      namespace?: string;
      name: string;
    };

export type ByName = ReadonlyMap<string, KubeObject>;
export type ByNamespace = ReadonlyMap<string, ByName>;
export type ByKind = ReadonlyMap<string, ByNamespace>;
export type Duplicates = ReadonlyMap<KubeObject, readonly KubeObject[]>;

/** The index is never written to again: sets that share a part of it share its list. */
const lists = new WeakMap<ByNamespace | ByName, readonly KubeObject[]>();
const namespacesOf = new WeakMap<ByNamespace, readonly string[]>();
const NO_NAMESPACES: readonly string[] = [];

/** Objects by kind, namespace and name; of several with one of these, the last. What is no object is kept aside. */
export function indexed(objects: Iterable<unknown>): {
  index: ByKind;
  malformed: unknown[];
  duplicates: Duplicates;
} {
  const index = new Map<string, Map<string, Map<string, KubeObject>>>();
  const malformed: unknown[] = [];
  const duplicates = new Map<KubeObject, KubeObject[]>();
  for (const object of objects) {
    if (!isKubeObject(object)) {
      malformed.push(object);
      continue;
    }
    const namespace = object.metadata.namespace ?? '';
    const kind = filedKind(object);
    const namespaces = index.get(kind) ?? new Map();
    index.set(kind, namespaces);
    const names = namespaces.get(namespace) ?? new Map();
    namespaces.set(namespace, names);
    const earlier = names.get(object.metadata.name);
    if (earlier && earlier !== object) {
      duplicates.set(object, [...(duplicates.get(earlier) ?? []), earlier]);
      duplicates.delete(earlier);
    }
    names.set(object.metadata.name, object);
  }
  return { index, malformed, duplicates };
}

/** The index after some changes, and the keys of what was changed; what did not change is shared. */
export function changedIndex(
  before: ByKind,
  changes: Iterable<SetChange>,
): { index: ByKind; changed: ReadonlySet<string> } {
  const index = new Map(before);
  const copied = new Set<unknown>();
  const changed = new Set<string>();
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
            filedKind(change.object),
            change.object.metadata.namespace ?? '',
            change.object.metadata.name,
          ]
        : [
            change.apiVersion === undefined
              ? change.kind
              : filedKind({
                  apiVersion: change.apiVersion,
                  kind: change.kind,
                }),
            change.namespace ?? '',
            change.name,
          ];
    const namespaces = own(index.get(kind) as Map<string, ByName>);
    index.set(kind, namespaces);
    const names = own(namespaces.get(namespace));
    namespaces.set(namespace, names);
    if (change.type === 'put') {
      names.set(name, change.object);
    } else {
      names.delete(name);
    }
    for (const key of readKeys(kind, namespace, name)) {
      changed.add(key);
    }
  }
  return { index, changed };
}

/** The objects of a part of the index; the same array each time. */
export function listOf(
  part: ByNamespace | ByName,
  make: () => readonly KubeObject[],
): readonly KubeObject[] {
  const list = lists.get(part) ?? make();
  lists.set(part, list);
  return list;
}

export function namespacesIn(kind: ByNamespace | undefined): readonly string[] {
  if (!kind) {
    return NO_NAMESPACES;
  }
  let namespaces = namespacesOf.get(kind);
  if (!namespaces) {
    namespaces = [...kind]
      .filter(([, names]) => names.size > 0)
      .map(([namespace]) => namespace)
      .sort();
    namespacesOf.set(kind, namespaces);
  }
  return namespaces;
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
    typeof object.metadata.name === 'string' &&
    isOptional(object.metadata.namespace, 'string') &&
    !Array.isArray(object.metadata.labels) &&
    !Array.isArray(object.metadata.annotations) &&
    isOptional(object.metadata.labels, 'object') &&
    isOptional(object.metadata.annotations, 'object')
  );
}

function isOptional(value: unknown, type: 'string' | 'object'): boolean {
  return value === undefined || value === null || typeof value === type;
}

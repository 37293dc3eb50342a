import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../kube/KubeObject';
import { isMap, ownField } from '../kube/reading';
import { groupOf } from './groupOf';

/**
 * Whether a patch of a kustomization may change an object: it does unless it says itself that it is about another one.
 *
 * @param patch - an item of `patches`, `patchesStrategicMerge` or `patchesJson6902`; what stands in a file, as text.
 * @public
 */
export function mayPatch(patch: unknown, object: KubeObject): boolean {
  if (isMap(patch) && isMap(patch.target)) {
    return isSelected(patch.target, object);
  }
  const text: unknown = isMap(patch) ? patch.patch ?? patch : patch;
  const documents: unknown[] =
    typeof text === 'string'
      ? parseAllDocuments(text).map(document => document.toJS() as unknown)
      : [text];
  return documents.some(
    document =>
      !isMap(document) ||
      !isMap(document.metadata) ||
      (document.kind === object.kind &&
        document.metadata.name === object.metadata.name),
  );
}

/**
 * Whether a replacement of a kustomization may change an object; one that does not say what it is about, may.
 *
 * @param replacement - an item of `replacements`.
 * @public
 */
export function mayReplace(replacement: unknown, object: KubeObject): boolean {
  const targets: unknown = ownField(replacement, 'targets');
  return (
    !Array.isArray(targets) ||
    targets.some(target => isSelected(ownField(target, 'select'), object))
  );
}

/** Whether a selector of kustomize may mean an object; its names are regular expressions, anchored. */
function isSelected(target: unknown, object: KubeObject): boolean {
  const { apiVersion, kind, metadata } = object;
  const is = {
    group: groupOf(apiVersion),
    version: apiVersion.slice(groupOf(apiVersion).length).replace('/', ''),
    kind,
    name: metadata.name,
    namespace: metadata.namespace ?? '',
  };
  return Object.entries(is).every(([field, value]) => {
    const wanted: unknown = ownField(target, field);
    return (
      typeof wanted !== 'string' ||
      // A version is one of several for the same object, and a pattern may be anything.
      field === 'version' ||
      !/^[A-Za-z0-9.-]*$/.test(wanted) ||
      wanted === '' ||
      wanted === value
    );
  });
}

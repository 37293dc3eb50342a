import { isMap } from './reading';

/** The objects of a document: those of a `List`, or itself; nothing of an empty document. @public */
export function flattenLists(document: unknown): unknown[] {
  if (document === null || document === undefined) {
    return [];
  }
  if (
    isMap(document) &&
    typeof document.kind === 'string' &&
    document.kind.endsWith('List') &&
    Array.isArray(document.items)
  ) {
    const kind = document.kind.slice(0, -'List'.length);
    return document.items.flatMap(item =>
      flattenLists(
        // Items of a typed list need not repeat what the list says.
        isMap(item) && kind && item.kind === undefined
          ? { apiVersion: document.apiVersion, kind, ...item }
          : item,
      ),
    );
  }
  return [document];
}

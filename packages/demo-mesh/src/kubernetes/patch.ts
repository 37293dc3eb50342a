import { applyPatch, type Operation } from 'rfc6902';
import { itemElement } from './apply/typedValue';
import { copyOf, isObject } from './json';
import { fieldSchema, type FieldSchema } from './apply/schema';
import { badRequest, StatusError } from './StatusError';

/** JSON merge patch (RFC 7386). */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) result.delete(field);
    else result.set(field, mergePatch(result.get(field), value));
  }
  return Object.fromEntries(result);
}

const OPERATIONS = ['add', 'remove', 'replace', 'move', 'copy', 'test'];
const MAX_OPERATIONS = 10_000;

function isOperation(value: unknown): value is Operation {
  if (!isObject(value)) return false;
  const pointers = 'from' in value ? [value.path, value.from] : [value.path];
  return (
    OPERATIONS.includes(value.op as string) &&
    pointers.every(
      pointer =>
        typeof pointer === 'string' &&
        (pointer === '' || pointer.startsWith('/')) &&
        !pointer.split('/').includes('__proto__'),
    )
  );
}

/** JSON patch (RFC 6902), all or nothing. */
export function jsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch) || !patch.every(isOperation)) {
    throw badRequest(
      'error decoding patch: not a list of JSON patch operations',
    );
  }
  if (patch.length > MAX_OPERATIONS) {
    throw new StatusError(
      413,
      'RequestEntityTooLarge',
      `The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${patch.length}`,
    );
  }
  const result = { document: copyOf(target) };
  const rooted = patch.map(operation => ({
    ...operation,
    path: `/document${operation.path}`,
    ...('from' in operation ? { from: `/document${operation.from}` } : {}),
  })) as Operation[];
  const failed = applyPatch(result, rooted).find(error => error !== null);
  if (failed) {
    throw new StatusError(
      422,
      'Invalid',
      'the server rejected our request due to an error in our request',
      {},
    );
  }
  return result.document;
}

/** Strategic merge patch: lists of built-in kinds merge by their keys, with the directives kubectl writes. */
export function strategicMergePatch(
  schema: FieldSchema,
  target: unknown,
  patch: unknown,
): unknown {
  if (Array.isArray(patch)) {
    return isMergedList(schema)
      ? mergeList(schema, Array.isArray(target) ? target : [], patch)
      : patch;
  }
  if (!isObject(patch)) return patch;
  const { $patch: directive, $retainKeys: retained, ...fields } = patch;
  if (directive === 'replace') return withoutDirectives(fields);
  if (directive === 'delete') return {};
  const result = new Map(
    Object.entries(isObject(target) ? target : {}).filter(
      ([field]) => !Array.isArray(retained) || retained.includes(field),
    ),
  );
  for (const [field, value] of Object.entries(fields)) {
    if (field.startsWith('$setElementOrder/')) continue;
    if (field.startsWith('$deleteFromPrimitiveList/')) {
      const list = field.slice('$deleteFromPrimitiveList/'.length);
      const kept = result.get(list);
      if (Array.isArray(kept) && Array.isArray(value))
        result.set(
          list,
          kept.filter(item => !value.includes(item)),
        );
    } else if (value === null) {
      result.delete(field);
    } else {
      result.set(
        field,
        strategicMergePatch(
          fieldSchema(schema, field),
          result.get(field),
          value,
        ),
      );
    }
  }
  return Object.fromEntries(result);
}

function isMergedList(schema: FieldSchema): boolean {
  return schema.type === 'list' || schema.type === 'set';
}

function mergeList(
  schema: FieldSchema,
  target: unknown[],
  patch: unknown[],
): unknown[] {
  if (patch.some(item => isObject(item) && item.$patch === 'replace')) {
    return patch
      .filter(item => !isObject(item) || item.$patch !== 'replace')
      .map(withoutDirectives);
  }
  // Unlike server-side apply, this kind of patch tells items apart by the first of their keys alone.
  const byKey: FieldSchema =
    schema.type === 'list'
      ? { ...schema, keys: schema.keys.slice(0, 1) }
      : schema;
  const items = new Map(target.map(item => [itemElement(byKey, item), item]));
  for (const item of patch) {
    if (
      schema.type === 'list' &&
      !(isObject(item) && item[schema.keys[0]] !== undefined)
    ) {
      throw badRequest(
        `map: ${JSON.stringify(item)} does not contain declared merge key: ${
          schema.keys[0]
        }`,
      );
    }
    const element = itemElement(byKey, item);
    if (isObject(item) && item.$patch === 'delete') items.delete(element);
    else
      items.set(
        element,
        strategicMergePatch(fieldSchema(schema, ''), items.get(element), item),
      );
  }
  return [...items.values()];
}

function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDirectives);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([field]) => !field.startsWith('$'))
      .map(([field, content]) => [field, withoutDirectives(content)]),
  );
}

import { isObject, isSame } from '../json';
import { FieldSet } from './FieldSet';
import { fieldSchema, type FieldSchema } from './schema';

/** One part of a value that merges on its own. */
interface Item {
  element: string;
  value: unknown;
  schema: FieldSchema;
  /** A list item or a key of a free map is itself something to own; a declared field isn't. */
  isMember: boolean;
}

/** The edge of the tree of fields that leads to a list item. */
export function itemElement(schema: FieldSchema, item: unknown): string {
  if (schema.type !== 'list') return `v:${JSON.stringify(item)}`;
  const keys: Record<string, unknown> = {};
  for (const key of [...schema.keys].sort()) {
    const given = isObject(item) ? item[key] : undefined;
    const value = given ?? schema.defaults[key];
    if (value !== undefined) keys[key] = value;
  }
  return `k:${JSON.stringify(keys)}`;
}

/** The parts of a value, or nothing where it is a leaf. */
function itemsOf(schema: FieldSchema, value: unknown): Item[] | undefined {
  if (Array.isArray(value)) {
    if (schema.type !== 'list' && schema.type !== 'set') return undefined;
    return value.map(item => ({
      element: itemElement(schema, item),
      value: item,
      schema: fieldSchema(schema, ''),
      isMember: true,
    }));
  }
  if (!isObject(value) || schema.type === 'atomic') return undefined;
  return Object.entries(value)
    .filter(([, content]) => content !== undefined)
    .map(([field, content]) => ({
      element: `f:${field}`,
      value: content,
      schema: fieldSchema(schema, field),
      isMember: schema.type !== 'struct',
    }));
}

/** What an applied configuration claims. */
export function fieldsOf(schema: FieldSchema, value: unknown): FieldSet {
  const items = itemsOf(schema, value);
  if (!items) return FieldSet.leaf;
  return FieldSet.of(
    false,
    items.map(item => {
      const below = fieldsOf(item.schema, item.value);
      const isEmpty = isObject(item.value) && below.isEmpty;
      return [
        item.element,
        item.isMember || isEmpty ? below.withMember() : below,
      ];
    }),
  );
}

/** Every node of a value: what a write adds or removes when it adds or removes the value. */
export function nodesOf(schema: FieldSchema, value: unknown): FieldSet {
  return FieldSet.of(
    true,
    (itemsOf(schema, value) ?? []).map(item => [
      item.element,
      nodesOf(item.schema, item.value),
    ]),
  );
}

export interface Comparison {
  added: FieldSet;
  modified: FieldSet;
  removed: FieldSet;
}

const same: Comparison = {
  added: FieldSet.empty,
  modified: FieldSet.empty,
  removed: FieldSet.empty,
};

/** What a write changes. */
export function compare(
  schema: FieldSchema,
  before: unknown,
  after: unknown,
): Comparison {
  if (before === after) return same;
  if (before === undefined) return { ...same, added: nodesOf(schema, after) };
  if (after === undefined) return { ...same, removed: nodesOf(schema, before) };
  const left = itemsOf(schema, before);
  const right = itemsOf(schema, after);
  if (!left || !right) {
    if (isSame(before, after)) return same;
    return {
      added: right ? nodesOf(schema, after) : FieldSet.empty,
      removed: left ? nodesOf(schema, before) : FieldSet.empty,
      modified: FieldSet.leaf,
    };
  }
  const old = new Map(left.map(item => [item.element, item]));
  const now = new Map(right.map(item => [item.element, item]));
  const parts = [...new Set([...old.keys(), ...now.keys()])].map(element => {
    const item = now.get(element) ?? old.get(element)!;
    return [
      element,
      compare(item.schema, old.get(element)?.value, now.get(element)?.value),
    ] as const;
  });
  const pick = (which: keyof Comparison) =>
    FieldSet.of(
      false,
      parts.map(([element, part]) => [element, part[which]]),
    );
  return {
    added: pick('added'),
    modified: pick('modified'),
    removed: pick('removed'),
  };
}

/** The live value with an applied configuration laid over it. */
export function merge(
  schema: FieldSchema,
  live: unknown,
  config: unknown,
): unknown {
  if (live === undefined) return config;
  if (config === undefined) return live;
  const left = itemsOf(schema, live);
  const right = itemsOf(schema, config);
  if (!left || !right || Array.isArray(live) !== Array.isArray(config))
    return config;
  const wanted = new Map(right.map(item => [item.element, item]));
  const merged: [string, unknown][] = left.map(item => [
    item.element,
    merge(item.schema, item.value, wanted.get(item.element)?.value),
  ]);
  const known = new Set(left.map(item => item.element));
  for (const item of right) {
    if (!known.has(item.element)) merged.push([item.element, item.value]);
  }
  return assemble(Array.isArray(live), merged);
}

/** A value without the parts a set of fields names; nothing where the value itself is one of them. */
export function remove(
  schema: FieldSchema,
  value: unknown,
  fields: FieldSet,
): unknown {
  if (fields.member) return undefined;
  if (fields.isEmpty) return value;
  const items = itemsOf(schema, value);
  if (!items) return value;
  return assemble(
    Array.isArray(value),
    items
      .map((item): [string, unknown] => [
        item.element,
        remove(item.schema, item.value, fields.child(item.element)),
      ])
      .filter(([, content]) => content !== undefined),
  );
}

function assemble(isList: boolean, parts: [string, unknown][]): unknown {
  return isList
    ? parts.map(([, content]) => content)
    : Object.fromEntries(
        parts.map(([element, content]) => [element.slice(2), content]),
      );
}

/** The items of a list; none where the value is no list. Objects come from people: nothing about their shape is sure. @public */
export function itemsOf(value: unknown): any[] {
  return Array.isArray(value) ? value : [];
}

/** The texts of a list; what is no text is left out. @public */
export function textsOf(value: unknown): string[] {
  return itemsOf(value).filter(
    (item): item is string => typeof item === 'string',
  );
}

/** The fields of a map; none where the value is no map. @public */
export function fieldsOf(value: unknown): [string, any][] {
  return isMap(value) ? Object.entries(value) : [];
}

/** @public */
export function isMap(value: unknown): value is Record<string, any> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The map's own field; undefined where the value is no map or has no such field. @public */
export function ownField(value: unknown, field: string): any {
  return isMap(value) && Object.hasOwn(value, field) ? value[field] : undefined;
}

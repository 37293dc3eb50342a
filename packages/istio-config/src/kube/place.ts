import { itemsOf, ownField } from './reading';

/** A place in an object: `['spec', 'http', 0, 'timeout']`. @public */
export type Place = readonly (string | number)[];

/** The place that a path names, as `spec.http[0].timeout`; keys with dots are not for it. @public */
export function placeOf(path: string): Place {
  return (path.match(/[^.[\]]+/g) ?? []).map(step =>
    /^\d+$/.test(step) ? Number(step) : step,
  );
}

/** A place as people read it: `spec.http[0].timeout`. @public */
export function pathOf(place: Place): string {
  return place.reduce<string>((path, step) => {
    if (typeof step === 'number') {
      return `${path}[${step}]`;
    }
    return path ? `${path}.${step}` : step;
  }, '');
}

/** What stands at a place; undefined where nothing does. @public */
export function valueAt(value: unknown, place: Place): any {
  return place.reduce<unknown>(
    (current, step) =>
      typeof step === 'number'
        ? itemsOf(current)[step]
        : ownField(current, step),
    value,
  );
}

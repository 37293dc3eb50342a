import { describeRef, type KubeObject, refOf } from '../kube/KubeObject';
import { pathOf, type Place, placeOf, valueAt } from '../kube/place';
import { fieldsOf } from '../kube/reading';
import { afterOf, beforeOf, type ObjectEdit, objectOf } from './ChangePlan';
import { EditRefused } from './EditRefused';
import { isSameJson } from './isSameJson';
import { patched, type PatchOperation } from './PatchOperation';
import { fieldOperations } from './setFields';

/** Of the annotation that says on an object when a change of it ends; the change's id follows. @public */
export const END_ANNOTATION_PREFIX = 'ends.meshdeck.io/';

const MARK = /^(\S+) until (\S+)$/;

/** When a change ends by itself. @public */
export interface ChangeEnd {
  /** The change's. */
  id: string;
  /** ISO 8601. */
  at: string;
}

/** The annotation of a change that ends: kubectl shows it, and it says what ends. */
interface EndMark {
  key: string;
  value: string;
  /** What ends, as the change wrote it. */
  place: Place;
}

/**
 * What there is to do for an end: an edit; nothing, because what was changed is as it was before, or gone; or nothing either, because somebody
 * made something else of it since. @public
 */
export type Ending =
  | { does: 'edit'; edit: ObjectEdit }
  | { does: 'nothing' }
  | { does: 'conflict' };

/**
 * The edit with a mark on its object that it ends.
 *
 * @param place - what ends: one value that the edit writes.
 * @throws EditRefused where something ends there already: given back would be what is to end before.
 * @public
 */
export function withEnd(
  edit: ObjectEdit,
  place: Place,
  { id, at }: ChangeEnd,
): ObjectEdit {
  const object = objectOf(edit);
  const running = marksOf(object).find(
    mark => isSameJson(mark.place, place) && valueAt(object, place),
  );
  if (running) {
    throw new EditRefused(
      `${pathOf(place)} of ${describeRef(
        refOf(object),
      )} was changed for a time already, and ends by itself. End that first.`,
    );
  }
  const marking = fieldOperations(object, [
    {
      at: ['metadata', 'annotations', `${END_ANNOTATION_PREFIX}${id}`],
      value: `${pathOf(place)} until ${at}`,
    },
  ]);
  switch (edit.action) {
    case 'create':
      return { ...edit, object: patched(object, marking) };
    case 'change':
      return { ...edit, operations: [...edit.operations, ...marking] };
    default:
      throw new EditRefused('What is deleted does not come back by itself.');
  }
}

/** Whether an edit begins something that ends by itself. @public */
export function hasEnd(edit: ObjectEdit): boolean {
  return endMark(edit) !== undefined;
}

/** Whether an edit ends such a thing: taken back, that thing would stand without an end. @public */
export function takesEndAway(edit: ObjectEdit): boolean {
  const before = beforeOf(edit);
  const after = afterOf(edit);
  const left = after ? marksOf(after).map(({ key }) => key) : [];
  return (
    before !== undefined &&
    marksOf(before).some(({ key }) => !left.includes(key))
  );
}

/** Whether what an edit began is marked on the object still. @public */
export function bearsEndOf(edit: ObjectEdit, object: KubeObject): boolean {
  const mark = endMark(edit);
  return (
    mark !== undefined && object.metadata.annotations?.[mark.key] === mark.value
  );
}

/**
 * How an edit that has an end is ended, by what the object is now.
 *
 * @param left - the object as the edit left it.
 * @public
 */
export function endingOf(
  edit: ObjectEdit,
  left: KubeObject,
  current: KubeObject | undefined,
): Ending {
  const mark = endMark(edit);
  if (!mark) {
    throw new Error('That change has no end');
  }
  if (!current) {
    return { does: 'nothing' };
  }
  const isMarked = bearsEndOf(edit, current);
  if (
    isMarked &&
    edit.action === 'create' &&
    isSameJson(current.spec, left.spec)
  ) {
    return { does: 'edit', edit: { action: 'delete', before: current } };
  }
  const seen = { mark, left, current };
  const old: unknown = valueAt(beforeOf(edit), mark.place);
  const isBack =
    standingIn(current, seen).length < standingIn(left, seen).length &&
    isSameJson(valueAt(current, mark.place), old);
  if (isBack) {
    return isMarked
      ? { does: 'edit', edit: change(current, unmark(edit, mark, current)) }
      : { does: 'nothing' };
  }
  const place = placeNow(seen);
  return isMarked && place
    ? {
        does: 'edit',
        edit: change(current, [
          ...fieldOperations(current, [{ at: place, value: old }]),
          ...unmark(edit, mark, current),
        ]),
      }
    : { does: 'conflict' };
}

/** What is compared to find out what became of what ends. */
interface Seen {
  mark: EndMark;
  left: KubeObject;
  current: KubeObject;
}

function change(
  before: KubeObject,
  operations: readonly PatchOperation[],
): ObjectEdit {
  return { action: 'change', before, operations };
}

/** Where what ends is now: at its place, or, where its list was rearranged, where all around it is as it was left. */
function placeNow(seen: Seen): Place | undefined {
  const { mark, left, current } = seen;
  const standing = standingIn(current, seen);
  const around = valueAt(left, mark.place.slice(0, -1)) as unknown;
  const moved = standing.filter(place =>
    isSameJson(valueAt(current, place.slice(0, -1)), around),
  );
  return (
    standing.find(place => isSameJson(place, mark.place)) ??
    (moved.length === 1 ? moved[0] : undefined)
  );
}

/** Where in an object the value stands that was written to end, at any item of its lists. */
function standingIn(object: KubeObject, { mark, left }: Seen): Place[] {
  const written: unknown = valueAt(left, mark.place);
  return placesOf(object, mark.place).filter(place =>
    isSameJson(valueAt(object, place), written),
  );
}

/** Takes the mark away, and the annotations with it where there were none before. */
function unmark(
  edit: ObjectEdit,
  { key }: EndMark,
  current: KubeObject,
): PatchOperation[] {
  const at = ['metadata', 'annotations'];
  const isAlone = fieldsOf(current.metadata.annotations).length === 1;
  const hadOthers = fieldsOf(beforeOf(edit)?.metadata.annotations).some(
    ([name]) => !name.startsWith(END_ANNOTATION_PREFIX),
  );
  return fieldOperations(current, [
    { at: isAlone && !hadOthers ? at : [...at, key], value: undefined },
  ]);
}

function endMark(edit: ObjectEdit): EndMark | undefined {
  const after = afterOf(edit);
  const known = beforeOf(edit)?.metadata.annotations ?? {};
  return after && marksOf(after).find(({ key }) => !Object.hasOwn(known, key));
}

function marksOf({ metadata }: KubeObject): EndMark[] {
  return fieldsOf(metadata.annotations).flatMap(([key, value]) => {
    const [, path] = MARK.exec(String(value)) ?? [];
    return key.startsWith(END_ANNOTATION_PREFIX) && path
      ? [{ key, value: String(value), place: placeOf(path) }]
      : [];
  });
}

/** The places like one, with any item of each list. */
function placesOf(value: unknown, [step, ...rest]: Place): Place[] {
  if (step === undefined) {
    return [[]];
  }
  const steps =
    typeof step === 'number' && Array.isArray(value)
      ? value.map((_item, index) => index)
      : [step];
  return steps
    .map(next => ({ next, child: valueAt(value, [next]) as unknown }))
    .filter(({ child }) => child !== undefined)
    .flatMap(({ next, child }) =>
      placesOf(child, rest).map(place => [next, ...place]),
    );
}

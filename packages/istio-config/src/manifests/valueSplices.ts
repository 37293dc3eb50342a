import { isMap as isMapNode, isSeq } from 'yaml';
import { isSameJson } from '../edits/isSameJson';
import { isMap, ownField } from '../kube/reading';
import { commonEnds } from './commonEnds';
import { insertedItems, insertedPairs } from './insertions';
import type { ManifestStyle } from './ManifestStyle';
import { removals } from './removals';
import { replaceValue } from './replaceValue';
import { type Slot, slotsOfList, slotsOfMap } from './Slot';
import type { Splice } from './Splice';

/**
 * The least that makes of a value in a text another one: of maps and lists only what differs is written.
 *
 * @param slot - where the value is, `old` what it says now.
 * @throws SpliceRefused where the text is too unusual for that.
 */
export function valueSplices(
  text: string,
  slot: Slot,
  old: unknown,
  wanted: unknown,
  style: ManifestStyle,
): Splice[] {
  if (isSameJson(old, wanted)) {
    return [];
  }
  const { node } = slot;
  const inner =
    (isMapNode(node) &&
      isMap(old) &&
      isMap(wanted) &&
      mapSplices(text, slot, old, wanted, style)) ||
    (isSeq(node) &&
      Array.isArray(old) &&
      Array.isArray(wanted) &&
      listSplices(text, slot, old, wanted, style));
  return inner || replaceValue(text, slot, wanted, style);
}

/** Undefined where nothing of the map stays. */
function mapSplices(
  text: string,
  { node }: Slot,
  old: Record<string, unknown>,
  wanted: Record<string, unknown>,
  style: ManifestStyle,
): Splice[] | undefined {
  const slots = isMapNode(node) ? slotsOfMap(node) : [];
  const kept = slots.filter(({ name }) => Object.hasOwn(wanted, name));
  if (kept.length === 0) {
    return undefined;
  }
  const added = Object.entries(wanted).filter(
    ([name, value]) => !Object.hasOwn(old, name) && value !== undefined,
  );
  return [
    ...kept.flatMap(slot =>
      valueSplices(
        text,
        slot,
        ownField(old, slot.name),
        ownField(wanted, slot.name),
        style,
      ),
    ),
    ...insertedPairs(text, kept[kept.length - 1], added, style),
    ...removals(text, slots, slot => kept.includes(slot)),
  ];
}

/** Undefined where nothing of the list stays. */
function listSplices(
  text: string,
  { node }: Slot,
  old: readonly unknown[],
  wanted: readonly unknown[],
  style: ManifestStyle,
): Splice[] | undefined {
  const slots = isSeq(node) ? slotsOfList(node) : [];
  const { before, after } = commonEnds(old, wanted);
  const paired = Math.min(old.length, wanted.length) - before - after;
  const keptBefore = before + paired;
  const kept = new Set([
    ...slots.slice(0, keptBefore),
    ...slots.slice(slots.length - after),
  ]);
  if (kept.size === 0) {
    return undefined;
  }
  return [
    ...slots
      .slice(before, keptBefore)
      .flatMap((slot, index) =>
        valueSplices(
          text,
          slot,
          old[before + index],
          wanted[before + index],
          style,
        ),
      ),
    ...insertedItems(
      text,
      { previous: slots[keptBefore - 1], next: slots[slots.length - after] },
      wanted.slice(keptBefore, wanted.length - after),
      style,
    ),
    ...removals(text, slots, slot => kept.has(slot)),
  ];
}

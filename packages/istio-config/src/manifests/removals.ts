import { lineStart } from './ManifestStyle';
import { beginsLine, contentEnd, linesEnd, type Slot } from './Slot';
import type { Splice } from './Splice';

/**
 * What takes the other slots of a map or list out of a text; at least one is kept. Comments above a line stay, even where they were about
 * what goes: nobody can tell.
 */
export function removals<S extends Slot>(
  text: string,
  slots: readonly S[],
  isKept: (slot: S) => boolean,
): Splice[] {
  return slots[0]?.isFlow
    ? flowRemovals(text, slots, isKept)
    : blockRemovals(text, slots, isKept);
}

function flowRemovals<S extends Slot>(
  text: string,
  slots: readonly S[],
  isKept: (slot: S) => boolean,
): Splice[] {
  const splices: Splice[] = [];
  for (let first = 0; first < slots.length; first++) {
    if (isKept(slots[first])) {
      continue;
    }
    let last = first;
    while (last + 1 < slots.length && !isKept(slots[last + 1])) {
      last++;
    }
    const [previous, next] = [slots[first - 1], slots[last + 1]];
    splices.push(
      next
        ? { start: slots[first].start, end: next.start, text: '' }
        : {
            start: contentEnd(text, previous),
            end: contentEnd(text, slots[last]),
            text: '',
          },
    );
    first = last;
  }
  return splices;
}

function blockRemovals<S extends Slot>(
  text: string,
  slots: readonly S[],
  isKept: (slot: S) => boolean,
): Splice[] {
  const gone = slots.filter(slot => !isKept(slot));
  const [first] = gone;
  // Only the first of all can share its line, with the `-` that it lies behind.
  if (!first || beginsLine(text, first.start)) {
    return gone.map(slot => wholeLines(text, slot));
  }
  const next = slots.find(isKept)!;
  const run = slots.slice(0, slots.indexOf(next));
  const gap = text.slice(contentEnd(text, run[run.length - 1]), next.start);
  const rest = gone.filter(slot => !run.includes(slot));
  return gap.trim() === ''
    ? [
        { start: first.start, end: next.start, text: '' },
        ...rest.map(slot => wholeLines(text, slot)),
      ]
    : [
        { start: first.start, end: contentEnd(text, first), text: '' },
        ...gone.slice(1).map(slot => wholeLines(text, slot)),
      ];
}

function wholeLines(text: string, slot: Slot): Splice {
  return {
    start: lineStart(text, slot.start),
    end: linesEnd(text, slot),
    text: '',
  };
}

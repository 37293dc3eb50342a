import { columnAt, lineStart, type ManifestStyle } from './ManifestStyle';
import { flowPair, flowText, itemLines, pairLines } from './renderValue';
import {
  beginsLine,
  contentEnd,
  linesEnd,
  type NamedSlot,
  type Slot,
} from './Slot';
import type { Splice } from './Splice';

/** What adds fields to a map, behind the last one that is kept. */
export function insertedPairs(
  text: string,
  last: NamedSlot,
  added: readonly [string, unknown][],
  style: ManifestStyle,
): Splice[] {
  return added.map(([name, value]) => {
    if (last.isFlow) {
      const pair = style.isJson
        ? `${JSON.stringify(name)}: ${jsonText(text, last, value, style)}`
        : flowPair(name, value, style);
      return insertion(
        contentEnd(text, last),
        separator(text, last, style) + pair,
      );
    }
    const column = columnAt(text, last.start);
    return insertion(
      linesEnd(text, last),
      pairLines(name, value, column, style),
    );
  });
}

/** What adds items to a list, between two that are kept; one of them is there. */
export function insertedItems(
  text: string,
  { previous, next }: { previous?: Slot; next?: Slot },
  added: readonly unknown[],
  style: ManifestStyle,
): Splice[] {
  if (previous) {
    return added.map(value => itemBehind(text, previous, value, style));
  }
  return next ? added.map(value => itemBefore(text, next, value, style)) : [];
}

function itemBehind(
  text: string,
  previous: Slot,
  value: unknown,
  style: ManifestStyle,
): Splice {
  if (previous.isFlow) {
    return insertion(
      contentEnd(text, previous),
      separator(text, previous, style) + flowItem(text, previous, value, style),
    );
  }
  const column = columnAt(text, previous.start);
  return insertion(linesEnd(text, previous), itemLines(value, column, style));
}

function itemBefore(
  text: string,
  next: Slot,
  value: unknown,
  style: ManifestStyle,
): Splice {
  if (next.isFlow) {
    const gap = separator(text, next, style);
    return insertion(next.start, flowItem(text, next, value, style) + gap);
  }
  const column = columnAt(text, next.start);
  const lines = itemLines(value, column, style);
  return beginsLine(text, next.start)
    ? insertion(aboveComments(text, next.start), lines)
    : // Behind another `-`: the new item takes the place on that line.
      insertion(next.start, lines.slice(column) + ' '.repeat(column));
}

function insertion(at: number, text: string): Splice {
  return { start: at, end: at, text };
}

/** A comment right above an item is about it. */
function aboveComments(text: string, offset: number): number {
  let start = lineStart(text, offset);
  while (start > 0) {
    const above = lineStart(text, start - 1);
    if (!/^[ \t]*#/.test(text.slice(above, start))) {
      break;
    }
    start = above;
  }
  return start;
}

/** Between two items of a flow collection: a new line where its items have one each. */
function separator(text: string, slot: Slot, style: ManifestStyle): string {
  return beginsLine(text, slot.start)
    ? `,${style.lineEnd}${text.slice(lineStart(text, slot.start), slot.start)}`
    : ', ';
}

function flowItem(
  text: string,
  sibling: Slot,
  value: unknown,
  style: ManifestStyle,
): string {
  return style.isJson
    ? jsonText(text, sibling, value, style)
    : flowText(value, style);
}

/** As JSON, on as many lines as what is beside it. */
function jsonText(
  text: string,
  sibling: Slot,
  value: unknown,
  style: ManifestStyle,
): string {
  if (!beginsLine(text, sibling.start)) {
    return JSON.stringify(value);
  }
  const space = ' '.repeat(columnAt(text, sibling.start));
  return JSON.stringify(value, null, style.step)
    .split('\n')
    .join(`${style.lineEnd}${space}`);
}

import { isCollection, isScalar } from 'yaml';
import {
  columnAt,
  isBlock,
  lineStart,
  type ManifestStyle,
  nextLine,
} from './ManifestStyle';
import { flowText, scalarText, tailOf } from './renderValue';
import { contentEnd, isEmptySlot, type Slot } from './Slot';
import type { Splice } from './Splice';

/** What writes another value into a slot; comments beside the old value stay, those inside it go with it. */
export function replaceValue(
  text: string,
  slot: Slot,
  wanted: unknown,
  style: ManifestStyle,
): Splice[] {
  const [start, end] = [slot.node.range![0], contentEnd(text, slot)];
  const inline = inlineText(slot, wanted, style);
  if (inline !== undefined && isEmptySlot(slot)) {
    return [{ start: slot.behind, end: slot.behind, text: ` ${inline}` }];
  }
  if (inline !== undefined && !isBlock(slot.node)) {
    return [{ start, end, text: inline }];
  }
  const tail = tailOf(wanted, slot.owner, columnAt(text, slot.start), style);
  const gap = text.slice(slot.behind, start);
  if (!isEmptySlot(slot) && gap.includes('#')) {
    return below(text, { slot, start, end, tail }, style);
  }
  return hasCommentBehind(text, slot, end) && tail.startsWith(style.lineEnd)
    ? [
        { start: slot.behind, end, text: '' },
        insertedLines(nextLine(text, end), tail, style),
      ]
    : [{ start: slot.behind, end, text: tail }];
}

/** The value on one line; undefined where it takes lines of its own. */
function inlineText(
  slot: Slot,
  wanted: unknown,
  style: ManifestStyle,
): string | undefined {
  const { node, isFlow } = slot;
  if (style.isJson) {
    return JSON.stringify(wanted);
  }
  if (typeof wanted !== 'object' || wanted === null) {
    return scalarText(wanted, isScalar(node) ? node : undefined, slot, style);
  }
  const staysFlow =
    isFlow || (isCollection(node) && node.flow && node.items.length > 0);
  return staysFlow ? flowText(wanted, style) : undefined;
}

/** Where a comment stands between the key and its value on the lines below, it stays there. */
function below(
  text: string,
  {
    slot,
    start,
    end,
    tail,
  }: { slot: Slot; start: number; end: number; tail: string },
  style: ManifestStyle,
): Splice[] {
  const lines = { start: lineStart(text, start), end: nextLine(text, end) };
  return tail.startsWith(style.lineEnd)
    ? [{ ...insertedLines(lines.start, tail, style), end: lines.end }]
    : [
        { start: slot.behind, end: slot.behind, text: tail },
        { ...lines, text: '' },
      ];
}

/** A tail of several lines as lines of their own. */
function insertedLines(
  at: number,
  tail: string,
  { lineEnd }: ManifestStyle,
): Splice {
  return { start: at, end: at, text: tail.slice(lineEnd.length) + lineEnd };
}

function hasCommentBehind(text: string, { node }: Slot, end: number): boolean {
  return (
    !isBlock(node) && /^[ \t]*#/.test(text.slice(end, nextLine(text, end)))
  );
}

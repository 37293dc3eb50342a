import {
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { columnAt, isBlock, nextLine } from './ManifestStyle';
import { SpliceRefused } from './SpliceRefused';

/** A place of a value in a text: behind `key:` or `-`, or in a flow collection. */
export interface Slot {
  node: Node;
  owner: 'pair' | 'item';
  /** Where its key, its `-` or, in a flow list, itself begins. */
  start: number;
  /** Right behind the `:` or `-`; in a flow list, where it begins itself. */
  behind: number;
  isFlow: boolean;
}

/** A value of a map with its name. */
export interface NamedSlot extends Slot {
  name: string;
}

/** The values of a map. @throws SpliceRefused where they are written as nobody writes a manifest. */
export function slotsOfMap(map: YAMLMap): NamedSlot[] {
  return map.items.map(pair => {
    const { key, value } = pair as Pair<Node, Node | null>;
    const colon = pair.srcToken?.sep?.find(
      ({ type }) => type === 'map-value-ind',
    );
    const isExplicit = pair.srcToken?.start.some(
      ({ type }) => type === 'explicit-key-ind',
    );
    if (!isScalar(key) || !key.range || !colon || !value || isExplicit) {
      throw unusual();
    }
    return {
      name: String(key.value),
      node: value,
      owner: 'pair',
      start: key.range[0],
      behind: colon.offset + 1,
      isFlow: Boolean(map.flow),
    };
  });
}

/** The items of a list. @throws SpliceRefused as {@link slotsOfMap} does. */
export function slotsOfList(list: YAMLSeq): Slot[] {
  const tokens = list.srcToken?.type === 'block-seq' ? list.srcToken.items : [];
  return list.items.map((item, index) => {
    const node = item as Node;
    const dash = tokens[index]?.start.find(
      ({ type }) => type === 'seq-item-ind',
    );
    if (!node?.range || (!list.flow && !dash)) {
      throw unusual();
    }
    return {
      node,
      owner: 'item',
      start: dash?.offset ?? node.range[0],
      behind: dash ? dash.offset + 1 : node.range[0],
      isFlow: Boolean(list.flow),
    };
  });
}

/** Whether nothing is written there: `key:`. */
export function isEmptySlot({ node }: Slot): boolean {
  return isScalar(node) && node.range![0] === node.range![1];
}

/** Where the content of a slot ends, without spaces, comments and the end of its line. */
export function contentEnd(text: string, slot: Slot): number {
  const { node } = slot;
  if (isEmptySlot(slot)) {
    return slot.behind;
  }
  if (isBlock(node)) {
    const slots = slotsOf(node);
    return contentEnd(text, slots[slots.length - 1]);
  }
  const end = node.range![1];
  if (!isBlockScalar(node)) {
    return end;
  }
  const written = text.slice(node.range![0], end);
  const keepsLines = /^[|>]\d?\+/.test(written);
  return (
    node.range![0] + written.replace(keepsLines ? /\r?\n$/ : /\s+$/, '').length
  );
}

/** Where the lines of a slot end: the begin of the next one. */
export function linesEnd(text: string, slot: Slot): number {
  return nextLine(text, contentEnd(text, slot));
}

/** Whether only spaces stand before it on its line. */
export function beginsLine(text: string, offset: number): boolean {
  return prefixOf(text, offset).trim() === '';
}

function prefixOf(text: string, offset: number): string {
  return text.slice(offset - columnAt(text, offset), offset);
}

function slotsOf(node: Node): Slot[] {
  if (isMap(node)) {
    return slotsOfMap(node);
  }
  return isSeq(node) ? slotsOfList(node) : [];
}

function isBlockScalar(node: Node): boolean {
  return (
    isScalar(node) &&
    (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED')
  );
}

function unusual(): SpliceRefused {
  return new SpliceRefused(
    'The file spells a map or a list in a way that is not changed from here (keys with ?, or without a value). Write it as key: value.',
  );
}

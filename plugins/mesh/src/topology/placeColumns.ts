import type { TopologyNode } from '@meshdeck/plugin-mesh-common';

/** All sizes are in the units of the drawing, which are pixels at a scale of 1. */
export const NODE_WIDTH = 244;
export const NODE_HEAD = 46;
export const VERSION_HEIGHT = 20;
export const LABEL_WIDTH = 148;
const ROOM_BETWEEN = LABEL_WIDTH + 60;
const ROOM_BELOW = 18;
const ROOM_BETWEEN_BANDS = 84;
const MARGIN = 24;
/** Smaller than this, words are hard to read. */
const READABLE_SCALE = 0.75;

export interface Size {
  width: number;
  height: number;
}

export interface PlacedNode {
  node: TopologyNode;
  x: number;
  y: number;
  height: number;
  /** From 0, from above. */
  band: number;
}

/** Where nodes stand. */
interface PlacedColumns extends Size {
  nodes: Map<string, PlacedNode>;
  /** For each band the height just below it. */
  gutters: number[];
}

/** How much of its size a drawing keeps where all of it is to be seen. */
export function fitScale(drawing: Size, room: Size): number {
  return Math.min(1, room.width / drawing.width, room.height / drawing.height);
}

/** Columns side by side; where that is too wide to be read in the room there is, in as few bands below each other as it takes. */
export function placeColumns(
  columns: TopologyNode[][],
  heights: Map<string, number>,
  room: Size | undefined,
): PlacedColumns {
  let best = inBands(columns, heights, columns.length);
  if (!room) {
    return best;
  }
  for (let perBand = columns.length - 1; perBand >= 2; perBand--) {
    if (fitScale(best, room) >= READABLE_SCALE) {
      break;
    }
    const other = inBands(columns, heights, perBand);
    if (fitScale(other, room) > fitScale(best, room)) {
      best = other;
    }
  }
  return best;
}

function inBands(
  columns: TopologyNode[][],
  heights: Map<string, number>,
  perBand: number,
): PlacedColumns {
  const nodes = new Map<string, PlacedNode>();
  const gutters: number[] = [];
  let top = MARGIN;
  // What comes from another band has its words before the first column.
  const left = perBand < columns.length ? MARGIN + LABEL_WIDTH + 30 : MARGIN;
  for (let first = 0; first < columns.length; first += perBand) {
    const band = columns.slice(first, first + perBand);
    const height = Math.max(
      ...band.map(column => columnHeight(column, heights)),
    );
    for (const [index, column] of band.entries()) {
      let y = top + (height - columnHeight(column, heights)) / 2;
      for (const node of column) {
        const own = heights.get(node.id)!;
        nodes.set(node.id, {
          node,
          x: left + index * (NODE_WIDTH + ROOM_BETWEEN),
          y,
          height: own,
          band: gutters.length,
        });
        y += own + ROOM_BELOW;
      }
    }
    gutters.push(top + height + ROOM_BETWEEN_BANDS / 4);
    top += height + ROOM_BETWEEN_BANDS;
  }
  const widest = Math.min(columns.length, perBand);
  return {
    nodes,
    gutters,
    width: widest * (NODE_WIDTH + ROOM_BETWEEN) - ROOM_BETWEEN + left + MARGIN,
    height: top - ROOM_BETWEEN_BANDS + MARGIN,
  };
}

function columnHeight(
  column: TopologyNode[],
  heights: Map<string, number>,
): number {
  return (
    column.reduce((sum, { id }) => sum + heights.get(id)! + ROOM_BELOW, 0) -
    ROOM_BELOW
  );
}

import type { ScatterScale } from './scatterScale';
import type { TraceSelection } from './traceSelection';
import type { BrushBox } from './useBrush';

export const HEIGHT = 200;
export const LEFT = 56;
const BOTTOM = 22;
const INSET = 10;
/** A selection reaches this far beyond the middle of its outermost points. */
const MARGIN = 4;

/** Where traces lie in a scatter plot of one width, in pixels. */
export interface ScatterLayout {
  width: number;
  x(startMs: number): number;
  y(durationMs: number): number;
  /** The rectangle of a selection, inside the axes. */
  boxOf(selection: TraceSelection): BrushBox;
  /** What a rectangle selects. */
  selectionIn(box: BrushBox): TraceSelection;
}

function within(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

export function scatterLayout(
  scale: ScatterScale,
  width: number,
): ScatterLayout {
  const plotWidth = width - LEFT - 2 * INSET;
  const plotHeight = HEIGHT - BOTTOM - INSET;
  const x = (startMs: number) => LEFT + INSET + scale.x(startMs) * plotWidth;
  const y = (durationMs: number) =>
    HEIGHT - BOTTOM - scale.y(durationMs) * plotHeight;
  const startAt = (px: number) =>
    scale.startAt((px - LEFT - INSET) / plotWidth);
  const durationAt = (px: number) =>
    scale.durationAt((HEIGHT - BOTTOM - px) / plotHeight);
  return {
    width,
    x,
    y,
    boxOf: ({ fromMs, toMs, shortestMs, longestMs }) => ({
      left: within(x(fromMs) - MARGIN, LEFT, width),
      right: within(x(toMs) + MARGIN, LEFT, width),
      top: within(y(longestMs) - MARGIN, 0, HEIGHT - BOTTOM),
      bottom: within(y(shortestMs) + MARGIN, 0, HEIGHT - BOTTOM),
    }),
    selectionIn: ({ left, right, top, bottom }) => ({
      fromMs: startAt(left),
      toMs: startAt(right),
      shortestMs: durationAt(bottom),
      longestMs: durationAt(top),
    }),
  };
}

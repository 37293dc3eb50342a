import type { TraceSummary } from '@meshdeck/plugin-mesh-common';

/** A rectangle in the scatter: traces that started and took between these. */
export interface TraceSelection {
  fromMs: number;
  toMs: number;
  shortestMs: number;
  longestMs: number;
}

export function isSelected(
  { start, durationMs }: TraceSummary,
  selection: TraceSelection,
): boolean {
  const startMs = Date.parse(start);
  return (
    startMs >= selection.fromMs &&
    startMs <= selection.toMs &&
    durationMs >= selection.shortestMs &&
    durationMs <= selection.longestMs
  );
}

/** The smallest selection that holds all of these traces. */
export function selectionAround(traces: TraceSummary[]): TraceSelection {
  const starts = traces.map(({ start }) => Date.parse(start));
  const durations = traces.map(({ durationMs }) => durationMs);
  return {
    fromMs: Math.min(...starts),
    toMs: Math.max(...starts),
    shortestMs: Math.min(...durations),
    longestMs: Math.max(...durations),
  };
}

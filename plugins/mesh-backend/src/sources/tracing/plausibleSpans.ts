/** When something was, and how long it took, in microseconds. */
export interface Timed {
  /** Since 1970. */
  startUs: number;
  durationUs: number;
}

const EARLIEST_US = Date.UTC(2000, 0) * 1000;
const LATEST_US = Date.UTC(2100, 0) * 1000;
/** Nothing that is traced lasts longer. */
const LONGEST_US = 7 * 24 * 3_600_000_000;

/** Whether a clock that goes can have measured it. Anything may come from outside, text as well. */
export function isPlausible({ startUs, durationUs }: Timed): boolean {
  return (
    isBetween(startUs, EARLIEST_US, LATEST_US) &&
    isBetween(durationUs, 0, LONGEST_US)
  );
}

/** The spans of one trace that can be drawn together: one of another year would make all others invisible. */
export function plausibleSpans<T extends Timed>(spans: readonly T[]): T[] {
  const possible = spans.filter(isPlausible);
  const starts = possible.map(({ startUs }) => startUs).sort((a, b) => a - b);
  const middle = starts[Math.floor(starts.length / 2)];
  return possible.filter(
    ({ startUs }) => Math.abs(startUs - middle) <= LONGEST_US,
  );
}

function isBetween(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && value >= least && value <= most;
}

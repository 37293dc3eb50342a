import type { TraceSummary } from '@meshdeck/plugin-mesh-common';

/** Durations span decades, so their axis is logarithmic; it starts and ends at a tick. */
export interface ScatterScale {
  /** 0 at the left edge, 1 at the right. */
  x(startMs: number): number;
  /** 0 at the bottom, 1 at the top. */
  y(durationMs: number): number;
  /** The start at a place on the axis, the other way round. */
  startAt(x: number): number;
  durationAt(y: number): number;
  durationTicks: number[];
  from: number;
  to: number;
}

const STEPS = [1, 2, 5];
const SHORTEST_MS = 0.01;

function tickAtOrBelow(value: number): number {
  const decade = 10 ** Math.floor(Math.log10(value));
  const step = [...STEPS].reverse().find(each => each * decade <= value) ?? 1;
  return step * decade;
}

function nextTick(tick: number): number {
  const decade = 10 ** Math.floor(Math.log10(tick) + 1e-9);
  const step = Math.round(tick / decade);
  const next = STEPS[STEPS.indexOf(step) + 1];
  return next ? next * decade : 10 * decade;
}

export function scatterScale(traces: TraceSummary[]): ScatterScale {
  const starts = traces.map(({ start }) => Date.parse(start));
  const durations = traces.map(({ durationMs }) =>
    Math.max(SHORTEST_MS, durationMs),
  );
  const from = Math.min(...starts);
  const to = Math.max(...starts);
  const shortest = tickAtOrBelow(Math.min(...durations));
  const longest = Math.max(...durations);

  const ticks = [shortest];
  while (ticks[ticks.length - 1] < longest || ticks.length < 2) {
    ticks.push(nextTick(ticks[ticks.length - 1]));
  }
  const low = Math.log10(ticks[0]);
  const high = Math.log10(ticks[ticks.length - 1]);
  const everyNth = Math.ceil(ticks.length / 6);

  return {
    from,
    to,
    durationTicks: ticks.filter((_, index) => index % everyNth === 0),
    x: start => (to === from ? 0.5 : (start - from) / (to - from)),
    y: duration =>
      (Math.log10(Math.max(SHORTEST_MS, duration)) - low) / (high - low),
    startAt: x => from + x * (to - from),
    durationAt: y => 10 ** (low + y * (high - low)),
  };
}

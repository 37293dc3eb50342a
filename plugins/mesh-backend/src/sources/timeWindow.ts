import type { TimeWindow } from '@meshdeck/plugin-mesh-common';

const SECONDS: Record<TimeWindow, number> = {
  '1m': 60,
  '5m': 300,
  '15m': 900,
  '1h': 3600,
  '6h': 21_600,
  '24h': 86_400,
};

/** Points of a sparkline or a chart. */
export const CHART_POINTS = 60;

export function windowSeconds(window: TimeWindow): number {
  return SECONDS[window];
}

/** The longest of some intervals: a rate needs several scrapes whatever the step. */
export function rateWindow(
  window: TimeWindow,
  ...atLeast: readonly string[]
): string {
  const step = SECONDS[window] / CHART_POINTS;
  return `${Math.max(Math.ceil(step), ...atLeast.map(durationSeconds))}s`;
}

function durationSeconds(text: string): number {
  const units: Record<string, number> = { s: 1, m: 60, h: 3600 };
  return Number(text.slice(0, -1)) * units[text.slice(-1)];
}

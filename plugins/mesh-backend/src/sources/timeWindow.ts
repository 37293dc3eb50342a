import { parseDurationMs } from '@meshdeck/istio-config';
import type { TimeWindow } from '@meshdeck/plugin-mesh-common';

/** Points of a sparkline or a chart. */
export const CHART_POINTS = 60;

export function windowSeconds(window: TimeWindow): number {
  return seconds(window);
}

/** The longest of some intervals: a rate needs several scrapes whatever the step. */
export function rateWindow(
  window: TimeWindow,
  ...atLeast: readonly string[]
): string {
  const step = windowSeconds(window) / CHART_POINTS;
  return `${Math.max(Math.ceil(step), ...atLeast.map(seconds))}s`;
}

function seconds(duration: string): number {
  return (parseDurationMs(duration) ?? NaN) / 1000;
}

import type { ScrapeTimes } from '../ScrapeTimes';
import type { Series } from '../Series';

/** The samples of a series in a window, of which only the ends and the number matter for what grows evenly. */
interface Window {
  firstMs: number;
  lastMs: number;
  count: number;
}

/** The samples with `endMs - rangeMs < time <= endMs`: open on the left, as Prometheus 3 has it. */
function windowOf(
  series: Series,
  scrapes: ScrapeTimes,
  endMs: number,
  rangeMs: number,
): Window | undefined {
  const firstMs = Math.max(
    scrapes.after(endMs - rangeMs),
    scrapes.atOrAfter(series.fromMs),
  );
  const lastMs = scrapes.atOrBefore(endMs);
  const count = Math.round((lastMs - firstMs) / scrapes.intervalMs) + 1;
  return count >= 2 ? { firstMs, lastMs, count } : undefined;
}

export type RateFunction = 'rate' | 'increase' | 'irate';

/**
 * Prometheus' `rate`, `increase` and `irate`; the counters here never reset. `rate` and `increase` reach out to the
 * window's ends where samples come near them, and never below zero. Source: prometheus promql/functions.go,
 * extrapolatedRate.
 */
export function rateAt(
  name: RateFunction,
  series: Series,
  scrapes: ScrapeTimes,
  endMs: number,
  rangeMs: number,
): number | undefined {
  const window = windowOf(series, scrapes, endMs, rangeMs);
  if (!window) {
    return undefined;
  }
  const last = series.valueAt(window.lastMs);
  if (name === 'irate') {
    const before = series.valueAt(window.lastMs - scrapes.intervalMs);
    return ((last - before) * 1000) / scrapes.intervalMs;
  }
  const first = series.valueAt(window.firstMs);
  const growth = last - first;
  const sampledMs = window.lastMs - window.firstMs;
  const spacingMs = sampledMs / (window.count - 1);
  const nearMs = spacingMs * 1.1;
  let toStartMs = window.firstMs - (endMs - rangeMs);
  const toEndMs = endMs - window.lastMs;
  if (growth > 0 && first >= 0) {
    toStartMs = Math.min(toStartMs, sampledMs * (first / growth));
  }
  const reachedMs =
    sampledMs +
    (toStartMs < nearMs ? toStartMs : spacingMs / 2) +
    (toEndMs < nearMs ? toEndMs : spacingMs / 2);
  const increase = growth * (reachedMs / sampledMs);
  return name === 'rate' ? (increase * 1000) / rangeMs : increase;
}

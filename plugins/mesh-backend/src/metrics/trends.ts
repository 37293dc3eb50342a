import type { Figure } from '@meshdeck/plugin-mesh-common';
import { figure } from './figure';
import type { Series } from '../sources/prometheus/PrometheusSource';
import { isFailure } from './Traffic';

/** How the numbers of a service went over time, or of one of its versions. */
export interface Trend {
  requestsPerSecond: Figure;
  errorShare: Figure;
  p99Ms: Figure;
}

/** The trend of one version. */
export interface VersionTrend extends Trend {
  p50Ms: Figure;
}

export const DAY_SECONDS = 86_400;

/** A point of a day ago under the instant a day later. */
export function aDayLater({ labels, points }: Series): Series {
  return {
    labels,
    points: points.map(([at, value]) => [at + DAY_SECONDS, value]),
  };
}

export function trendOf(outcomes: Series[], p99: Series[]): Trend {
  return {
    requestsPerSecond: figure([...sumByInstant(outcomes).entries()]),
    errorShare: shareFigure(outcomes, labels =>
      isFailure({ code: labels.response_code ?? '0' }),
    ),
    p99Ms: figure(p99[0]?.points ?? []),
  };
}

export function shareFigure(
  series: Series[],
  picks: (labels: Record<string, string>) => boolean,
): Figure {
  const all = sumByInstant(series);
  const part = sumByInstant(series.filter(({ labels }) => picks(labels)));
  return figure(
    [...all.entries()]
      .filter(([, value]) => value > 0)
      .map(([at, value]) => [at, (part.get(at) ?? 0) / value]),
  );
}

function sumByInstant(series: Series[]): Map<number, number> {
  const sums = new Map<number, number>();
  for (const { points } of series) {
    for (const [at, value] of points) {
      sums.set(at, (sums.get(at) ?? 0) + value);
    }
  }
  return new Map([...sums.entries()].sort(([a], [b]) => a - b));
}

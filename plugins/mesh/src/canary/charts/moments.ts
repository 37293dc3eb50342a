import type { Point } from '../../view/charts/splitAtGaps';

type Series = { points: readonly Point[] };

/** The moment nearest to a time for which any series has a value; all in epoch seconds. */
export function nearestTime(
  lines: readonly Series[],
  time: number,
): number | undefined {
  const times = lines.flatMap(({ points }) => points.map(([at]) => at));
  return times.length
    ? times.reduce((best, at) =>
        Math.abs(at - time) < Math.abs(best - time) ? at : best,
      )
    : undefined;
}

/** What a series was at a moment. */
export function valueAt({ points }: Series, time: number): number | undefined {
  return points.find(([at]) => at === time)?.[1];
}

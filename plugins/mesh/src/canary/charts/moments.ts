import type { Point } from '../../view/charts/unbrokenRuns';

type Course = { points: readonly Point[] };

/** The moment nearest to a time for which any course has a value; all in epoch seconds. */
export function nearestTime(
  courses: readonly Course[],
  time: number,
): number | undefined {
  const times = courses.flatMap(({ points }) => points.map(([at]) => at));
  return times.length
    ? times.reduce((best, at) =>
        Math.abs(at - time) < Math.abs(best - time) ? at : best,
      )
    : undefined;
}

/** What a course was at a moment. */
export function valueAt({ points }: Course, time: number): number | undefined {
  return points.find(([at]) => at === time)?.[1];
}

/** Neighbours further apart than this many usual steps have a gap between them. */
const GAP_STEPS = 2.5;

/** A moment in epoch seconds and its value. */
export type Point = [number, number];

/** Cuts a time series where points are missing, so that no line is drawn over what is not known. */
export function splitAtGaps(points: Point[]): Point[][] {
  const steps = points
    .slice(1)
    .map(([time], index) => time - points[index][0])
    .sort((a, b) => a - b);
  const usual = steps[Math.floor(steps.length / 2)] ?? 0;
  const segments: Point[][] = [];
  points.forEach((point, index) => {
    const previous = points[index - 1];
    if (previous && point[0] - previous[0] <= usual * GAP_STEPS) {
      segments[segments.length - 1].push(point);
    } else {
      segments.push([point]);
    }
  });
  return segments;
}

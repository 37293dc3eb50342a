import type { Point } from './splitAtGaps';

/** Where a point lies in a drawing. */
export interface ChartScale {
  x(time: number): number;
  y(value: number): number;
}

/** Points as `points` of SVG has them. */
export function linePoints(segment: Point[], { x, y }: ChartScale): string {
  return segment
    .map(([time, value]) => `${x(time).toFixed(1)},${y(value).toFixed(1)}`)
    .join(' ');
}

/** A segment of a time series without gaps: a line, or a dot where it is a single point. */
export function LineSegment(props: {
  segment: Point[];
  scale: ChartScale;
  lineClass: string;
  dotClass: string;
}) {
  const { segment, scale, lineClass, dotClass } = props;
  const [[time, value]] = segment;
  return segment.length === 1 ? (
    <circle
      className={dotClass}
      cx={scale.x(time)}
      cy={scale.y(value)}
      r="1.5"
    />
  ) : (
    <polyline className={lineClass} points={linePoints(segment, scale)} />
  );
}

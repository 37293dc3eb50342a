import type { Point } from './unbrokenRuns';

/** Where a point lies in a drawing. */
export interface CourseScale {
  x(time: number): number;
  y(value: number): number;
}

/** Points as `points` of SVG has them. */
export function linePoints(run: Point[], { x, y }: CourseScale): string {
  return run
    .map(([time, value]) => `${x(time).toFixed(1)},${y(value).toFixed(1)}`)
    .join(' ');
}

/** An unbroken run of a course: a line, or a dot where it is a single point. */
export function CourseRun(props: {
  run: Point[];
  scale: CourseScale;
  lineClass: string;
  dotClass: string;
}) {
  const { run, scale, lineClass, dotClass } = props;
  const [[time, value]] = run;
  return run.length === 1 ? (
    <circle
      className={dotClass}
      cx={scale.x(time)}
      cy={scale.y(value)}
      r="1.5"
    />
  ) : (
    <polyline className={lineClass} points={linePoints(run, scale)} />
  );
}

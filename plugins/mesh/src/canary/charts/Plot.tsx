import type { PointerEvent } from 'react';
import { LineSegment } from '../../view/charts/LineSegment';
import { splitAtGaps, type Point } from '../../view/charts/splitAtGaps';
import { useWidth } from '../../view/charts/useWidth';
import { useFormat } from '../../translations/useFormat';
import { timeTicks, valueTicks } from './axisTicks';
import { nearestTime, valueAt } from './moments';
import { strokeOf } from './strokeOf';
import styles from './Plot.module.css';

const HEIGHT = 200;
const LEFT = 76;
const RIGHT = 12;
const TOP = 8;
const BOTTOM = 24;
/** So that times do not segment into each other. */
const LABEL_PX = 56;

/** The time series of one version. */
export interface Line {
  subset: string;
  points: Point[];
}

/** Lines over time, one for each version, and what they were at the moment that is pointed at. */
export function Plot(props: {
  lines: Line[];
  /** Epoch seconds. */
  span: [number, number];
  format: (value: number) => string;
  /** The smallest difference that the format shows. */
  finest: number;
  /** The axis reaches at least this far. */
  reaches?: number;
  /** Epoch seconds. */
  pointedAt: number | undefined;
  onPoint: (time: number | undefined) => void;
}) {
  const {
    lines,
    span,
    format,
    finest,
    reaches = 0,
    pointedAt,
    onPoint,
  } = props;
  const { clock } = useFormat();
  const [box, width] = useWidth(480);
  const [from, to] = span;
  const plotWidth = width - LEFT - RIGHT;
  const plotHeight = HEIGHT - TOP - BOTTOM;
  const highest = Math.max(
    reaches,
    ...lines.flatMap(({ points }) => points.map(([, value]) => value)),
  );
  const ticks = valueTicks(highest, finest);
  const top = ticks[ticks.length - 1];
  const x = (time: number) =>
    LEFT + ((time - from) / (to - from || 1)) * plotWidth;
  const y = (value: number) => TOP + (1 - value / top) * plotHeight;
  const short = (time: number) => clock(time * 1000).slice(0, 5);

  const times = timeTicks(span);
  const every = Math.ceil((times.length * LABEL_PX) / Math.max(plotWidth, 1));

  const point = (event: PointerEvent<SVGSVGElement>) => {
    const { left } = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - left - LEFT) / plotWidth;
    onPoint(nearestTime(lines, from + share * (to - from)));
  };

  return (
    <div className={styles.plot} ref={box}>
      <svg
        width={width}
        height={HEIGHT}
        onPointerMove={point}
        onPointerDown={point}
        onPointerLeave={() => onPoint(undefined)}
      >
        {ticks.map(tick => (
          <g key={tick}>
            <line
              className={styles.grid}
              x1={LEFT}
              x2={width - RIGHT}
              y1={y(tick)}
              y2={y(tick)}
            />
            <text className={styles.value} x={LEFT - 8} y={y(tick)}>
              {format(tick)}
            </text>
          </g>
        ))}
        {times
          .filter((_, index) => index % every === 0)
          .map(time => (
            <text key={time} className={styles.time} x={x(time)} y={HEIGHT - 6}>
              {short(time)}
            </text>
          ))}
        {lines.map(({ subset, points }, index) => (
          <g key={subset} data-version={subset} {...strokeOf(index)}>
            {splitAtGaps(points).map(segment => (
              <LineSegment
                key={segment[0][0]}
                segment={segment}
                scale={{ x, y }}
                lineClass={styles.line}
                dotClass={styles.dot}
              />
            ))}
          </g>
        ))}
        {pointedAt !== undefined && (
          <line
            className={styles.pointer}
            x1={x(pointedAt)}
            x2={x(pointedAt)}
            y1={TOP}
            y2={HEIGHT - BOTTOM}
          />
        )}
      </svg>
      {pointedAt !== undefined && (
        <div
          className={styles.readout}
          data-side={x(pointedAt) > LEFT + plotWidth / 2 ? 'left' : 'right'}
          style={{ left: x(pointedAt) }}
        >
          <span>{clock(pointedAt * 1000)}</span>
          {lines.map(line => {
            const value = valueAt(line, pointedAt);
            return (
              <span key={line.subset}>
                {line.subset}: {value === undefined ? '–' : format(value)}
              </span>
            );
          })}
        </div>
      )}
    </div>
  );
}

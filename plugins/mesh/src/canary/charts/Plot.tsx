import type { PointerEvent } from 'react';
import { LineSegment, type ChartScale } from '../../view/charts/LineSegment';
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

/** Where times and values lie, in pixels. */
interface PlotScale extends ChartScale {
  width: number;
  plotWidth: number;
  /** The time at a distance from the left edge. */
  timeAt(px: number): number;
}

function plotScale(
  [from, to]: [number, number],
  top: number,
  width: number,
): PlotScale {
  const plotWidth = width - LEFT - RIGHT;
  const plotHeight = HEIGHT - TOP - BOTTOM;
  return {
    width,
    plotWidth,
    x: time => LEFT + ((time - from) / (to - from || 1)) * plotWidth,
    y: value => TOP + (1 - value / top) * plotHeight,
    timeAt: px => from + ((px - LEFT) / plotWidth) * (to - from),
  };
}

function ValueAxis(props: {
  ticks: number[];
  scale: PlotScale;
  format: (value: number) => string;
}) {
  const { ticks, scale, format } = props;
  return (
    <>
      {ticks.map(tick => (
        <g key={tick}>
          <line
            className={styles.grid}
            x1={LEFT}
            x2={scale.width - RIGHT}
            y1={scale.y(tick)}
            y2={scale.y(tick)}
          />
          <text className={styles.value} x={LEFT - 8} y={scale.y(tick)}>
            {format(tick)}
          </text>
        </g>
      ))}
    </>
  );
}

function TimeAxis(props: { span: [number, number]; scale: PlotScale }) {
  const { span, scale } = props;
  const { clock } = useFormat();
  const times = timeTicks(span);
  const every = Math.ceil(
    (times.length * LABEL_PX) / Math.max(scale.plotWidth, 1),
  );
  return (
    <>
      {times
        .filter((_, index) => index % every === 0)
        .map(time => (
          <text
            key={time}
            className={styles.time}
            x={scale.x(time)}
            y={HEIGHT - 6}
          >
            {clock(time * 1000).slice(0, 5)}
          </text>
        ))}
    </>
  );
}

function LineDrawing(props: { line: Line; index: number; scale: PlotScale }) {
  const { line, index, scale } = props;
  return (
    <g data-version={line.subset} {...strokeOf(index)}>
      {splitAtGaps(line.points).map(segment => (
        <LineSegment
          key={segment[0][0]}
          segment={segment}
          scale={scale}
          lineClass={styles.line}
          dotClass={styles.dot}
        />
      ))}
    </g>
  );
}

function Pointer(props: { x: number }) {
  const { x } = props;
  return (
    <line
      className={styles.pointer}
      x1={x}
      x2={x}
      y1={TOP}
      y2={HEIGHT - BOTTOM}
    />
  );
}

/** What the lines were at the moment that is pointed at. */
function Readout(props: {
  lines: Line[];
  time: number;
  scale: PlotScale;
  format: (value: number) => string;
}) {
  const { lines, time, scale, format } = props;
  const { clock } = useFormat();
  const left = scale.x(time);
  return (
    <div
      className={styles.readout}
      data-side={left > LEFT + scale.plotWidth / 2 ? 'left' : 'right'}
      style={{ left }}
    >
      <span>{clock(time * 1000)}</span>
      {lines.map(line => {
        const value = valueAt(line, time);
        return (
          <span key={line.subset}>
            {line.subset}: {value === undefined ? '–' : format(value)}
          </span>
        );
      })}
    </div>
  );
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
  const { lines, span, format, finest, reaches = 0 } = props;
  const { pointedAt, onPoint } = props;
  const [box, width] = useWidth(480);
  const highest = Math.max(
    reaches,
    ...lines.flatMap(({ points }) => points.map(([, value]) => value)),
  );
  const ticks = valueTicks(highest, finest);
  const scale = plotScale(span, ticks[ticks.length - 1], width);
  const point = (event: PointerEvent<SVGSVGElement>) => {
    const { left } = event.currentTarget.getBoundingClientRect();
    onPoint(nearestTime(lines, scale.timeAt(event.clientX - left)));
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
        <ValueAxis ticks={ticks} scale={scale} format={format} />
        <TimeAxis span={span} scale={scale} />
        {lines.map((line, index) => (
          <LineDrawing
            key={line.subset}
            line={line}
            index={index}
            scale={scale}
          />
        ))}
        {pointedAt !== undefined && <Pointer x={scale.x(pointedAt)} />}
      </svg>
      {pointedAt !== undefined && (
        <Readout lines={lines} time={pointedAt} scale={scale} format={format} />
      )}
    </div>
  );
}

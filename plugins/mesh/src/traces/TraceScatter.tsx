import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { TraceSummary } from '@meshdeck/plugin-mesh-common';
import { formatClock, formatMs } from '../format';
import { scatterScale } from './scatterScale';
import { useWidth } from './useWidth';
import styles from './TracesTab.module.css';

const HEIGHT = 200;
const LEFT = 56;
const BOTTOM = 22;
const INSET = 10;
/** A cross lying on its side, as wide as the circle of the others. */
const CROSS =
  'M-5,-3 L-3,-5 L0,-2 L3,-5 L5,-3 L2,0 L5,3 L3,5 L0,2 L-3,5 L-5,3 L-2,0 Z';

const STEP_OF_KEY: Record<string, number | undefined> = {
  ArrowRight: 1,
  ArrowUp: 1,
  ArrowLeft: -1,
  ArrowDown: -1,
};

/** Traces by time and duration; a circle went well, a cross failed. */
export function TraceScatter(props: {
  traces: TraceSummary[];
  onSelect: (traceId: string) => void;
}) {
  const { traces, onSelect } = props;
  const [box, width] = useWidth(720);
  const [active, setActive] = useState(0);
  const points = useRef(new Map<number, SVGGElement>());

  const inTime = useMemo(
    () => [...traces].sort((a, b) => Date.parse(a.start) - Date.parse(b.start)),
    [traces],
  );
  const scale = useMemo(() => scatterScale(inTime), [inTime]);
  const focusable = Math.min(active, inTime.length - 1);
  const x = (start: string) =>
    LEFT + INSET + scale.x(Date.parse(start)) * (width - LEFT - 2 * INSET);
  const y = (duration: number) =>
    HEIGHT - BOTTOM - scale.y(duration) * (HEIGHT - BOTTOM - INSET);

  const onKeyDown = (event: KeyboardEvent, index: number) => {
    const step = STEP_OF_KEY[event.key];
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      onSelect(inTime[index].traceId);
    } else if (step) {
      event.preventDefault();
      const next = Math.min(inTime.length - 1, Math.max(0, index + step));
      setActive(next);
      points.current.get(next)?.focus();
    }
  };

  return (
    <div className={styles.scatter} ref={box}>
      <svg
        width={width}
        height={HEIGHT}
        role="group"
        aria-label="Traces by time and duration. Arrow keys go from trace to trace, Enter opens one."
      >
        {scale.durationTicks.map(tick => (
          <g key={tick} aria-hidden>
            <line
              className={styles.gridLine}
              x1={LEFT}
              x2={width}
              y1={y(tick)}
              y2={y(tick)}
            />
            <text
              className={styles.axis}
              x={LEFT - 8}
              y={y(tick) + 4}
              textAnchor="end"
            >
              {formatMs(tick)}
            </text>
          </g>
        ))}
        <g aria-hidden className={styles.axis}>
          <text x={LEFT} y={HEIGHT - 4}>
            {formatClock(scale.from)}
          </text>
          <text x={width} y={HEIGHT - 4} textAnchor="end">
            {formatClock(scale.to)}
          </text>
        </g>
        {inTime.map((trace, index) => (
          <g
            key={trace.traceId}
            ref={element => {
              if (element) points.current.set(index, element);
              else points.current.delete(index);
            }}
            className={styles.point}
            transform={`translate(${x(trace.start)},${y(trace.durationMs)})`}
            role="button"
            tabIndex={index === focusable ? 0 : -1}
            aria-label={`${trace.operation}, ${formatMs(trace.durationMs)}, ${
              trace.outcome
            }, ${formatClock(trace.start)}`}
            onClick={() => onSelect(trace.traceId)}
            onFocus={() => setActive(index)}
            onKeyDown={event => onKeyDown(event, index)}
          >
            <title>{`${trace.operation}, ${formatMs(trace.durationMs)}, ${
              trace.outcome
            }`}</title>
            <circle className={styles.hit} r="9" />
            {trace.outcome === 'ok' ? <circle r="4" /> : <path d={CROSS} />}
            <circle className={styles.ring} r="7" />
          </g>
        ))}
      </svg>
      <ul className={styles.key} aria-hidden>
        <li>
          <svg width="10" height="10" viewBox="-5 -5 10 10">
            <circle r="4" />
          </svg>
          ok
        </li>
        <li>
          <svg width="10" height="10" viewBox="-5 -5 10 10">
            <path d={CROSS} />
          </svg>
          error
        </li>
        <li>duration on a logarithmic axis</li>
      </ul>
    </div>
  );
}

import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { TraceSummary } from '@meshdeck/plugin-mesh-common';
import { useFormat } from '../../translations/useFormat';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import { scatterScale } from './scatterScale';
import { selectionAround, type TraceSelection } from './traceSelection';
import { useBrush } from './useBrush';
import { useWidth } from '../../view/charts/useWidth';
import styles from '../TracesTab.module.css';

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
  selection: TraceSelection | undefined;
  onSelect: (traceId: string) => void;
  /** Several at once, with the mouse or with Shift and the arrow keys. */
  onSelectMany: (selection: TraceSelection | undefined) => void;
}) {
  const { traces, selection, onSelect, onSelectMany } = props;
  const { t } = useMeshTranslation();
  const format = useFormat();
  const [box, width] = useWidth(720);
  const [active, setActive] = useState(0);
  const points = useRef(new Map<number, SVGGElement>());
  /** Where a selection by keyboard began. */
  const anchor = useRef<number>();

  const inTime = useMemo(
    () => [...traces].sort((a, b) => Date.parse(a.start) - Date.parse(b.start)),
    [traces],
  );
  const scale = useMemo(() => scatterScale(inTime), [inTime]);
  const focusable = Math.min(active, inTime.length - 1);
  const plotWidth = width - LEFT - 2 * INSET;
  const plotHeight = HEIGHT - BOTTOM - INSET;
  const x = (start: string) =>
    LEFT + INSET + scale.x(Date.parse(start)) * plotWidth;
  const y = (duration: number) =>
    HEIGHT - BOTTOM - scale.y(duration) * plotHeight;

  const { drawn, handlers } = useBrush(({ left, right, top, bottom }) =>
    onSelectMany({
      fromMs: scale.startAt((left - LEFT - INSET) / plotWidth),
      toMs: scale.startAt((right - LEFT - INSET) / plotWidth),
      shortestMs: scale.durationAt((HEIGHT - BOTTOM - bottom) / plotHeight),
      longestMs: scale.durationAt((HEIGHT - BOTTOM - top) / plotHeight),
    }),
  );
  const chosen = drawn ?? (selection && boxOf(selection));

  function boxOf(of: TraceSelection) {
    const xOf = (startMs: number) =>
      LEFT + INSET + scale.x(startMs) * plotWidth;
    const within = (value: number, low: number, high: number) =>
      Math.min(high, Math.max(low, value));
    return {
      left: within(xOf(of.fromMs) - 4, LEFT, width),
      right: within(xOf(of.toMs) + 4, LEFT, width),
      top: within(y(of.longestMs) - 4, 0, HEIGHT - BOTTOM),
      bottom: within(y(of.shortestMs) + 4, 0, HEIGHT - BOTTOM),
    };
  }

  const onKeyDown = (event: KeyboardEvent, index: number) => {
    const step = STEP_OF_KEY[event.key];
    if (event.key === 'Escape' && selection) {
      event.stopPropagation();
      anchor.current = undefined;
      onSelectMany(undefined);
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      onSelect(inTime[index].traceId);
    } else if (step) {
      event.preventDefault();
      const next = Math.min(inTime.length - 1, Math.max(0, index + step));
      setActive(next);
      points.current.get(next)?.focus();
      if (event.shiftKey) {
        anchor.current ??= index;
        onSelectMany(
          selectionAround(
            inTime.slice(
              Math.min(anchor.current, next),
              Math.max(anchor.current, next) + 1,
            ),
          ),
        );
      } else {
        anchor.current = undefined;
      }
    }
  };

  return (
    <div className={styles.scatter} ref={box}>
      <svg
        width={width}
        height={HEIGHT}
        role="group"
        aria-label={t('scatter.label')}
        {...handlers}
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
              {format.ms(tick)}
            </text>
          </g>
        ))}
        <g aria-hidden className={styles.axis}>
          <text x={LEFT} y={HEIGHT - 4}>
            {format.clock(scale.from)}
          </text>
          <text x={width} y={HEIGHT - 4} textAnchor="end">
            {format.clock(scale.to)}
          </text>
        </g>
        {chosen && (
          <rect
            className={styles.brush}
            x={chosen.left}
            y={chosen.top}
            width={chosen.right - chosen.left}
            height={chosen.bottom - chosen.top}
            aria-hidden
          />
        )}
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
            aria-label={t('scatter.point', {
              operation: trace.operation,
              duration: format.ms(trace.durationMs),
              outcome: t(`traces.${trace.outcome}`),
              time: format.clock(trace.start),
            })}
            onClick={() => onSelect(trace.traceId)}
            onFocus={() => setActive(index)}
            onKeyDown={event => onKeyDown(event, index)}
          >
            <title>{`${trace.operation}, ${format.ms(trace.durationMs)}, ${t(
              `traces.${trace.outcome}`,
            )}`}</title>
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
          {t('traces.ok')}
        </li>
        <li>
          <svg width="10" height="10" viewBox="-5 -5 10 10">
            <path d={CROSS} />
          </svg>
          {t('traces.error')}
        </li>
        <li>{t('scatter.logarithmic')}</li>
        <li>{t('scatter.drag')}</li>
      </ul>
    </div>
  );
}

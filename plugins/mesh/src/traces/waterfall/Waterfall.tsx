import {
  useCallback,
  useId,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
} from 'react';
import type { TraceSpan, TraceView } from '@meshdeck/plugin-mesh-common';
import { useFormat } from '../../translations/useFormat';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import { SpanBar } from './SpanBar';
import { spanRows, unfolded } from './spanRows';
import styles from './Waterfall.module.css';

export const ROW_HEIGHT = 28;
const MAX_HEIGHT = 560;
/** Rows kept ready above and below what is seen. */
const SPARE_ROWS = 8;
const RULER = [0, 0.25, 0.5, 0.75, 1];

/** A trace as bars over time. Only the visible rows are in the page, so that ten thousand spans scroll. */
export function Waterfall(props: {
  trace: TraceView;
  onOpen: (span: TraceSpan) => void;
}) {
  const { trace, onOpen } = props;
  const { t } = useMeshTranslation();
  const format = useFormat();
  // The first visible row: between two rows there is nothing to draw again.
  const [topRow, setTopRow] = useState(0);
  const [active, setActive] = useState(0);
  const [folded, setFolded] = useState(() => new Set<string>());
  const box = useRef<HTMLDivElement>(null);
  const id = useId();

  const all = useMemo(() => spanRows(trace.spans), [trace.spans]);
  const rows = useMemo(() => unfolded(all, folded), [all, folded]);
  const durationMs = Math.max(
    trace.durationMs,
    ...trace.spans.slice(0, 1).map(span => span.durationMs),
    0.001,
  );
  const height = Math.min(MAX_HEIGHT, rows.length * ROW_HEIGHT);
  const visibleRows = Math.ceil(height / ROW_HEIGHT) + 1;
  const first = Math.max(0, topRow - SPARE_ROWS);
  const last = Math.min(rows.length, topRow + visibleRows + SPARE_ROWS);
  const places = visibleRows + 2 * SPARE_ROWS;
  const current = Math.min(active, rows.length - 1);

  const fold = useCallback(
    (spanId: string, isFolded: boolean) =>
      setFolded(previous => {
        const next = new Set(previous);
        if (isFolded) next.add(spanId);
        else next.delete(spanId);
        return next;
      }),
    [],
  );

  /** One listener for all rows: they come and go while one scrolls. */
  const onClick = (event: MouseEvent) => {
    const row = (event.target as Element).closest('[role=row]');
    const index = Number(row?.getAttribute('aria-rowindex')) - 1;
    if (!rows[index]) return;
    setActive(index);
    // A row may be gone when one comes back; the grid stays.
    box.current?.focus();
    onOpen(rows[index].span);
  };

  const scrolledTo = (scrollTop: number) =>
    setTopRow(Math.floor(scrollTop / ROW_HEIGHT));

  const goTo = (index: number) => {
    const next = Math.min(rows.length - 1, Math.max(0, index));
    setActive(next);
    const top = next * ROW_HEIGHT;
    const element = box.current;
    if (!element) return;
    let target = element.scrollTop;
    if (top < target) target = top;
    if (top + ROW_HEIGHT > target + height) target = top + ROW_HEIGHT - height;
    element.scrollTop = target;
    scrolledTo(target);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const { span } = rows[current];
    const page = Math.max(1, Math.floor(height / ROW_HEIGHT) - 1);
    const actions: Record<string, (() => void) | undefined> = {
      ArrowDown: () => goTo(current + 1),
      ArrowUp: () => goTo(current - 1),
      PageDown: () => goTo(current + page),
      PageUp: () => goTo(current - page),
      Home: () => goTo(0),
      End: () => goTo(rows.length - 1),
      ArrowLeft: () => fold(span.spanId, true),
      ArrowRight: () => fold(span.spanId, false),
      Enter: () => onOpen(span),
      ' ': () => onOpen(span),
    };
    const action = actions[event.key];
    if (action) {
      event.preventDefault();
      action();
    }
  };

  return (
    <div className={styles.waterfall}>
      <div className={styles.ruler} aria-hidden>
        <span>{t('waterfall.name')}</span>
        <div className={styles.marks}>
          {RULER.map(mark => (
            <span key={mark} style={{ left: `${mark * 100}%` }}>
              {format.ms(mark * durationMs)}
            </span>
          ))}
        </div>
        <span className={styles.duration}>{t('traces.duration')}</span>
      </div>
      <div
        ref={box}
        className={styles.rows}
        style={{ height }}
        role="treegrid"
        aria-label={t('waterfall.label')}
        aria-rowcount={rows.length}
        aria-activedescendant={`${id}-${current}`}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onClick={onClick}
        onScroll={event => scrolledTo(event.currentTarget.scrollTop)}
      >
        <div
          className={styles.canvas}
          style={{ height: rows.length * ROW_HEIGHT }}
          role="rowgroup"
        >
          {rows.slice(first, last).map((row, offset) => {
            const index = first + offset;
            return (
              <SpanBar
                // A row that scrolled away is reused: making another one takes longer.
                key={index % places}
                id={`${id}-${index}`}
                row={row}
                position={index}
                top={index * ROW_HEIGHT}
                traceMs={durationMs}
                isActive={index === current}
                isFolded={folded.has(row.span.spanId)}
                t={t}
                format={format}
                onFold={fold}
              />
            );
          })}
        </div>
      </div>
      <p className={styles.legend}>{t('waterfall.legend')}</p>
    </div>
  );
}

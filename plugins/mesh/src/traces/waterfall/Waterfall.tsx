import { useId, useState, type KeyboardEvent, type MouseEvent } from 'react';
import type { TraceSpan, TraceView } from '@meshdeck/plugin-mesh-common';
import { useFormat } from '../../translations/useFormat';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import { Ruler } from './Ruler';
import { SpanBar } from './SpanBar';
import { useFolding } from './useFolding';
import { ROW_HEIGHT, useVirtualRows } from './useVirtualRows';
import styles from './Waterfall.module.css';

type WaterfallState = ReturnType<typeof useWaterfall>;

/** How a trace is drawn, so that no time is divided by nothing. */
function drawnMs(trace: TraceView): number {
  const [root] = trace.spans;
  return Math.max(trace.durationMs, root?.durationMs ?? 0, 0.001);
}

/** Folding, scrolling and the one row that the keyboard is on. */
function useWaterfall(trace: TraceView, onOpen: (span: TraceSpan) => void) {
  const { rows, folded, fold } = useFolding(trace.spans);
  const scroll = useVirtualRows(rows.length);
  const [active, setActive] = useState(0);
  const current = Math.min(active, rows.length - 1);

  const goTo = (index: number) => {
    const next = Math.min(rows.length - 1, Math.max(0, index));
    setActive(next);
    scroll.scrollIntoView(next);
  };

  /** One listener for all rows: they come and go while one scrolls. */
  const onClick = (event: MouseEvent) => {
    const row = (event.target as Element).closest('[role=row]');
    const index = Number(row?.getAttribute('aria-rowindex')) - 1;
    if (!rows[index]) return;
    setActive(index);
    // A row may be gone when one comes back; the grid stays.
    scroll.box.current?.focus();
    onOpen(rows[index].span);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const { span } = rows[current];
    const actions: Record<string, (() => void) | undefined> = {
      ArrowDown: () => goTo(current + 1),
      ArrowUp: () => goTo(current - 1),
      PageDown: () => goTo(current + scroll.rowsPerPage),
      PageUp: () => goTo(current - scroll.rowsPerPage),
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

  return { rows, folded, fold, scroll, current, onClick, onKeyDown };
}

function VisibleRows(props: {
  of: WaterfallState;
  id: string;
  traceMs: number;
}) {
  const { of: waterfall, id, traceMs } = props;
  const { rows, folded, fold, scroll, current } = waterfall;
  const { first, last, places } = scroll;
  const { t } = useMeshTranslation();
  const format = useFormat();
  const visible = rows.slice(first, last).map((row, offset) => {
    const index = first + offset;
    return (
      <SpanBar
        // A row that scrolled away is reused: making another one takes longer.
        key={index % places}
        id={`${id}-${index}`}
        row={row}
        position={index}
        top={index * ROW_HEIGHT}
        traceMs={traceMs}
        isActive={index === current}
        isFolded={folded.has(row.span.spanId)}
        t={t}
        format={format}
        onFold={fold}
      />
    );
  });
  return <>{visible}</>;
}

/** A trace as bars over time. Only the visible rows are in the page, so that ten thousand spans scroll. */
export function Waterfall(props: {
  trace: TraceView;
  onOpen: (span: TraceSpan) => void;
}) {
  const { trace, onOpen } = props;
  const { t } = useMeshTranslation();
  const id = useId();
  const waterfall = useWaterfall(trace, onOpen);
  const { rows, scroll } = waterfall;
  const traceMs = drawnMs(trace);

  return (
    <div className={styles.waterfall}>
      <Ruler durationMs={traceMs} />
      <div
        ref={scroll.box}
        className={styles.rows}
        style={{ height: scroll.height }}
        role="treegrid"
        aria-label={t('waterfall.label')}
        aria-rowcount={rows.length}
        aria-activedescendant={`${id}-${waterfall.current}`}
        tabIndex={0}
        onKeyDown={waterfall.onKeyDown}
        onClick={waterfall.onClick}
        onScroll={event => scroll.scrolledTo(event.currentTarget.scrollTop)}
      >
        <div
          className={styles.canvas}
          style={{ height: rows.length * ROW_HEIGHT }}
          role="rowgroup"
        >
          <VisibleRows of={waterfall} id={id} traceMs={traceMs} />
        </div>
      </div>
      <p className={styles.legend}>{t('waterfall.legend')}</p>
    </div>
  );
}

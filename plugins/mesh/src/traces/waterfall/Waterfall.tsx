import { useId } from 'react';
import type { TraceSpan, TraceView } from '@meshdeck/plugin-mesh-common';
import { useFormat } from '../../translations/useFormat';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import { Ruler } from './Ruler';
import { SpanBar } from './SpanBar';
import { SpanSearch } from './SpanSearch';
import { ROW_HEIGHT } from './useVirtualRows';
import { useWaterfall } from './useWaterfall';
import styles from './Waterfall.module.css';

type WaterfallState = ReturnType<typeof useWaterfall>;

/** How a trace is drawn, so that no time is divided by nothing. */
function drawnMs(trace: TraceView): number {
  const [root] = trace.spans;
  return Math.max(trace.durationMs, root?.durationMs ?? 0, 0.001);
}

function VisibleRows(props: {
  of: WaterfallState;
  id: string;
  namespace: string;
  traceMs: number;
}) {
  const { of: waterfall, id, namespace, traceMs } = props;
  const { rows, isFolded, fold, search, scroll, current } = waterfall;
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
        namespace={namespace}
        position={index}
        top={index * ROW_HEIGHT}
        traceMs={traceMs}
        isActive={index === current}
        isFolded={isFolded(row)}
        isMatch={search.isMatch(row)}
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
  /** Of the page. */
  namespace: string;
  onOpen: (span: TraceSpan) => void;
}) {
  const { trace, namespace } = props;
  const { t } = useMeshTranslation();
  const id = useId();
  const waterfall = useWaterfall(props);
  const { rows, scroll } = waterfall;
  const traceMs = drawnMs(trace);

  return (
    <div className={styles.waterfall}>
      <SpanSearch of={waterfall.search} />
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
          <VisibleRows
            of={waterfall}
            id={id}
            namespace={namespace}
            traceMs={traceMs}
          />
        </div>
      </div>
      <p className={styles.legend}>
        {t('waterfall.legend')}
        {trace.failure && ` ${t('waterfall.failureLegend')}`}
      </p>
    </div>
  );
}

import { useMemo } from 'react';
import type { TraceSummary } from '@meshdeck/plugin-mesh-common';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import { useWidth } from '../../view/charts/useWidth';
import { ScatterAxes } from './ScatterAxes';
import { HEIGHT, scatterLayout } from './scatterLayout';
import { ScatterKey, ScatterPoint } from './ScatterPoint';
import { scatterScale } from './scatterScale';
import type { TraceSelection } from './traceSelection';
import { useBrush, type BrushBox } from './useBrush';
import { useScatterKeys } from './useScatterKeys';
import styles from '../TracesTab.module.css';

function SelectionBox(props: { box: BrushBox }) {
  const { left, top, right, bottom } = props.box;
  return (
    <rect
      className={styles.brush}
      x={left}
      y={top}
      width={right - left}
      height={bottom - top}
      aria-hidden
    />
  );
}

/** Traces by time and duration; a circle went well, a cross failed. */
export function TraceScatter(props: {
  traces: TraceSummary[];
  namespace: string;
  selection: TraceSelection | undefined;
  onSelect: (traceId: string) => void;
  /** Several at once, with the mouse or with Shift and the arrow keys. */
  onSelectMany: (selection: TraceSelection | undefined) => void;
}) {
  const { namespace, selection, onSelect, onSelectMany } = props;
  const { t } = useMeshTranslation();
  const [box, width] = useWidth(720);

  const traces = useMemo(
    () =>
      [...props.traces].sort(
        (a, b) => Date.parse(a.start) - Date.parse(b.start),
      ),
    [props.traces],
  );
  const scale = useMemo(() => scatterScale(traces), [traces]);
  const layout = scatterLayout(scale, width);
  const { drawn, handlers } = useBrush(brushed =>
    onSelectMany(layout.selectionIn(brushed)),
  );
  const chosen = drawn ?? (selection && layout.boxOf(selection));
  const keys = useScatterKeys({
    traces,
    selection,
    onOpen: onSelect,
    onSelectMany,
  });

  return (
    <div className={styles.scatter} ref={box}>
      <svg
        width={width}
        height={HEIGHT}
        role="group"
        aria-label={t('scatter.label')}
        {...handlers}
      >
        <ScatterAxes scale={scale} layout={layout} />
        {chosen && <SelectionBox box={chosen} />}
        {traces.map((trace, index) => (
          <ScatterPoint
            key={trace.traceId}
            trace={trace}
            namespace={namespace}
            layout={layout}
            isFocusable={index === keys.focusable}
            onOpen={() => onSelect(trace.traceId)}
            {...keys.pointProps(index)}
          />
        ))}
      </svg>
      <ScatterKey />
    </div>
  );
}

import type { KeyboardEvent } from 'react';
import type { TraceSummary } from '@meshdeck/plugin-mesh-common';
import { useFormat } from '../../translations/useFormat';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import { requestWords } from '../requestWords';
import type { ScatterLayout } from './scatterLayout';
import styles from '../TracesTab.module.css';

/** A cross lying on its side, as wide as the circle of the others. */
const CROSS =
  'M-5,-3 L-3,-5 L0,-2 L3,-5 L5,-3 L2,0 L5,3 L3,5 L0,2 L-3,5 L-5,3 L-2,0 Z';

/** One trace: a circle where it went well, a cross where it failed. */
export function ScatterPoint(props: {
  trace: TraceSummary;
  namespace: string;
  layout: ScatterLayout;
  isFocusable: boolean;
  pointRef: (element: SVGGElement | null) => void;
  onOpen: () => void;
  onFocus: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
}) {
  const { trace, namespace, layout, isFocusable, pointRef } = props;
  const { onOpen, onFocus, onKeyDown } = props;
  const { t } = useMeshTranslation();
  const format = useFormat();
  const duration = format.ms(trace.durationMs);
  const operation = requestWords(trace, namespace);
  const outcome = t(`traces.${trace.outcome}`);
  const x = layout.x(Date.parse(trace.start));
  return (
    <g
      ref={pointRef}
      className={styles.point}
      transform={`translate(${x},${layout.y(trace.durationMs)})`}
      role="button"
      tabIndex={isFocusable ? 0 : -1}
      aria-label={t('scatter.point', {
        operation,
        duration,
        outcome,
        time: format.clock(trace.start),
      })}
      onClick={onOpen}
      onFocus={onFocus}
      onKeyDown={onKeyDown}
    >
      <title>{`${operation}, ${duration}, ${outcome}`}</title>
      <circle className={styles.hit} r="9" />
      {trace.outcome === 'ok' ? <circle r="4" /> : <path d={CROSS} />}
      <circle className={styles.ring} r="7" />
    </g>
  );
}

/** What the shapes and the axis mean. */
export function ScatterKey() {
  const { t } = useMeshTranslation();
  return (
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
  );
}

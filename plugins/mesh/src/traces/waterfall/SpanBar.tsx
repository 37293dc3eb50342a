import { memo } from 'react';
import {
  RiArrowDownSLine,
  RiArrowRightSLine,
  RiCloseCircleFill,
} from '@remixicon/react';
import type { Format } from '../../format';
import type { Translate } from '../../translations/useMeshTranslation';
import type { SpanRow } from './spanRows';
import styles from './Waterfall.module.css';

const INDENT_PX = 12;
const DEEPEST_INDENT = 8;

function Bar(props: {
  id: string;
  row: SpanRow;
  position: number;
  top: number;
  traceMs: number;
  isActive: boolean;
  isFolded: boolean;
  /** The words of the page: looked up once, not by each row that scrolls into view. */
  t: Translate;
  format: Format;
  onFold: (spanId: string, isFolded: boolean) => void;
}) {
  const { id, row, position, top, traceMs, isActive, isFolded } = props;
  const { t, format, onFold } = props;
  const { span, depth, below } = row;
  const left = Math.min(100, Math.max(0, (span.startMs / traceMs) * 100));
  const width = Math.max(
    0.2,
    Math.min(100 - left, (span.durationMs / traceMs) * 100),
  );
  const Chevron = isFolded ? RiArrowRightSLine : RiArrowDownSLine;
  const name = [
    span.service,
    span.operation,
    format.ms(span.durationMs),
    span.error && t('waterfall.error'),
    span.critical && t('waterfall.critical'),
  ]
    .filter(Boolean)
    .join(', ');

  return (
    <div
      id={id}
      className={`${styles.row} ${isActive ? styles.active : ''}`}
      style={{ transform: `translateY(${top}px)` }}
      role="row"
      aria-label={name}
      aria-level={depth + 1}
      aria-rowindex={position + 1}
      aria-expanded={below > 0 ? !isFolded : undefined}
      aria-selected={isActive}
    >
      <div
        className={`${styles.name} ${below > 0 ? '' : styles.leaf}`}
        role="gridcell"
        style={{ marginLeft: Math.min(depth, DEEPEST_INDENT) * INDENT_PX }}
      >
        {below > 0 && (
          <button
            type="button"
            tabIndex={-1}
            className={styles.fold}
            aria-label={
              isFolded
                ? t('waterfall.unfold', { count: below })
                : t('waterfall.fold')
            }
            onClick={event => {
              // A click on the row opens the span.
              event.stopPropagation();
              onFold(span.spanId, !isFolded);
            }}
          >
            <Chevron size={16} aria-hidden />
          </button>
        )}
        {span.error && (
          <RiCloseCircleFill
            size={14}
            className={styles.errorIcon}
            aria-hidden
          />
        )}
        <button
          type="button"
          tabIndex={-1}
          className={styles.open}
          title={name}
        >
          <strong>{span.service}</strong> {span.operation}
        </button>
      </div>
      <div className={styles.lane} role="gridcell">
        <span
          className={[
            styles.bar,
            span.critical && styles.critical,
            span.error && styles.error,
          ]
            .filter(Boolean)
            .join(' ')}
          style={{ left: `${left}%`, width: `${width}%` }}
        />
      </div>
      <div className={styles.duration} role="gridcell">
        {format.ms(span.durationMs)}
      </div>
    </div>
  );
}

/** One span: what it was, and when. While one scrolls, a row that stays visible is not drawn again. */
export const SpanBar = memo(Bar);

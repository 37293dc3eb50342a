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

interface SpanBarProps {
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
}

function nameOf(span: SpanRow['span'], t: Translate, format: Format): string {
  return [
    span.service,
    span.operation,
    format.ms(span.durationMs),
    span.error && t('waterfall.error'),
    span.critical && t('waterfall.critical'),
  ]
    .filter(Boolean)
    .join(', ');
}

function FoldButton(
  props: Pick<SpanBarProps, 'row' | 'isFolded' | 't' | 'onFold'>,
) {
  const { row, isFolded, t, onFold } = props;
  const Chevron = isFolded ? RiArrowRightSLine : RiArrowDownSLine;
  return (
    <button
      type="button"
      tabIndex={-1}
      className={styles.fold}
      aria-label={
        isFolded
          ? t('waterfall.unfold', { count: row.below })
          : t('waterfall.fold')
      }
      onClick={event => {
        // A click on the row opens the span.
        event.stopPropagation();
        onFold(row.span.spanId, !isFolded);
      }}
    >
      <Chevron size={16} aria-hidden />
    </button>
  );
}

function NameCell(
  props: Pick<SpanBarProps, 'row' | 'isFolded' | 't' | 'onFold'> & {
    name: string;
  },
) {
  const { row, name, ...fold } = props;
  const { span, depth, below } = row;
  return (
    <div
      className={`${styles.name} ${below > 0 ? '' : styles.leaf}`}
      role="gridcell"
      style={{ marginLeft: Math.min(depth, DEEPEST_INDENT) * INDENT_PX }}
    >
      {below > 0 && <FoldButton row={row} {...fold} />}
      {span.error && (
        <RiCloseCircleFill size={14} className={styles.errorIcon} aria-hidden />
      )}
      <button type="button" tabIndex={-1} className={styles.open} title={name}>
        <strong>{span.service}</strong> {span.operation}
      </button>
    </div>
  );
}

function Lane(props: Pick<SpanBarProps, 'row' | 'traceMs'>) {
  const { traceMs } = props;
  const { span } = props.row;
  const left = Math.min(100, Math.max(0, (span.startMs / traceMs) * 100));
  const width = Math.max(
    0.2,
    Math.min(100 - left, (span.durationMs / traceMs) * 100),
  );
  return (
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
  );
}

function Bar(props: SpanBarProps) {
  const { id, row, position, top, traceMs, isActive, isFolded } = props;
  const { t, format, onFold } = props;
  const { span, depth, below } = row;
  const name = nameOf(span, t, format);
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
      <NameCell
        row={row}
        name={name}
        isFolded={isFolded}
        t={t}
        onFold={onFold}
      />
      <Lane row={row} traceMs={traceMs} />
      <div className={styles.duration} role="gridcell">
        {format.ms(span.durationMs)}
      </div>
    </div>
  );
}

/** One span: what it was, and when. While one scrolls, a row that stays visible is not drawn again. */
export const SpanBar = memo(Bar);

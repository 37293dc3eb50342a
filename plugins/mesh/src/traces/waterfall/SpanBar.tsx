import { memo, type CSSProperties } from 'react';
import {
  RiArrowDownSLine,
  RiArrowRightSLine,
  RiCloseCircleFill,
  RiCloseCircleLine,
} from '@remixicon/react';
import { serviceNameIn, type TraceSpan } from '@meshdeck/plugin-mesh-common';
import type { Format } from '../../format';
import type { Translate } from '../../translations/useMeshTranslation';
import { spanWords } from '../requestWords';
import { SpanLane } from './SpanLane';
import type { SpanRow } from './spanRows';
import styles from './Waterfall.module.css';

const DEEPEST_INDENT = 8;

interface SpanBarProps {
  id: string;
  row: SpanRow;
  namespace: string;
  position: number;
  top: number;
  traceMs: number;
  isActive: boolean;
  isFolded: boolean;
  isMatch: boolean;
  /** The words of the page: looked up once, not by each row that scrolls into view. */
  t: Translate;
  format: Format;
  onFold: (rows: SpanRow[], isFolded: boolean) => void;
}

const FAILED = {
  first: 'waterfall.failedFirst',
  because: 'waterfall.failedBecause',
} as const;

function failureWords({ error, failed }: TraceSpan, t: Translate) {
  return error && t(failed ? FAILED[failed] : 'waterfall.error');
}

function nameOf(
  props: Pick<SpanBarProps, 'row' | 'namespace' | 'isMatch' | 't' | 'format'>,
): string {
  const { row, namespace, isMatch, t, format } = props;
  const { span, repeated } = row;
  const isCritical = (repeated?.spans ?? [span]).some(
    ({ critical }) => critical,
  );
  return [
    serviceNameIn(span.service, namespace),
    spanWords(span, namespace),
    repeated && t('waterfall.times', { count: repeated.spans.length }),
    repeated
      ? t('waterfall.together', { duration: format.ms(repeated.totalMs) })
      : format.ms(span.durationMs),
    failureWords(span, t),
    isCritical && t('waterfall.critical'),
    isMatch && t('waterfall.match'),
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
          ? t('waterfall.unfold', { count: row.spansBelow })
          : t('waterfall.fold')
      }
      onClick={event => {
        // A click on the row opens the span.
        event.stopPropagation();
        onFold([row], !isFolded);
      }}
    >
      <Chevron size={16} aria-hidden />
    </button>
  );
}

function NameCell(
  props: Pick<
    SpanBarProps,
    'row' | 'namespace' | 'isFolded' | 't' | 'onFold'
  > & { name: string },
) {
  const { row, namespace, name, ...fold } = props;
  const { span, repeated, depth, below } = row;
  const Failure =
    span.failed === 'because' ? RiCloseCircleLine : RiCloseCircleFill;
  return (
    <div
      className={`${styles.name} ${below > 0 ? '' : styles.leaf}`}
      role="gridcell"
      style={{ '--depth': Math.min(depth, DEEPEST_INDENT) } as CSSProperties}
    >
      {below > 0 && <FoldButton row={row} {...fold} />}
      {span.error && (
        <Failure
          size={14}
          className={
            span.failed === 'because' ? styles.mutedIcon : styles.errorIcon
          }
          aria-hidden
        />
      )}
      <button type="button" tabIndex={-1} className={styles.open} title={name}>
        <strong>{serviceNameIn(span.service, namespace)}</strong>{' '}
        {spanWords(span, namespace)}
        {repeated && ` ×${repeated.spans.length}`}
      </button>
    </div>
  );
}

function Bar(props: SpanBarProps) {
  const { id, row, namespace, position, top, traceMs } = props;
  const { isActive, isFolded, isMatch, t, format, onFold } = props;
  const { span, repeated, depth, below } = row;
  const name = nameOf(props);
  return (
    <div
      id={id}
      className={[
        styles.row,
        isActive && styles.active,
        isMatch && styles.match,
      ]
        .filter(Boolean)
        .join(' ')}
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
        namespace={namespace}
        name={name}
        isFolded={isFolded}
        t={t}
        onFold={onFold}
      />
      <SpanLane row={row} traceMs={traceMs} t={t} />
      <div className={styles.duration} role="gridcell">
        {format.ms(repeated?.totalMs ?? span.durationMs)}
      </div>
    </div>
  );
}

/** One span: what it was, and when. While one scrolls, a row that stays visible is not drawn again. */
export const SpanBar = memo(Bar);

import {
  failureCode,
  responseFlags,
  spanRequest,
  type TraceSpan,
} from '@meshdeck/plugin-mesh-common';
import type { Translate } from '../../translations/useMeshTranslation';
import type { SpanRow } from './spanRows';
import styles from './Waterfall.module.css';

/** More bars in one row cannot be told apart. */
const MOST_BARS = 100;
/** Behind this place there is more room before a bar than after it. */
const MIDDLE_PERCENT = 60;

function placeOf({ startMs, durationMs }: TraceSpan, traceMs: number) {
  const left = Math.min(100, Math.max(0, (startMs / traceMs) * 100));
  const width = Math.max(
    0.2,
    Math.min(100 - left, (durationMs / traceMs) * 100),
  );
  return { left, width };
}

function Bar(props: { span: TraceSpan; traceMs: number }) {
  const { span, traceMs } = props;
  const { left, width } = placeOf(span, traceMs);
  return (
    <span
      className={[
        styles.bar,
        span.critical && styles.critical,
        span.error && styles.error,
        span.failed === 'because' && styles.because,
      ]
        .filter(Boolean)
        .join(' ')}
      style={{ left: `${left}%`, width: `${width}%` }}
    />
  );
}

/** Beside the bar, where there is more room. */
function FirstFailure(props: {
  span: TraceSpan;
  traceMs: number;
  t: Translate;
}) {
  const { span, traceMs, t } = props;
  const { left, width } = placeOf(span, traceMs);
  const { status } = spanRequest(span.tags);
  const code = failureCode({ status, flags: responseFlags(span.tags) });
  return (
    <span
      className={styles.first}
      style={
        left + width < MIDDLE_PERCENT
          ? { left: `${left + width}%` }
          : { right: `${100 - left}%` }
      }
    >
      {[t('waterfall.failedFirst'), code].filter(Boolean).join(' ')}
    </span>
  );
}

/** When a span was, or several of a kind were, and which failed first. */
export function SpanLane(props: {
  row: SpanRow;
  traceMs: number;
  t: Translate;
}) {
  const { row, traceMs, t } = props;
  const { span, repeated } = row;
  const spans = (repeated?.spans ?? [span]).slice(0, MOST_BARS);
  return (
    <div className={styles.lane} role="gridcell">
      {spans.map(each => (
        <Bar key={each.spanId} span={each} traceMs={traceMs} />
      ))}
      {span.failed === 'first' && (
        <FirstFailure span={spans[spans.length - 1]} traceMs={traceMs} t={t} />
      )}
    </div>
  );
}
